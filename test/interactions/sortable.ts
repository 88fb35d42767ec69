import fc from 'fast-check';

/** What resources are ordered by: numbers by size, texts by their bytes. */
export type Key = string | number;

/** What a resource is sorted by, upwards and downwards; none where it has no value. */
interface Ends {
  readonly lowest: Key;
  readonly highest: Key;
}

/** A resource that is stored, beside its values as a person would list them. */
export interface Known {
  readonly id: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, readonly Ends[]>>;
}

const point = (key: Key): Ends => ({ lowest: key, highest: key });
const UCUM = 'http://unitsofmeasure.org';

/** Each written form beside the value that it stands for. */
type Written = readonly [written: unknown, value: Ends];

const CODES = ['a', 'B', 'c10', 'c9', 'é'].map((code): Written => [{ system: 'http://e.org/s', code }, point(code)]);
const PEOPLE = ['Patient/p1', 'Patient/p10', 'Patient/p2', 'Group/g'].map(
  (reference): Written => [{ reference }, point(reference)],
);
const CARERS = ['Practitioner/x', 'Organization/y', 'Practitioner/z'].map(
  (reference): Written => [{ reference }, point(reference)],
);
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const DATES: readonly Written[] = [
  [{ effectiveDateTime: '2020' }, { lowest: day('2020-01-01'), highest: day('2021-01-01') - 1 }],
  [{ effectiveDateTime: '2020-06' }, { lowest: day('2020-06-01'), highest: day('2020-07-01') - 1 }],
  [{ effectiveDateTime: '2020-06-15' }, { lowest: day('2020-06-15'), highest: day('2020-06-16') - 1 }],
  [{ effectiveDateTime: '1969-12-31T23:00:00-02:00' }, { lowest: 3_600_000, highest: 3_600_999 }],
  [
    { effectivePeriod: { start: '2019-01-01', end: '2020-12-31' } },
    { lowest: day('2019-01-01'), highest: day('2021-01-01') - 1 },
  ],
];
const WEIGHTS = (
  [
    [2, 'kg'],
    [500, 'g'],
    [1.5, 'kg'],
    [-3, 'g'],
    [750.5, 'g'],
  ] as const
).map(
  ([value, code]): Written => [{ value, unit: code, system: UCUM, code }, point(code === 'kg' ? value * 1000 : value)],
);
const URIS = ['http://e.org/a', 'http://e.org/B', 'urn:oid:1.2'].map((uri): Written => [uri, point(uri)]);
const NAMES: readonly Written[] = [
  ['Zoë', point('zoe')],
  ['Émile', point('emile')],
  ['emilia', point('emilia')],
  ['  Anna   Maria ', point('anna maria')],
  ['10', point('10')],
];
const NUMBERS = [0.1, 0.25, 1, 0, 0.0009].map((value): Written => [value, point(value)]);

const some = (from: readonly Written[], most: number) => fc.uniqueArray(fc.constantFrom(...from), { maxLength: most });
const written = (chosen: readonly Written[]): readonly unknown[] => chosen.map(([form]) => form);
const values = (chosen: readonly Written[]): readonly Ends[] => chosen.map(([, value]) => value);
/** The member where it has something to hold. */
const list = (name: string, chosen: readonly Written[]) => (chosen.length > 0 ? { [name]: written(chosen) } : {});
const one = (name: string, [first]: readonly Written[]) => (first === undefined ? {} : { [name]: first[0] });

const nonEmpty = (name: string, element: object) => (Object.keys(element).length > 0 ? { [name]: element } : {});

interface Kind {
  readonly type: string;
  readonly params: readonly string[];
  readonly make: fc.Arbitrary<Omit<Known, 'id'>>;
}

const OBSERVATIONS: Kind = {
  type: 'Observation',
  params: [
    '_tag',
    '_security',
    '_source',
    '_profile',
    'code',
    'identifier',
    'subject',
    'performer',
    'date',
    'value-quantity',
  ],
  make: fc
    .record({
      tag: some(CODES, 2),
      security: some(CODES, 2),
      source: some(URIS, 1),
      profile: some(URIS, 2),
      code: some(CODES, 2),
      identifier: some(CODES, 2),
      subject: some(PEOPLE, 1),
      performer: some(CARERS, 2),
      date: some(DATES, 1),
      weight: some(WEIGHTS, 1),
    })
    .map((of) => ({
      resource: {
        status: 'final',
        ...nonEmpty('meta', {
          ...list('profile', of.profile),
          ...list('tag', of.tag),
          ...list('security', of.security),
          ...one('source', of.source),
        }),
        code: of.code.length > 0 ? { coding: written(of.code) } : { text: 'in words alone' },
        ...(of.identifier.length > 0 && {
          identifier: of.identifier.map(([, { lowest }]) => ({ system: 'http://e.org/i', value: lowest })),
        }),
        ...one('subject', of.subject),
        ...list('performer', of.performer),
        ...Object.assign({}, ...written(of.date)),
        ...one('valueQuantity', of.weight),
      },
      values: {
        _tag: values(of.tag),
        _security: values(of.security),
        _source: values(of.source),
        _profile: values(of.profile),
        code: values(of.code),
        identifier: values(of.identifier),
        subject: values(of.subject),
        performer: values(of.performer),
        date: values(of.date),
        'value-quantity': values(of.weight),
      },
    })),
};

const PATIENTS: Kind = {
  type: 'Patient',
  params: ['family', 'given', 'active', 'organization'],
  make: fc
    .record({
      family: some(NAMES, 1),
      given: some(NAMES, 3),
      active: some(
        [
          [true, point('true')],
          [false, point('false')],
        ],
        1,
      ),
    })
    .map(({ family, given, active }) => ({
      resource: {
        name: [{ use: 'official', ...one('family', family), ...list('given', given) }],
        ...one('active', active),
      },
      values: { family: values(family), given: values(given), active: values(active) },
    })),
};

const RISKS: Kind = {
  type: 'RiskAssessment',
  params: ['probability', 'subject'],
  make: fc.record({ probability: some(NUMBERS, 3), subject: fc.constantFrom(...PEOPLE) }).map((of) => ({
    resource: {
      status: 'final',
      subject: of.subject[0],
      ...(of.probability.length > 0 && {
        prediction: of.probability.map(([probabilityDecimal]) => ({ probabilityDecimal })),
      }),
    },
    values: { probability: values(of.probability), subject: values([of.subject]) },
  })),
};

const VALUE_SETS: Kind = {
  type: 'ValueSet',
  params: ['url', 'status', 'version'],
  make: fc.record({ url: some(URIS, 1), version: some(CODES, 1) }).map(({ url, version }) => ({
    resource: {
      status: 'draft',
      ...one('url', url),
      ...(version[0] !== undefined && { version: version[0][1].lowest }),
    },
    values: { url: values(url), status: [point('draft')], version: values(version) },
  })),
};

/** Between them every type of search parameter that has an order. */
export const KINDS: readonly Kind[] = [OBSERVATIONS, PATIENTS, RISKS, VALUE_SETS];
