import { hash } from 'node:crypto';
import { Recent } from '../../fhir/recent.ts';

/** Turns a text into a number of 53 bits. */
export interface Hash {
  (text: string): number;
  /** As of `hashed.code`, `hashed.system` and `hashed.text`: looked for by the text itself, so that nothing is put together first. */
  code(code: string): number;
  system(system: string): number;
  text(folded: string): number;
  /** As the function itself, of what will hardly be asked for again: it is not remembered. */
  once(text: string): number;
}

const REMEMBERED = 20_000;

/**
 * The first 53 bits of SHA-256 over a secret of the database and the text: fits a SQLite integer and a JavaScript
 * number; without the secret neither guessed from the file nor made to collide. Texts seen lately are remembered.
 */
export function keyedHash(secret: string): Hash {
  const make = (text: string): number => {
    const digest = hash('sha256', secret + text, 'buffer');
    return digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) >> 3);
  };
  const remembering = (whole: (text: string) => string) => {
    const seen = new Recent<string, number>(REMEMBERED);
    return (text: string): number => {
      const known = seen.get(text);
      if (known !== undefined) return known;
      const made = make(whole(text));
      seen.set(text, made);
      return made;
    };
  };
  return Object.assign(
    remembering((text) => text),
    { code: remembering(hashed.code), system: remembering(hashed.system), text: remembering(hashed.text), once: make },
  );
}

/** What is hashed for each kind of value, in one place: writing and asking must agree. */
export const hashed = {
  key: (type: string, id: string): string => `${type}/${id}`,
  code: (code: string): string => `c\0${code}`,
  system: (system: string): string => `s\0${system}`,
  coded: (system: string | null, code: string): string => `q\0${system ?? ''}\0${code}`,
  text: (folded: string): string => `t\0${folded}`,
  ofType: (code: string, value: string): string => `o\0${code}\0${value}`,
  url: (url: string): string => `u\0${url}`,
  word: (type: string, param: string, word: string): string => `w\0${type}\0${param}\0${word}`,
  auditTerm: (term: string): string => `a\0${term}`,
};
