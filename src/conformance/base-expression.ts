const ABSTRACT = new Set(['Resource', 'DomainResource']);

/** Branches of a FHIRPath union, cut at `|` outside parentheses and quotes. */
const branches = (expression: string): readonly string[] => {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < expression.length; at += 1) {
    const character = expression[at];
    if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) {
      found.push(expression.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, expression.slice(from)].map((branch) => branch.trim());
};

/** The part of a search parameter's expression that applies to one base type. Branches that name no type belong to the base. */
export const expressionFor = (expression: string, base: string): string =>
  branches(expression)
    .filter((branch) => branch !== '')
    .flatMap((branch) => {
      const start = /^\(*([A-Za-z]+)/.exec(branch)?.[1] ?? '';
      if (start === base || ABSTRACT.has(start)) return [branch];
      return /^[a-z]/.test(start) ? [`${base}.${branch}`] : [];
    })
    .join(' | ');
