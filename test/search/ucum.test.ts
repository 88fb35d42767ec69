import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { baseUnit, inBaseUnits } from '../../src/search/ucum.ts';

describe('UCUM', () => {
  test.each([
    ['mg', 1, 'g', 0.001],
    ['kg/m2', 27.5, 'g.m-2', 27500],
    ['mm[Hg]', 1, 'g.m-1.s-2', 133322],
    ['10*3/uL', 4.5, 'm-3', 4.5e12],
    ['10*9/L', 4.5, 'm-3', 4.5e12],
    ['meq/L', 140, 'm-3.mol', 140],
    ['umol/(24.h)', 86400, 'mol.s-1', 1e-6],
    ['mL/min/{1.73_m2}', 60, 'm3.s-1', 1e-6],
    ['%', 50, '1', 0.5],
    ['{score}', 12, '1', 12],
    ['/100{WBCs}', 3, '1', 0.03],
    ['N', 1, 'g.m.s-2', 1000],
    ['kg.m/s2', 1, 'g.m.s-2', 1000],
    ['Cel', 37, 'K', 310.15],
    ['[degF]', 98.6, 'K', 310.15],
    ['U/L', 60, 'm-3.mol.s-1', 0.001],
    ['wk', 1, 's', 604800],
    ['m[H2O]', 1, 'g.m-1.s-2', 9806650],
    ['kcal/d', 1, 'g.m2.s-3', 48.4259259259],
    ['ms', 250, 's', 0.25],
    ['dB', 10, 'B', 1],
  ])('%s', (code, value, unit, converted) => {
    const base = baseUnit(code);
    expect(base?.unit).toBe(unit);
    expect(base && inBaseUnits(value, base)).toBe(converted);
  });

  test.each([
    '',
    'foo',
    'bpm',
    'mEq/L',
    'mm[Hg',
    'g%',
    '2.5g',
    'kg/',
    '()',
    'Cel/min',
    'k[degF]',
    'mmin',
    '{',
    '}{',
    'a'.repeat(200),
    '__proto__',
    'constructor',
  ])("'%s' is not known", (code) => {
    expect(baseUnit(code)).toBeUndefined();
  });

  test('no text breaks the reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'mgkLs/.()[]{}*^10-+%Cel '), maxLength: 30 }), (text) => {
        const base = baseUnit(text);
        return base === undefined || base.unit !== '';
      }),
    );
  });
});
