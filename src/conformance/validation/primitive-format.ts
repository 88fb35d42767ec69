import { isDate, isDateTime, isInstant, isTime } from './date-format.ts';

/** What is wrong with a primitive value; undefined where nothing is. */
export type PrimitiveCheck = (value: unknown) => string | undefined;

const LONGEST_STRING = 1_048_576;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const wrongType = (value: unknown, wanted: string): string =>
  `expected a JSON ${wanted}, found ${value === null ? 'null' : Array.isArray(value) ? 'an array' : `${typeof value} ${shown(value)}`}`;

/** All below U+0020 except tab, line feed and carriage return (datatypes.html#string). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

const controlCharacter = (text: string): string | undefined => {
  const found = CONTROL.exec(text)?.[0];
  return found === undefined
    ? undefined
    : `the control character U+${found.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()} is not allowed`;
};

const string =
  (what: string, holds: (text: string) => boolean): PrimitiveCheck =>
  (value) => {
    if (typeof value !== 'string') return wrongType(value, 'string');
    if (value.length === 0) return 'a string must not be empty; leave the element out';
    return holds(value) ? controlCharacter(value) : `${shown(value)} is not ${what}`;
  };

const integer =
  (what: string, least: number): PrimitiveCheck =>
  (value) => {
    if (typeof value !== 'number') return wrongType(value, 'number');
    return Number.isInteger(value) && value >= least && value <= 2_147_483_647
      ? undefined
      : `${shown(value)} is not ${what}`;
  };

/** Codes have no white space at either end and single spaces inside (datatypes.html#code). */
const isCode = (text: string): boolean => {
  let space = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    const here = character === 32 || (character >= 9 && character <= 13);
    if (here && space) return false;
    space = here;
  }
  return !space;
};

const isBase64 = (text: string): boolean => {
  let count = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text.charCodeAt(at);
    if (c === 32 || (c >= 9 && c <= 13)) continue;
    count += 1;
    if (c === 61) padding += 1;
    else if (padding > 0) return false;
    else if (!((c >= 65 && c <= 90) || (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c === 43 || c === 47))
      return false;
  }
  return count > 0 && count % 4 === 0 && padding <= 2;
};

const text = string(`a string of at most ${LONGEST_STRING} characters`, (value) => value.length <= LONGEST_STRING);
const uri = string('a URI: it contains white space', (value) => !/\s/.test(value));

/** Checks of the R4 primitives by type name (datatypes.html#primitive). xhtml is checked as narrative. */
export const PRIMITIVES: Readonly<Record<string, PrimitiveCheck>> = {
  boolean: (value) => (typeof value === 'boolean' ? undefined : wrongType(value, 'boolean')),
  integer: integer('an integer of 32 bits', -2_147_483_648),
  unsignedInt: integer('an integer from 0 to 2147483647', 0),
  positiveInt: integer('an integer from 1 to 2147483647', 1),
  decimal: (value) => (typeof value === 'number' ? undefined : wrongType(value, 'number')),
  string: text,
  markdown: text,
  code: string('a code: white space at an end, or more than one space inside', isCode),
  id: string('an id: 1 to 64 of A-Z a-z 0-9 - .', (value) => /^[A-Za-z0-9\-.]{1,64}$/.test(value)),
  uri,
  url: uri,
  canonical: uri,
  oid: string('an OID such as urn:oid:1.2.3', (value) => /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/.test(value)),
  uuid: string('a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520', (value) =>
    /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  ),
  base64Binary: string('base64', isBase64),
  date: string('a date that exists, as YYYY, YYYY-MM or YYYY-MM-DD', isDate),
  dateTime: string('a date that exists, or one with time and zone such as 2015-02-07T13:28:17+02:00', isDateTime),
  instant: string('an instant with seconds and zone such as 2015-02-07T13:28:17.239+02:00', isInstant),
  time: string('a time hh:mm:ss', isTime),
};
