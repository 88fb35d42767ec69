import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { isObject, type Json, type JsonObject, listOf } from '../../src/fhir/resource.ts';
import { type Row, sectionOf } from './readme-tables.ts';

export const { tables, links } = sectionOf(readFileSync('README.md', 'utf8'), 'FHIR surface');

export const objects = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject);
/** One member of each. */
export const codes = (list: Json | undefined, member = 'code'): string[] =>
  objects(list).map((each) => String(each[member]));
/** Throws where there is no such table. */
export const rowsOf = (head: string): readonly Row[] => {
  const rows = tables.get(head);
  if (rows === undefined) throw new Error(`the README has no table that begins with '${head}'`);
  return rows;
};
/** What the table names in its first column. */
export const named = (head: string): string[] => rowsOf(head).flatMap(({ cells }) => cells[0] ?? []);
/** Both directions at once, and nothing twice. */
export const expectSame = (listed: readonly string[], is: Iterable<string>): void =>
  expect(listed.toSorted()).toEqual([...new Set(is)].toSorted());
