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
  const [definition] = definitionsOf(scope, param);
  const kind = definition?.type;
  switch (kind) {
    case 'composite': {
      const parts = definition?.components.map(({ code }) => code).join(', ');
      return refuse(scope.name, `'${param}' is a composite, and pairs have no order; sort by its parts (${parts})`);
    }
    case 'special':
    case undefined:
      return refuse(scope.name, `'${param}' is of type special, and its values have no order`);
    default:
      if (definition?.expression === '') return refuse(scope.name, `'${param}' names no element to sort by`);
      return { param, kind, descending };
  }
};
