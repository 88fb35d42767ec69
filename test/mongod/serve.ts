import { describeMongod, locateMongod } from './locate.ts';
import { startReplicaSet } from './replica-set.ts';

const members = Number(process.argv[2] ?? 1);
if (![1, 3, 5].includes(members)) throw new Error('usage: npm run mongo [-- 1|3|5], the number of members');

const found = await locateMongod();
console.log(describeMongod(found));
if (found.kind !== 'binary') {
  if (found.kind === 'uri') console.log(`DATABASE_URL=${found.uri}`);
  process.exit(found.kind === 'uri' ? 0 : 1);
}
const set = await startReplicaSet(found.path, members);
console.log(`A throw-away replica set of ${members} is running; its data goes when it stops (Ctrl-C).`);
console.log(`DATABASE_URL='${set.url('novamind')}'`);

const keepAlive = setInterval(() => undefined, 60_000);
const stop = (): void => {
  clearInterval(keepAlive);
  void set.stop().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
