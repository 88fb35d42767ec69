import type { Material, Parameter } from './material.ts';
import { oddText, percentEncoded } from './odd-values.ts';
import type { Random } from './random.ts';

const PREFIXES = ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap', 'xx'];
const MODIFIERS = [
  'missing',
  'exact',
  'contains',
  'text',
  'not',
  'above',
  'below',
  'in',
  'not-in',
  'of-type',
  'identifier',
  'iterate',
  'Patient',
  'bogus',
  '',
];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  token: ['final', 'http://loinc.org|8867-4', '|x', 'http://loinc.org|', 'true', 'urn:oid:1.2|a\\,b', 'male'],
  string: ['a', 'Müller', 'peter james', 'x\\,y', 'ß'],
  date: ['2026', '2015-02', '2015-02-07', '2015-02-07T13:28:17+02:00', '2015-02-07T13:28', '2015-02-30'],
  number: ['100', '0.10', '1e2', '-5', '100.00', '1e308'],
  quantity: ['5.4|http://unitsofmeasure.org|mg', '5.4||mg', '60', '1e2|http://unitsofmeasure.org|g', '1|x|%'],
  reference: ['Patient/example', 'example', 'http://x.test/Patient/1', 'Patient/p1/_history/1', 'urn:uuid:1', '#a'],
  uri: ['http://hl7.org/fhir/ValueSet/x', 'urn:oid:1.2.3', 'http://loinc.org/'],
  composite: ['http://loinc.org|8480-6$gt100', 'a$b', '8867-4$lt5.4||mg', 'a$b$c', '$'],
  special: ['-83.69|42.25|11.2|km', '0|0', 'a'],
};
const SPECIALS: readonly Parameter[] = [
  { name: '_id', type: 'token' },
  { name: '_lastUpdated', type: 'date' },
  { name: '_tag', type: 'token' },
  { name: '_profile', type: 'uri' },
  { name: '_security', type: 'token' },
  { name: '_source', type: 'uri' },
  { name: '_text', type: 'string' },
  { name: '_content', type: 'string' },
  { name: '_list', type: 'string' },
  { name: '_type', type: 'token' },
];
const FILTERS = [
  'name co "a"',
  'status eq final and not (date ge 2020)',
  '_id eq a or (_id eq b and (_lastUpdated ge 2020))',
  'subject:Patient.name sw "p"',
  'subject[name co "x"].birthdate ge 1970',
  'code in http://loinc.org/vs',
  'birthdate pr true',
  'name eq "',
  `${'('.repeat(33)}_id eq a${')'.repeat(33)}`,
  `_id eq a${' or _id eq b'.repeat(2000)}`,
  `${'not ('.repeat(3000)}`,
];

/** One search value of a type, escaped for a query, now and then of another type or of none. */
function value(random: Random, type: string): string {
  if (random.chance(0.12)) return escaped(random, oddText(random));
  const known = VALUES[random.chance(0.1) ? random.pick(Object.keys(VALUES)) : type] ?? ['a'];
  const one = (): string => `${random.pick(PREFIXES).repeat(isOrdered(type) ? 1 : 0)}${random.pick(known)}`;
  if (random.chance(0.003))
    return encodeURIComponent(Array.from({ length: 10_000 }, (_, n) => `${one()}${n}`).join()).slice(0, 15_000);
  return encodeURIComponent(random.several(1, 3, one).join(','));
}
const isOrdered = (type: string): boolean => type === 'date' || type === 'number' || type === 'quantity';

/** Percent-encoded, or left as it is where a URL can hold it. */
function escaped(random: Random, text: string): string {
  if (random.chance(0.1) && /^[!-~]{1,100}$/.test(text)) return text;
  return percentEncoded(text).slice(0, random.chance(0.1) ? 15_000 : 3000);
}

