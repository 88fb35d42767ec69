/** Splits at the separators that no backslash precedes; escapes stay in the parts (search.html#escaping). */
export const splitUnescaped = (text: string, separator: ',' | '|' | '$'): readonly string[] => {
  if (!text.includes('\\')) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
};

/** `\,` `\|` `\$` `\\` stand for the character itself; any other backslash, which searches refuse, is one. */
export const unescaped = (text: string): string => (text.includes('\\') ? text.replace(/\\([,|$\\])/g, '$1') : text);

/** The first backslash that escapes nothing, with what follows it: "the parameter value xx\\xx is illegal". */
export const strayBackslash = (text: string): string | undefined =>
  /^(?:[^\\]|\\[,|$\\])*(\\(?:[^,|$\\]|$))/su.exec(text)?.[1];
