import { booleanExpression, collectionExpression, single } from '../expression.ts';
import { booleanCollection, decimalNode, EMPTY, FhirPathNode, integerNode, stringNode } from '../node.ts';
import { calendarWord, isQuantity, quantityNode, quantityOf } from '../quantity.ts';
import { parseTemporal } from '../temporal.ts';
import { isIntegerNode } from '../type-test.ts';
import { type FunctionDefinition, type FunctionTable, ofNode } from './definition.ts';

type Conversion = (node: FhirPathNode) => FhirPathNode | undefined;

const TRUE_TEXT: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const FALSE_TEXT: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0', '0.0']);
const QUANTITY = /^([+-]?\d+(?:\.\d+)?)\s*(?:'([^']+)'|(year|month|week|day|hour|minute|second|millisecond)s?)?$/;

const toBoolean: Conversion = (node) => {
  const text = node.text?.toLowerCase() ?? '';
  return TRUE_TEXT.has(text)
    ? booleanCollection(true)[0]
    : FALSE_TEXT.has(text)
      ? booleanCollection(false)[0]
      : undefined;
};

const toInteger: Conversion = (node) => {
  const { value } = node;
  if (typeof value === 'boolean') return integerNode(Number(value));
  if (typeof value === 'number') return isIntegerNode(node) ? integerNode(value) : undefined;
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? integerNode(Number(value)) : undefined;
};

const toDecimal: Conversion = ({ value }) => {
  if (typeof value === 'boolean' || typeof value === 'number') return decimalNode(Number(value));
  return typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value) ? decimalNode(Number(value)) : undefined;
};

const toText: Conversion = (node) => {
  const text = node.text;
  if (text !== undefined) return stringNode(text);
  const quantity = isQuantity(node) ? quantityOf(node) : undefined;
  const calendar = node.type === 'System.Quantity' ? calendarWord(node) : undefined;
  return quantity && stringNode(`${quantity.value} ${calendar ?? `'${quantity.unit}'`}`);
};

const toQuantity: Conversion = (node) => {
  if (isQuantity(node)) return node;
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'boolean') return quantityNode(Number(value), '1');
  const match = typeof value === 'string' ? QUANTITY.exec(value) : null;
  return match ? quantityNode(Number(match[1]), match[2] ?? match[3] ?? '1') : undefined;
};

const toTemporal =
  (family: 'date' | 'time', type: string, shape: (text: string) => string): Conversion =>
  ({ value }) => {
    if (typeof value !== 'string') return undefined;
    const text = shape(value);
    return parseTemporal(text)?.family === family ? new FhirPathNode(text, type) : undefined;
  };

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  Boolean: toBoolean,
  Integer: toInteger,
  Decimal: toDecimal,
  String: toText,
  Quantity: toQuantity,
  // The whole must be a date or a dateTime, though its date alone is taken.
  Date: toTemporal('date', 'System.Date', (text) => (parseTemporal(text) === undefined ? '' : text.slice(0, 10))),
  DateTime: toTemporal('date', 'System.DateTime', (text) => text),
  Time: toTemporal('time', 'System.Time', (text) => text.replace(/^T/, '')),
};

const conversion = (name: string, convert: Conversion): readonly (readonly [string, FunctionDefinition])[] => [
  [`to${name}`, ofNode(`to${name}`, 0, name === 'Quantity' ? 1 : 0, (node) => convert(node))],
  [
    `convertsTo${name}`,
    {
      parameters: name === 'Quantity' ? ['value'] : [],
      required: 0,
      build: (focus) =>
        booleanExpression((self, scope) => {
          const node = single(focus.evaluate(self, scope), `convertsTo${name}()`);
          return node && convert(node) !== undefined;
        }),
    },
  ],
];

/** FHIRPath N1 §5.5. */
export const CONVERSION: FunctionTable = {
  ...Object.fromEntries(Object.entries(CONVERSIONS).flatMap(([name, convert]) => conversion(name, convert))),
  iif: {
    parameters: ['bag', 'bag', 'bag'],
    required: 2,
    build: (focus, [criterion, then, otherwise]) =>
      collectionExpression((self, scope) => {
        const outer = scope.bag;
        const bag = focus.evaluate(self, scope);
        scope.bag = bag;
        const branch = criterion?.truth(self, scope) === true ? then : otherwise;
        // The criterion may hold an iif() of its own.
        scope.bag = bag;
        const result = branch?.evaluate(self, scope) ?? EMPTY;
        scope.bag = outer;
        return result;
      }),
  },
};
