import { Problem } from '../../src/fhir/problem.ts';
import { parse } from '../search/matching.ts';

/** Whether the search is refused, and says what the pattern says. */
export const refused = (type: string, query: string, saying: RegExp): boolean => {
  try {
    parse(type, query);
    return false;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return saying.test(error.message);
  }
};
