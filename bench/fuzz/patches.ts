import type { JsonObject } from '../../src/fhir/resource.ts';
import { oddText } from './odd-values.ts';
import type { Random } from './random.ts';

const POINTERS = [
  '',
  '/',
  '/id',
  '/name',
  '/name/0',
  '/name/-',
  '/name/99',
  '/active',
  '/status',
  '/meta',
  '/x/y',
  '/__proto__/a',
  '/constructor/prototype',
  '/a~1b~0',
  '/name/00',
  'x',
  '/resourceType',
];
const JSON_VALUES: readonly unknown[] = [
  true,
  null,
  1,
  'final',
  [],
  {},
  { family: 'B' },
  [{ family: 'B' }],
  { __proto__x: 1 },
];

/** A JSON Patch (RFC 6902). */
export const jsonPatchOf = (random: Random): string =>
  JSON.stringify(
    random.several(0, 4, () => ({
      op: random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'bogus']),
      path: random.chance(0.1) ? oddText(random) : random.pick(POINTERS),
      from: random.pick(POINTERS),
      value: random.pick(JSON_VALUES),
    })),
  );

const PATHS = [
  'Patient.name[0]',
  'Patient.active',
  'Patient',
  'Observation.status',
  "Patient.name.where(family.matches('(a+)+$'))",
  "Patient.name.where(family.matches('^(([a-z])+.)+[A-Z]([a-z])+$'))",
  'Patient.name.family.replaceMatches(\'(.*)*x\', "y")',
  'Patient.descendants().descendants()',
  'Patient.repeat(children()).repeat(children())',
  "iif(true, Patient.name, 'x')",
  '1 / 0',
  '2.power(100000)',
  "'a'.toQuantity()",
  '9223372036854775807 + 1',
  '@2015-02-30',
  "@2015 + 100000000 'years'",
  "'x'.substring(-1)",
  'resolve()',
  '%resource',
  '%unknown',
  '$this',
  '$total',
  '{}',
  '(1 | 2 | 3).aggregate($this + $total, 0)',
  `${'('.repeat(2000)}1${')'.repeat(2000)}`,
  `Patient${'.name'.repeat(5000)}`,
  `1${' + 1'.repeat(5000)}`,
  `${'-'.repeat(3000)}1`,
  `'a'${".replace('a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')".repeat(8)}`,
  "Patient.name.trace('x')",
  'Patient.`name`',
  'Patient.name.ofType(__proto__)',
  'Patient.constructor',
  "name.given.select($this.toChars().join(''))",
  'type().name',
  "conformsTo('http://x')",
  "memberOf('http://x')",
  'now() + 1 year',
  'a.b.c(',
  "'\\u0000'",
];

/** A FHIRPath expression as clients send them in patches and search parameters. */
export const fhirPathOf = (random: Random): string => (random.chance(0.15) ? oddText(random) : random.pick(PATHS));

/** A FHIRPath Patch (fhirpatch.html). */
export function fhirPathPatchOf(random: Random): string {
  const parameter = random.several(
    0,
    3,
    (): JsonObject => ({
      name: random.pick(['operation', 'operation', 'operation', 'x']),
      part: [
        { name: 'type', valueCode: random.pick(['add', 'insert', 'delete', 'replace', 'move', 'bogus']) },
        { name: 'path', valueString: fhirPathOf(random) },
        {
          name: 'name',
          valueString: random.pick(['active', 'name', 'value', '__proto__', 'constructor', oddText(random)]),
        },
        ...random.pick<readonly JsonObject[]>([
          [],
          [{ name: 'value', valueBoolean: true }],
          [{ name: 'value', valueHumanName: { family: 'C' } }],
          [
            {
              name: 'value',
              part: [
                { name: '__proto__', valueString: 'x' },
                { name: 'family', valueString: oddText(random) },
              ],
            },
          ],
          [{ name: 'value' }],
          [{ name: 'value', valueDecimal: 0.1 }],
        ]),
        { name: 'index', valueInteger: random.pick([0, 1, -1, 2_147_483_648, 0.5]) },
        { name: 'source', valueInteger: random.pick([0, 1, -1, 99]) },
        { name: 'destination', valueInteger: random.pick([0, 1, -1, 99]) },
      ],
    }),
  );
  return JSON.stringify({ resourceType: 'Parameters', parameter });
}

const SELECTORS = [
  '/f:Patient/f:active/@value',
  'Patient/name',
  '*/name[1]',
  '/Patient/*',
  '/Patient/text()',
  '//x',
  '/a[',
  '@value',
  '',
  "/Patient/name[family='x']",
  'Patient/name[-1]',
  'Patient/name[99999999999]',
  'id("a")',
  '/Patient/name/family/@value',
];

/** An XML Patch (RFC 5261). */
export const xmlPatchOf = (random: Random): string =>
  `<diff xmlns:f="http://hl7.org/fhir" xmlns="${random.pick(['', 'http://hl7.org/fhir', 'urn:x'])}">${random
    .several(0, 3, () => {
      const verb = random.pick(['add', 'replace', 'remove', 'x']);
      const selector = random.pick(SELECTORS).replaceAll('"', '&quot;').replaceAll('<', '&lt;');
      const extra = random.pick([
        '',
        ' type="@value"',
        ' pos="before"',
        ' pos="prepend"',
        ' type="namespace::x"',
        ' ws="both"',
      ]);
      return `<${verb} sel="${selector}"${extra}>${random.pick(['', 'true', '<f:name><f:family value="D"/></f:name>', '<active value="true"/>', 'x<a/>'])}</${verb}>`;
    })
    .join('')}</diff>`;
