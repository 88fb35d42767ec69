import { Problem } from '../fhir/problem.ts';

/** One value asked of one parameter: what the files per search type turn into a predicate. */
export interface Asked {
  /** The index parameter: the code, or `<composite>$<n>`. */
  readonly param: string;
  /** The parameter as the client wrote it, modifiers and chain included; for messages. */
  readonly name: string;
  readonly modifier: string | undefined;
  /** One of the values between commas, escapes still in it; never empty. */
  readonly value: string;
}

/** Refuses a search value or modifier, naming the parameter as it was written. */
export const refuse = (name: string, reason: string): never => {
  throw new Problem('invalid-search', `search parameter '${name}': ${reason}`, { expression: [name] });
};

/** Refuses what FHIR defines and this server does not do. */
export const unsupported = (name: string, reason: string): never => {
  throw new Problem('not-supported', `search parameter '${name}': ${reason}`, { expression: [name] });
};
