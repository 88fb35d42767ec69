import { refuse } from './asked.ts';
import type { Sort } from './query.ts';
import { definitionsOf, type SearchScope } from './search-scope.ts';

/** `_sort=-date,_id`: parameters in order, descending after a minus (search.html#sort). */
export const parseSort = (scope: SearchScope, value: string): readonly Sort[] => {
  const rules = value.split(',').map((rule) => sortRule(scope, rule.trim()));
  if (rules.length > 8) return refuse(scope.name, 'at most eight sort rules are answered');
  return rules;
};

const sortRule = (scope: SearchScope, rule: string): Sort => {
  const descending = rule.startsWith('-');
  const param = descending ? rule.slice(1) : rule;
  if (param === '') return refuse(scope.name, 'a sort rule is empty');
  if (param === '_id') return { param, kind: 'id', descending };
  if (param === '_lastUpdated') return { param, kind: 'lastUpdated', descending };
  const definition = definitionsOf(scope, param)[0];
  const kind = definition?.type;
  if (kind === undefined || kind === 'composite' || kind === 'special' || definition?.expression === '') {
    return refuse(scope.name, `one cannot sort by '${param}'`);
  }
  return { param, kind, descending };
};
