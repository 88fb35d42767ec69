import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { finds, refusal, valuesOf } from './matching.ts';

const report: Resource = {
  resourceType: 'DiagnosticReport',
  id: 'd',
  status: 'final',
  text: {
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Müller: <b>meta</b>stases of the liver&#x2C;no bone</p><p>pain</p></div>',
  },
  code: { coding: [{ system: 'http://loinc.org', code: '24323-8', display: 'Comprehensive panel' }], text: 'Panel' },
  identifier: [{ system: 'urn:x', value: 'secretid' }],
  conclusion: 'Liver enzymes raised, ALT 312 twice',
  contained: [{ resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'Contained finding' } }],
};
const holds = (query: string) => finds(report, query);

describe('full text', () => {
  test.each([
    ['_text=liver', true],
    ['_text=LIVER', true],
    ['_text=metastases', true],
    ['_text=muller', true],
    ['_text=conclusion', false],
    ['_text=enzymes', false],
    ['_content=enzymes', true],
    ['_content=metastases', true],
    ['_content=panel', true],
    ['_content="contained finding"', true],
    ['_content=secretid', false],
    ['_content=alt 312', true],
    ['_text=liver bone', true],
    ['_text="liver no bone"', true],
    ['_text="bone pain"', true],
    ['_text="bone liver"', false],
    ['_content="comprehensive panel liver"', false],
    ['_text=(bone OR lung) and metastases', true],
    ['_text=lung or kidney', false],
    ['_text=liver and not lung', true],
    ['_text=not liver', false],
    ['_text=lung,liver', true],
    ['_content=raised/ALT', true],
  ])('%s: %s', (query, expected) => {
    expect(holds(query)).toBe(expected);
  });

  test.each([
    ['_text=', 'no value'],
    ['_text=%20', 'no word'],
    ['_text=123456', 'four digits'],
    ['_text=liv*', 'wildcards'],
    ['_text="liver', 'quotation'],
    ['_text=(liver', "')'"],
    ['_text=liver)', "'('"],
    ['_text=and liver', 'and'],
    ['_text:exact=liver', ':exact'],
  ])('%s is refused by name', (query, named) => {
    expect(refusal('DiagnosticReport', query).issues[0]?.diagnostics).toContain(named);
  });

  test('comments say nothing, and markup that never ends costs no time', () => {
    const said = (div: string) =>
      valuesOf({ resourceType: 'Basic', text: { status: 'generated', div } }).flatMap((it) =>
        it.kind === 'fulltext' ? it.words : [],
      );
    expect(said('<div>one <!-- two > --> three<!--four--></div>')).toEqual(['one', 'three']);
    const started = performance.now();
    for (const part of ['<!--', '<', '<b ', '&#', '"']) said(part.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('binary data, sampled data, codes and numbers hold no words, and long texts are bounded', () => {
    const sampled: Resource = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      valueSampledData: { origin: { value: 0 }, period: 1, dimensions: 1, data: '61 62 E U' },
    };
    expect(valuesOf(sampled).some(({ kind }) => kind === 'fulltext')).toBe(false);
    expect(valuesOf({ resourceType: 'Binary', contentType: 'text/plain', data: 'bGl2ZXI=' })).not.toContainEqual(
      expect.objectContaining({ kind: 'fulltext' }),
    );
    const long = valuesOf({ ...report, conclusion: 'word '.repeat(100_000) }).find((it) => it.param === '_content');
    expect(long?.kind === 'fulltext' && long.words.length).toBeLessThanOrEqual(2000);
  });
});
