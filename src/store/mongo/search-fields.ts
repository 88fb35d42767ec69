import type { Draft } from '../store.ts';
import type { IndexValue, ReferenceValue, TokenValue } from '../../search/index-values.ts';
import type { ComponentEntry, GroupEntry, SearchFields } from './documents.ts';
import { type Dated, datedPath, forms, type Hash, SPANS } from './hashes.ts';
import { textCode, textDocument } from './texts.ts';

/** Token parameters that get an index path below the patient: what clinical queries combine with one. */
export const BELOW_PATIENT: ReadonlySet<string> = new Set(['code', 'category', 'type']);
/** The date parameter that lists are sorted by. */
export const MAIN_DATE = 'date';

interface Collected {
  readonly key: Set<number>;
  readonly full: Set<number>;
  readonly entry: {
    str: ComponentEntry['str'][number][];
    dat: ComponentEntry['dat'][number][];
    num: ComponentEntry['num'][number][];
  };
}
const collected = (): Collected => ({ key: new Set(), full: new Set(), entry: { str: [], dat: [], num: [] } });

function collectToken(hash: Hash, type: string, value: TokenValue, into: Collected): void {
  const { param, system, code } = value;
  if (code !== null) {
    into.key.add(hash(forms.code(type, param, code)));
    into.full.add(hash(forms.systemCode(param, system, code)));
  }
  into.full.add(hash(forms.system(param, system)));
  for (const coding of code === null ? [] : (value.ofType ?? [])) {
    into.key.add(hash(forms.ofType(type, param, coding.code, code ?? '')));
    into.full.add(hash(forms.ofTypeSystem(param, coding.system, coding.code, code ?? '')));
  }
  if (value.text !== undefined) into.entry.str.push({ p: hash(forms.texts(type, param)), f: value.text });
}

function collectReference(hash: Hash, type: string, value: ReferenceValue, into: Collected): void {
  const { param, id, version, url, identifier } = value;
  if (id !== null) {
    // References to a patient are found by the patient's own paths, not one by one.
    if (value.type === 'Patient') into.full.add(hash(forms.referenceId(type, param, id)));
    else into.key.add(hash(forms.referenceId(type, param, id)));
    if (value.type !== null) into.full.add(hash(forms.reference(param, value.type, id)));
    if (version !== null) {
      into.full.add(hash(forms.referenceVersion(param, value.type, id, version)));
      into.full.add(hash(forms.referenceVersion(param, null, id, version)));
    }
  }
  if (value.type !== null) into.full.add(hash(forms.referenceType(param, value.type)));
  if (url !== null) into.key.add(hash(forms.url(type, param, url)));
  if (identifier) {
    if (identifier.value !== null) into.key.add(hash(forms.identifierValue(type, param, identifier.value)));
    into.full.add(hash(forms.identifier(param, identifier.system, identifier.value)));
    into.full.add(hash(forms.identifierSystem(param, identifier.system)));
  }
}

function collect(hash: Hash, type: string, value: IndexValue, into: Collected): void {
  const { param } = value;
  into.full.add(hash(forms.present(param, value.kind)));
  const p = hash(forms.values(type, param));
  switch (value.kind) {
    case 'token':
      collectToken(hash, type, value, into);
      return;
    case 'reference':
      collectReference(hash, type, value, into);
      return;
    case 'string':
      into.entry.str.push({ p, f: value.folded, x: value.exact });
      return;
    case 'uri':
      into.entry.str.push({ p, f: value.value });
      return;
    case 'date':
      into.entry.dat.push({ p, l: value.low, h: value.high });
      return;
    case 'number':
      into.entry.num.push({ p, v: value.value, l: value.low, h: value.high });
      return;
    case 'quantity': {
      const units = new Set<number>();
      if (value.code !== null) {
        units.add(hash(forms.unit(value.code)));
        units.add(hash(forms.systemUnit(value.system, value.code)));
      }
      if (value.unit !== null) units.add(hash(forms.unit(value.unit)));
      into.entry.num.push({ p, v: value.value, l: value.low, h: value.high, u: [...units] });
      if (value.canonical) {
        const { unit, value: v, low: l, high: h } = value.canonical;
        into.entry.num.push({ p: hash(forms.canonical(type, param)), v, l, h, u: [hash(forms.unit(unit))] });
      }
      return;
    }
    case 'fulltext':
      into.key.add(hash(forms.code(type, param, textCode(textDocument(hash, value.words)._id))));
      return;
    default:
      value satisfies never;
  }
}

