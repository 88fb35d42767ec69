import { describe, expect, test } from '@jest/globals';
import { finds, refusal } from './matching.ts';

const munich = { resourceType: 'Location', id: 'm', position: { latitude: 48.137, longitude: 11.575 } };

describe('near', () => {
  test.each([
    ['48.137|11.575|1|m', true],
    ['52.52|13.405|504|km', false],
    ['52.52|13.405|505|km', true],
    ['52.52|13.405|505', true],
    ['52.52|13.405|314|[mi_i]', true],
    ['52.52|13.405|313|[mi_i]', false],
    ['48.3|11.6', true],
    ['52.52|13.405', false],
    ['-48.137|-168.425|30000|km', true],
    ['52.52|13.405|505|km,0|0', true],
  ])('near=%s: %s', (value, expected) => {
    expect(finds(munich, `near=${encodeURIComponent(value)}`)).toBe(expected);
  });

  test('the date line is no seam', () => {
    const fiji = { resourceType: 'Location', id: 'f', position: { latitude: -17, longitude: 179.99 } };
    expect(finds(fiji, 'near=-17|-179.99|3|km')).toBe(true);
  });

  test('a location without a position is near nothing, and :missing tells', () => {
    expect(finds({ resourceType: 'Location', id: 'n' }, 'near=0|0|30000')).toBe(false);
    expect(finds({ resourceType: 'Location', id: 'n' }, 'near:missing=true')).toBe(true);
    expect(finds(munich, 'near:missing=false')).toBe(true);
  });

  test.each(['91|0', '0|181', 'x|1', '1', '1|2|3|mg', '1|2|-3', '1|2||km', '1|2|3|km|4'])(
    'near=%s is refused',
    (value) => {
      expect(refusal('Location', `near=${encodeURIComponent(value)}`).issues[0]?.diagnostics).toContain("'near'");
    },
  );
});
