// Ids, codes and URLs nearly always: as JSON they are themselves.
const PLAIN = /^[\w.:/|@+ -]*$/;

/** The text as a JSON string; that of a plain one is made without looking for escapes. */
export const jsonString = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
