import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { ElementDefinition, Registry, ValueSetCodes } from '../registry.ts';
import { isLanguageTag } from './language-tag.ts';
import { nearestName } from './nearest-name.ts';
import type { Check, Run } from './run.ts';

type Binding = NonNullable<ElementDefinition['binding']>;

/** Types whose values carry codes. */
const CODED = new Set([
  'code',
  'Coding',
  'CodeableConcept',
  'Quantity',
  'string',
  'uri',
  'Age',
  'Duration',
  'Count',
  'Distance',
]);

/** Comparing a code with every code of a large set is not worth its time. */
const MOST_COMPARED = 1000;

const choices = (set: ValueSetCodes, code: unknown): string => {
  const all = [...set.codes.values()].flatMap((codes) => [...codes]);
  if (all.length <= 20) return `one of ${all.join(', ')}`;
  const near = typeof code === 'string' && all.length <= MOST_COMPARED ? nearestName(code, all) : undefined;
  return `a code of ${set.url}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
};

const inSet = (set: ValueSetCodes, coding: JsonObject): boolean => {
  const { system, code } = coding;
  return typeof system === 'string' && typeof code === 'string' && (set.codes.get(system)?.has(code) ?? false);
};

const shown = (coding: JsonObject): string => `${coding['system'] ?? ''}|${coding['code'] ?? ''}`;

const requiredCode = (set: ValueSetCodes): Check => {
  const all = new Set([...set.codes.values()].flatMap((codes) => [...codes]));
  return (value, run, depth) => {
    if (typeof value !== 'string' || all.has(value)) return;
    run.fail(depth, 'code-invalid', `${value} is not allowed here: use ${choices(set, value)}`);
  };
};

const MIME_TYPES = 'http://hl7.org/fhir/ValueSet/mimetypes';

/** Value sets whose codes are not listed here and still have a form. */
const FORMS: ReadonlyMap<string, { readonly form: RegExp; readonly what: string }> = new Map([
  [
    'http://hl7.org/fhir/ValueSet/currencies',
    { form: /^[A-Z]{3}$/, what: 'a currency of ISO 4217, three capital letters' },
  ],
  // CapabilityStatement.format and TestScript say json, xml and ttl too.
  [MIME_TYPES, { form: /^(?:[\w.+-]+\/[\w.+-]+\s*(?:;.*)?|json|xml|ttl)$/, what: 'a mime type, such as text/plain' }],
]);

/** Extensible, and bound to mime types over that (its maxValueSet). */
const EXPRESSION_LANGUAGE = 'http://hl7.org/fhir/ValueSet/expression-language';

const wellFormedCode = (valueSet: string): Check | undefined => {
  const known = FORMS.get(valueSet.split('|', 1)[0] ?? '');
  if (known === undefined) return undefined;
  return (value, run, depth) => {
    if (typeof value === 'string' && !known.form.test(value))
      run.fail(depth, 'code-invalid', `${value} is not allowed here: use ${known.what}`);
  };
};

/** A concept without any coding passes only where an extension says why there is none. */
const requiredConcept =
  (set: ValueSetCodes): Check =>
  (value, run, depth) => {
    if (!isObject(value)) return;
    const codings = listOf(value['coding']).filter(isObject);
    if (codings.some((coding) => inSet(set, coding)) || (codings.length === 0 && value['extension'] !== undefined))
      return;
    const found = codings.length === 0 ? 'no coding' : codings.map(shown).join(', ');
    run.fail(depth, 'code-invalid', `found ${found}, but this concept needs ${choices(set, codings[0]?.['code'])}`);
  };

const requiredCoding =
  (set: ValueSetCodes): Check =>
  (value, run, depth) => {
    if (!isObject(value) || inSet(set, value)) return;
    if (value['code'] === undefined && (value['extension'] !== undefined || value['_code'] !== undefined)) return;
    run.fail(depth, 'code-invalid', `${shown(value)} is not allowed here: use ${choices(set, value['code'])}`);
  };

/** Quantities without a code are judged by invariants, not by the binding of their unit. */
const requiredUnit =
  (set: ValueSetCodes): Check =>
  (value, run, depth) => {
    if (!isObject(value) || value['code'] === undefined || inSet(set, value)) return;
    run.fail(depth, 'code-invalid', `unit ${shown(value)} is not allowed here: use ${choices(set, value['code'])}`);
  };

/** Certain of one thing only: a code that its own system, known whole, does not have. */
const extensible =
  (registry: Registry, set: ValueSetCodes): Check =>
  (value, run, depth) => {
    if (!isObject(value)) return;
    for (const coding of value['coding'] === undefined ? [value] : listOf(value['coding']).filter(isObject)) {
      const { system, code } = coding;
      if (typeof system !== 'string' || typeof code !== 'string' || !set.codes.has(system)) continue;
      const known = registry.codeSystem(system);
      if (known !== undefined && !known.has(code)) run.warn(depth, 'code-invalid', `${system} has no code ${code}`);
    }
  };

const LANGUAGES = 'http://hl7.org/fhir/ValueSet/languages';
const ALL_LANGUAGES = 'http://hl7.org/fhir/ValueSet/all-languages';
const BCP_47 = 'urn:ietf:bcp:47';

/** The common languages are preferred, and all others of BCP 47 allowed: what is none is not (its maxValueSet). */
const languageCheck = (type: string): Check | undefined => {
  const judge = (code: unknown, run: Run, depth: number): void => {
    if (typeof code === 'string' && !isLanguageTag(code))
      run.fail(depth, 'code-invalid', `${code} is no language of BCP 47, such as de or en-US`);
  };
  if (type === 'code') return judge;
  if (type !== 'CodeableConcept' && type !== 'Coding') return undefined;
  return (value, run, depth) => {
    if (!isObject(value)) return;
    for (const coding of type === 'Coding' ? [value] : listOf(value['coding']).filter(isObject))
      if (coding['system'] === BCP_47) judge(coding['code'], run, depth);
  };
};

/** Check of a binding for one type of value; undefined where it binds nothing that can be decided here. */
export const bindingCheck = (registry: Registry, binding: Binding, type: string): Check | undefined => {
  const [canonical = ''] = binding.valueSet.split('|', 1);
  if (canonical === LANGUAGES || (canonical === ALL_LANGUAGES && binding.strength === 'required'))
    return languageCheck(type);
  if (canonical === EXPRESSION_LANGUAGE && type === 'code') return wellFormedCode(MIME_TYPES);
  if (!CODED.has(type) || (binding.strength !== 'required' && binding.strength !== 'extensible')) return undefined;
  const set = registry.valueSet(binding.valueSet);
  if (set === undefined)
    return binding.strength === 'required' && type === 'code' ? wellFormedCode(binding.valueSet) : undefined;
  if (binding.strength === 'extensible') {
    return type === 'Coding' || type === 'CodeableConcept' ? extensible(registry, set) : undefined;
  }
  if (!set.complete) return undefined;
  if (type === 'code' || type === 'string' || type === 'uri') return requiredCode(set);
  if (type === 'CodeableConcept') return requiredConcept(set);
  return type === 'Coding' ? requiredCoding(set) : requiredUnit(set);
};