/** One entry for each group of each composite parameter, so that its components can be asked of one element. */
function groupEntries(hash: Hash, type: string, values: readonly IndexValue[]): GroupEntry[] {
  const groups = new Map<string, { param: string; components: Collected[] }>();
  for (const value of values) {
    if (value.group === undefined) continue;
    const at = value.param.lastIndexOf('$');
    const param = value.param.slice(0, at);
    const n = Number(value.param.slice(at + 1));
    const name = `${param} ${value.group}`;
    const group = groups.get(name) ?? { param, components: [] };
    groups.set(name, group);
    for (let i = group.components.length; i <= n; i++) group.components.push(collected());
    const component = group.components[n];
    if (component) collect(hash, type, value, component);
  }
  return [...groups.values()].map(({ param, components }) => ({
    p: hash(forms.values(type, param)),
    c: components.map((c) => ({ full: [...c.full, ...c.key], ...c.entry })),
  }));
}

function patientPaths(hash: Hash, type: string, values: readonly IndexValue[], dated: Dated): number[] {
  const patients = new Set(
    values.flatMap((v) => (v.kind === 'reference' && v.type === 'Patient' && v.id ? [v.id] : [])),
  );
  const codes = values.filter(
    (v): v is TokenValue => v.kind === 'token' && BELOW_PATIENT.has(v.param) && v.group === undefined,
  );
  const paths = new Set<string>();
  for (const patient of patients) {
    paths.add(forms.patient(type, patient));
    for (const { param, code } of codes) if (code !== null) paths.add(forms.patientCode(type, patient, param, code));
  }
  return [...paths].map((path) => hash(datedPath(path, dated)));
}

function datedAs(dates: readonly { l: number; h: number }[]): Dated {
  const [date] = dates;
  if (dates.length > 1 || !date) return date ? 'many' : 'open';
  const span = date.h - date.l;
  return span <= SPANS.moment ? 'moment' : span <= SPANS.day ? 'day' : 'open';
}

/** Everything that a draft is found by, as stored beside its body. */
export function searchFields(hash: Hash, draft: Draft): SearchFields {
  const { type, values } = draft;
  const all = collected();
  const dates: { l: number; h: number }[] = [];
  const links = new Map<string, { p: number; t: string }>();
  for (const value of values) {
    // Components stand alone nowhere: only their group's entry is searched, and its start is indexed.
    if (value.group === undefined) collect(hash, type, value, all);
    else if (value.kind === 'token' && value.code !== null)
      all.key.add(hash(forms.code(type, value.param, value.code)));
    if (value.group !== undefined) {
      // `:missing` asks for the first component.
      if (value.param.endsWith('$0')) all.full.add(hash(forms.present(value.param, value.kind)));
      continue;
    }
    if (value.kind === 'date' && value.param === MAIN_DATE) dates.push({ l: value.low, h: value.high });
    if (value.kind === 'reference' && value.type !== null && value.id !== null) {
      const t = `${value.type}/${value.id}`;
      links.set(`${value.param} ${t}`, { p: hash(forms.values(type, value.param)), t });
    }
  }
  return {
    key: [...all.key],
    pkey: patientPaths(hash, type, values, datedAs(dates)),
    full: [...all.full, ...all.key],
    ...(dates.length > 0 && {
      date: Math.min(...dates.map((d) => d.l)),
      dateEnd: Math.max(...dates.map((d) => d.h)),
    }),
    ...all.entry,
    grp: groupEntries(hash, type, values),
    links: [...links.values()],
    codes: values.flatMap((v) =>
      v.kind === 'token' && v.code !== null && v.group === undefined
        ? [{ p: hash(forms.values(type, v.param)), c: v.code }]
        : [],
    ),
  };
}
