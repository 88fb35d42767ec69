import { type ResourceId, resourceId } from './ids.ts';

/** What the text of Reference.reference, of a uri or of a canonical points at. */
export type ParsedReference =
  | { readonly kind: 'local'; readonly type: string; readonly id: ResourceId; readonly version: string | null }
  /** On another server, or not of the form `[type]/[id]`: type and id where the url ends like one. */
  | {
      readonly kind: 'absolute';
      readonly url: string;
      readonly type: string | null;
      readonly id: string | null;
      readonly version: string | null;
    }
  | { readonly kind: 'urn'; readonly url: string }
  /** Into the containing resource; '' is the container itself. */
  | { readonly kind: 'fragment'; readonly fragment: string }
  /** `Patient?identifier=…`, allowed in transactions alone. */
  | { readonly kind: 'conditional'; readonly type: string; readonly query: string };

const TAIL = /(?:^|\/)([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]{1,63})\?(.+)$/s;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Reads a literal reference (references.html#literal). `base` is this server's own base url: absolute references below
 * it are local. Undefined where the text is no reference at all.
 */
export const parseReference = (text: string, base?: string): ParsedReference | undefined => {
  if (text === '') return undefined;
  if (text.charCodeAt(0) === 35) return { kind: 'fragment', fragment: text.slice(1) };
  if (SCHEME.test(text)) return parseAbsolute(text, base);
  const local = TAIL.exec(text);
  if (local?.index === 0 && text.charCodeAt(0) !== 47) return localReference(local);
  const conditional = CONDITIONAL.exec(text);
  return conditional ? { kind: 'conditional', type: conditional[1] ?? '', query: conditional[2] ?? '' } : undefined;
};

const parseAbsolute = (text: string, base: string | undefined): ParsedReference | undefined => {
  if (/^urn:/i.test(text)) return { kind: 'urn', url: text };
  const root = base?.replace(/\/+$/, '');
  if (root !== undefined && text.startsWith(`${root}/`)) {
    const rest = TAIL.exec(text.slice(root.length + 1));
    if (rest?.index === 0 && !rest[0].startsWith('/')) return localReference(rest);
  }
  const tail = TAIL.exec(text);
  return { kind: 'absolute', url: text, type: tail?.[1] ?? null, id: tail?.[2] ?? null, version: tail?.[3] ?? null };
};

const localReference = (match: RegExpExecArray): ParsedReference | undefined => {
  const id = resourceId(match[2] ?? '');
  return id && { kind: 'local', type: match[1] ?? '', id, version: match[3] ?? null };
};

/** The resource type a reference tells by its text, or undefined. */
export const referencedType = (text: string): string | undefined => {
  const parsed = parseReference(text);
  if (parsed === undefined || parsed.kind === 'fragment' || parsed.kind === 'urn') return undefined;
  return parsed.type ?? undefined;
};

export interface ParsedCanonical {
  readonly url: string;
  readonly version: string | null;
  readonly fragment: string | null;
}

/** `url|version#fragment` (references.html#canonical). */
export const parseCanonical = (text: string): ParsedCanonical => {
  const hash = text.indexOf('#');
  const whole = hash < 0 ? text : text.slice(0, hash);
  const bar = whole.lastIndexOf('|');
  return {
    url: bar < 0 ? whole : whole.slice(0, bar),
    version: bar < 0 ? null : whole.slice(bar + 1),
    fragment: hash < 0 ? null : text.slice(hash + 1),
  };
};
