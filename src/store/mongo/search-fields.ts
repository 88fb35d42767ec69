import type { Draft } from '../store.ts';
import type { IndexValue, ReferenceValue, TokenValue } from '../../search/index-values.ts';
import type { ComponentEntry, GroupEntry, SearchFields } from './documents.ts';
import { type Dated, datedPath, forms, type Hash, SPANS } from './hashes.ts';
import { type ParamForms, paramForms } from './param-forms.ts';
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

function collectToken(hash: Hash, type: string, value: TokenValue, own: ParamForms, into: Collected): void {
  const { param, system, code } = value;
  if (code !== null) {
    const [alone, withSystem] = own.code(system, code);
    into.key.add(alone);
    into.full.add(withSystem);
  }
  into.full.add(own.system(system));
  for (const coding of code === null ? [] : (value.ofType ?? [])) {
    into.key.add(hash(forms.ofType(type, param, coding.code, code ?? '')));
    into.full.add(hash(forms.ofTypeSystem(param, coding.system, coding.code, code ?? '')));
  }
  if (value.text !== undefined) into.entry.str.push({ p: own.texts, f: value.text });
}

function collectReference(hash: Hash, type: string, value: ReferenceValue, own: ParamForms, into: Collected): void {
  const { param, id, version, url, identifier } = value;
  if (id !== null) {
    // References to a patient are found by the patient's own paths, not one by one.
    const [byId, typed] = own.target(value.type ?? '', id);
    if (value.type === 'Patient') into.full.add(byId);
    else into.key.add(byId);
    if (value.type !== null) into.full.add(typed);
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
  const own = paramForms(hash, type, param);
  into.full.add(own.present(value.kind));
  const p = own.values;
  switch (value.kind) {
    case 'token':
      collectToken(hash, type, value, own, into);
      return;
    case 'reference':
      collectReference(hash, type, value, own, into);
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
      if (value.system !== null) units.add(hash(forms.unitSystem(value.system)));
      if (value.unit !== null) units.add(hash(forms.unit(value.unit)));
      into.entry.num.push({ p, v: value.value, l: value.low, h: value.high, u: [...units] });
      if (value.canonical) {
        const { unit, value: v, low: l, high: h } = value.canonical;
        into.entry.num.push({ p: own.canonical, v, l, h, u: [hash(forms.unit(unit))] });
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
    p: paramForms(hash, type, param).values,
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
      all.key.add(paramForms(hash, type, value.param).code(value.system, value.code)[0]);
    if (value.group !== undefined) {
      // `:missing` asks for the first component.
      if (value.param.endsWith('$0')) all.full.add(paramForms(hash, type, value.param).present(value.kind));
      continue;
    }
    if (value.kind === 'date' && value.param === MAIN_DATE) dates.push({ l: value.low, h: value.high });
    if (value.kind === 'reference' && value.type !== null && value.id !== null) {
      const t = `${value.type}/${value.id}`;
      links.set(`${value.param} ${t}`, { p: paramForms(hash, type, value.param).values, t });
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
        ? [{ p: paramForms(hash, type, v.param).values, c: v.code }]
        : [],
    ),
  };
}
