import type {
  DateValue,
  NumberValue,
  QuantityValue,
  ReferenceValue,
  StringValue,
  UriValue,
} from '../../search/index-values.ts';

/** What a token row is made of. */
interface TokenOf {
  readonly code: string | null;
  readonly system: string | null;
  readonly text?: string;
  /** For `:of-type`: the code of the identifier's type. */
  readonly typed?: string;
  readonly group?: number;
}

/** The second may share the row of the first. A composite's component has no use for a text, so any will do. */
export const alikeTokens = (first: TokenOf, { code, system, text = '', typed, group }: TokenOf): boolean =>
  first.code === code &&
  first.system === system &&
  first.typed === typed &&
  ((first.text ?? '') === text || (text === '' && group !== undefined));

export const alikeReferences = (
  first: Pick<ReferenceValue, 'type' | 'id' | 'version' | 'url'>,
  { type, id, version, url }: Pick<ReferenceValue, 'type' | 'id' | 'version' | 'url'>,
): boolean => first.id === id && first.type === type && first.version === version && (id !== null || first.url === url);

export const alikeDates = (first: Pick<DateValue, 'low' | 'high'>, { low, high }: Pick<DateValue, 'low' | 'high'>) =>
  first.low === low && first.high === high;

export const alikeNumbers = (first: NumberValue, { value, low, high }: NumberValue): boolean =>
  first.value === value && first.low === low && first.high === high;

export const alikeQuantities = (first: QuantityValue, second: QuantityValue): boolean =>
  first.value === second.value &&
  first.low === second.low &&
  first.high === second.high &&
  first.code === second.code &&
  first.system === second.system &&
  first.unit === second.unit &&
  (first.canonical === second.canonical ||
    (first.canonical?.unit === second.canonical?.unit && first.canonical?.value === second.canonical?.value));

export const alikeStrings = (first: StringValue, { folded, exact }: StringValue): boolean =>
  first.folded === folded && first.exact === exact;

export const alikeUris = (first: UriValue, { value }: UriValue): boolean => first.value === value;
