import { describe, expect, test } from '@jest/globals';
import { compile } from '../../../src/fhir/fhirpath/compile.ts';
import type { Json } from '../../../src/fhir/resource.ts';
import { r4Types } from './r4-model.ts';

const { model } = r4Types();
const patient = { resourceType: 'Patient', active: true, gender: 'male', birthDate: '1974-12-25' };
const values = (expression: string): readonly Json[] =>
  compile(expression)
    .evaluate(patient, { model })
    .map(({ value }) => value ?? null);

describe('FHIRPath', () => {
  test.each<[string, readonly Json[]]>([
    ["'2026-01-02x'.toDate()", []],
    ["'2026-01-02x'.convertsToDate()", [false]],
    ["'2026-01-02'.toDate() = @2026-01-02", [true]],
    ['@2026-01-02T10:00:00Z.toDate() = @2026-01-02', [true]],
    ['1 day.toString()', ['1 day']],
    ["1 'd'.toString()", ["1 'd'"]],
    ["'<a href=\"x\">'.escape('html')", ['&lt;a href=&quot;x&quot;&gt;']],
    ["'&lt;a&gt; &amp;lt;'.unescape('html')", ['<a> &lt;']],
    ["'a\"b'.escape('json')", ['a\\"b']],
    ["'a\\\\u0041\\\\nb'.unescape('json')", ['aA\nb']],
    ["'a'.escape('xml')", []],
  ])('converts: %s', (expression, expected) => {
    expect(values(expression)).toEqual(expected);
  });

  test.each<[string, readonly Json[]]>([
    ['@T10:00 = @2026-01-01', [false]],
    ['@T10:00 != @2026-01-01', [true]],
    ['@2026 = @2026-01-01', []],
  ])('a time is no date: %s', (expression, expected) => {
    expect(values(expression)).toEqual(expected);
  });

  // As the official test suite of FHIRPath has it (testType9 to testType16), but for R4's own `answer is Boolean`.
  test.each<[string, boolean]>([
    ['active is boolean', true],
    ['active is FHIR.boolean', true],
    ['active is System.Boolean', false],
    ['active is Boolean', true],
    ['gender is System.String', false],
    ['1 is System.Integer', true],
    ['1 is Integer', true],
    ['1 is FHIR.integer', false],
    ["'a' is System.String", true],
  ])("tells FHIR's types from its own: %s", (expression, expected) => {
    expect(values(expression)).toEqual([expected]);
  });
});
