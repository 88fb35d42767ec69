// npm run mongo: a throw-away local replica set to try the production store with.
import { importBundled } from './bundled.mjs';

await importBundled('test/mongod/serve.ts');
