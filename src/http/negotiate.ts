import { Problem } from '../fhir/problem.ts';

/** How the answer is written. */
export type Format = 'fhir+json' | 'json' | 'fhir+xml' | 'xml' | 'html';

/** What the client asked for: http.html#mime-type, and search.html#_format for `_format` and `_pretty`. */
export interface Wanted {
  readonly format: Format;
  readonly pretty: boolean;
}

export const DEFAULT_FORMAT: Wanted = { format: 'fhir+json', pretty: false };

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['json', 'fhir+json'],
  ['application/fhir+json', 'fhir+json'],
  ['application/json+fhir', 'fhir+json'],
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['xml', 'fhir+xml'],
  ['application/fhir+xml', 'fhir+xml'],
  ['application/xml+fhir', 'fhir+xml'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['*/*', 'fhir+json'],
  ['application/*', 'fhir+json'],
  ['html', 'html'],
  ['text/html', 'html'],
  ['application/xhtml+xml', 'html'],
  ['text/*', 'html'],
]);

const MAXIMUM_KNOWN = 500;
const known = new Map<string, Format | null>();

/**
 * The format of the answer: `_format` decides, else the Accept header.
 * Throws Problem `not-acceptable` where nothing that is asked for can be given; `anything` (a Binary) falls back to JSON.
 */
export function negotiate(
  accept: string | undefined,
  query: readonly (readonly [string, string])[],
  anything = false,
): Wanted {
  let asked: string | undefined;
  let pretty = false;
  for (const [name, value] of query) {
    // A literal + in the query means a space, and clients write application/fhir+json unescaped.
    if (name === '_format') asked ??= value.replaceAll(' ', '+');
    else if (name === '_pretty') pretty = value === 'true';
  }
  const format =
    asked !== undefined ? byName(asked) : accept === undefined || accept.trim() === '' ? 'fhir+json' : byAccept(accept);
  if (format === undefined && !anything) {
    throw new Problem(
      'not-acceptable',
      `${asked !== undefined ? `_format=${asked}` : `Accept: ${accept}`} cannot be given; application/fhir+json, application/fhir+xml and text/html can.`,
    );
  }
  return format === undefined || (format === 'fhir+json' && !pretty) ? DEFAULT_FORMAT : { format, pretty };
}

const byName = (text: string): Format | undefined => {
  const { type, fhirVersion } = mediaType(text);
  return isServedVersion(fhirVersion) ? FORMATS.get(type) : undefined;
};

function byAccept(header: string): Format | undefined {
  const cached = known.get(header);
  if (cached !== undefined) return cached ?? undefined;
  const best = bestOf(header.split(',').map(mediaType));
  if (known.size >= MAXIMUM_KNOWN) known.clear();
  known.set(header, best ?? null);
  return best;
}

/** What a range stands for, in the order that it is given in where all is the same to the client. */
const formatsOf = (type: string): readonly Format[] => {
  const format = FORMATS.get(type);
  if (format === undefined) return [];
  return type.includes('*')
    ? [format, ...ANYTHING.filter((other) => other !== format && inRange(type, other))]
    : [format];
};
const ANYTHING = ['fhir+json', 'fhir+xml', 'html'] as const satisfies readonly Format[];
const inRange = (range: string, format: Format): boolean =>
  range === '*/*' || range.startsWith('text/') === (format === 'html');

/** The format that the client likes best; what it names with `q=0` is not given for a range that covers it (RFC 9110, 12.5.1). */
function bestOf(ranges: readonly MediaType[]): Format | undefined {
  const served = ranges.filter(({ fhirVersion }) => isServedVersion(fhirVersion));
  const refused = new Set(served.flatMap(({ type, q }) => (q > 0 || type.includes('*') ? [] : formatsOf(type))));
  let best: { format: Format; q: number } | undefined;
  for (const { type, q } of served) {
    const format = formatsOf(type).find((candidate) => !type.includes('*') || !refused.has(candidate));
    if (format !== undefined && q > 0 && (best === undefined || q > best.q)) best = { format, q };
  }
  return best?.format;
}

/** True where a media type, or a range of an Accept header, names FHIR JSON or XML. */
export function isFhirType(text: string): boolean {
  const { type, q } = mediaType(text);
  const format = FORMATS.get(type);
  return q > 0 && !type.includes('*') && format !== undefined && format !== 'html';
}

export const isServedVersion = (version: string | undefined): boolean =>
  version === undefined || version.startsWith('4.0');

interface MediaType {
  readonly type: string;
  readonly q: number;
  readonly fhirVersion?: string;
  readonly charset?: string;
}

/** A media type's name in lower case, with the parameters that matter here. */
export function mediaType(text: string): MediaType {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const value = (name: string) =>
    parameters
      .find((part) => part.toLowerCase().startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replace(/^"|"$/g, '');
  const q = Number(value('q') ?? 1);
  const fhirVersion = value('fhirversion');
  const charset = value('charset');
  return {
    type: type.toLowerCase(),
    q: Number.isFinite(q) ? q : 0,
    ...(fhirVersion !== undefined && { fhirVersion }),
    ...(charset !== undefined && { charset: charset.toLowerCase() }),
  };
}
