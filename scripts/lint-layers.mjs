// Runs dependency-cruiser over the layers and makes sure that it looked: a parser that finds nothing also reports no violation.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { output } = await cruise(
  ['src', 'operations'],
  { ...options, ruleSet: { forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const files = ['src', 'operations'].flatMap((folder) =>
  readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.ts')),
).length;
const own = output.modules.filter(({ source }) => /^(src|operations)\/.*\.ts$/.test(source));
const arrows = own.reduce((n, { dependencies }) => n + dependencies.length, 0);
for (const { rule, from, to } of output.summary.violations)
  console.error(`${rule.severity} ${rule.name}: ${from} → ${to}`);
if (own.length < files * 0.95 || arrows < files) {
  console.error(`looked at ${own.length} of ${files} modules and ${arrows} imports: the check did not see the tree`);
  process.exit(1);
}
console.log(`layers: ${own.length} modules, ${arrows} imports, ${output.summary.error} violations`);
process.exit(output.summary.error > 0 ? 1 : 0);