function name(random: Random, material: Material, type: string, depth = 0): readonly [name: string, type: string] {
  if (random.chance(0.03)) return [escaped(random, oddText(random)), 'string'];
  const own = random.chance(0.2) ? SPECIALS : (material.parameters.get(type) ?? SPECIALS);
  const parameter = random.pick(own.length > 0 ? own : SPECIALS);
  if (random.chance(0.08) && depth < 6) {
    const other = random.pick(material.types);
    const link = random.pick(material.parameters.get(other) ?? SPECIALS);
    const [inner, innerType] = name(random, material, other, depth + 1);
    return [`_has:${other}:${link.name}:${inner}`, innerType];
  }
  if (parameter.type === 'reference' && random.chance(0.4) && depth < 6) {
    const target = random.pick(material.types);
    const [inner, innerType] = name(random, material, target, depth + 1);
    return [`${parameter.name}${random.chance(0.5) ? `:${target}` : ''}.${inner}`, innerType];
  }
  return random.chance(0.25)
    ? [`${parameter.name}:${random.pick(MODIFIERS)}`, parameter.type]
    : [parameter.name, parameter.type];
}

function resultParameter(random: Random, material: Material, type: string): string {
  const parameter = (): string => random.pick(material.parameters.get(type) ?? SPECIALS).name;
  const odd = (): string => escaped(random, oddText(random));
  const include = (): string => (random.chance(0.1) ? '*' : random.pick(material.includes));
  const made = random.pick<() => string>([
    () => `_count=${random.pick(['0', '1', '3', '50', '1000', '99999999999', '-1', '1e3', odd()])}`,
    () => `_sort=${random.several(1, 3, () => `${random.pick(['', '-', '--'])}${parameter()}`).join(',')}`,
    () => `_include${random.pick(['', ':iterate', ':recurse', ':x'])}=${include()}`,
    () => `_revinclude${random.pick(['', ':iterate', ':x'])}=${include()}`,
    () => '_include:iterate=*&_revinclude:iterate=*',
    () => `_summary=${random.pick(['true', 'text', 'data', 'count', 'false', odd()])}`,
    () => `_elements=${random.pick(['id', 'status,code', 'a.b', '__proto__', odd()])}`,
    () => `_total=${random.pick(['none', 'estimate', 'accurate', odd()])}`,
    () => `_format=${random.pick(['json', 'xml', 'html', 'application/fhir+json', 'ttl', odd()])}`,
    () => `_pretty=${random.pick(['true', 'false', odd()])}`,
    () => `_contained=${random.pick(['true', 'both', 'false', odd()])}&_containedType=container`,
    () => `_filter=${random.chance(0.8) ? encodeURIComponent(random.pick(FILTERS)) : odd()}`,
    () => `_page=${tampered(random, random.pick(material.cursors))}`,
    () => `_type=${random.several(1, 3, () => random.pick(material.types)).join(',')}`,
    () => `__explain=${random.pick(['true', odd()])}`,
    () => `_since=${random.pick(['2020', '2026-01-01T00:00:00Z', odd()])}`,
    () => `_at=${random.pick(['2026', 'ge2026-01-01', odd()])}`,
  ]);
  return made();
}

/** A page link as it was given out, or with a letter changed, cut or added. */
function tampered(random: Random, cursor: string): string {
  const at = random.below(cursor.length);
  return random.pick([
    cursor,
    `${cursor.slice(0, at)}${random.pick(['A', '_', '', '%00', '='])}${cursor.slice(at + 1)}`,
    cursor.slice(0, at),
    `${cursor}AAAA`,
    escaped(random, oddText(random)),
  ]);
}

/** The query of a search of the type, without its `?`. */
export function searchQuery(random: Random, material: Material, type: string): string {
  if (random.chance(0.002)) return Array.from({ length: 700 }, (_, n) => `_tag=${n}`).join('&');
  const criteria = random.several(0, 3, () => {
    const [code, of] = name(random, material, type);
    return `${code}=${value(random, of)}`;
  });
  const shape = random.several(0, 2, () => resultParameter(random, material, type));
  return [...criteria, ...shape].join('&');
}

/** The query of a history, without its `?`. */
export const historyQuery = (random: Random): string =>
  random
    .several(0, 2, () =>
      random.pick([
        `_since=${random.pick(['2020', '2026-01-01T00:00:00Z', percentEncoded(oddText(random)).slice(0, 3000)])}`,
        `_at=${random.pick(['2026', 'ge2026-01-01', percentEncoded(oddText(random)).slice(0, 3000)])}`,
        `_count=${random.pick(['0', '1', '50', '-1', '99999999999'])}`,
        `_sort=${random.pick(['_lastUpdated', '-_lastUpdated', 'none', 'x'])}`,
      ]),
    )
    .join('&');
