import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../src/fhir/problem.ts';
import { parseCriteria } from '../../src/search/criteria.ts';
import { parse, refusal, registry } from './matching.ts';

describe('chains', () => {
  test('a count however huge is cut to the largest page', () => {
    expect(parse('Patient', `_count=${'9'.repeat(400)}`).query.count).toBe(parse('Patient', '_count=5000').query.count);
  });

  test('a typed chain asks one type', () => {
    expect(parse('Observation', 'subject:Patient.name=peter').query.where).toEqual({
      kind: 'chain',
      param: 'subject',
      type: 'Patient',
      where: { kind: 'string', param: 'name', match: 'starts', value: 'peter' },
    });
  });

  test('an untyped chain asks every target type that knows the parameter', () => {
    const { where } = parse('Observation', 'subject.identifier=x').query;
    expect(where.kind === 'or' && where.of.map((part) => part.kind === 'chain' && part.type)).toEqual([
      'Group',
      'Device',
      'Patient',
      'Location',
    ]);
  });

  test('chains nest, with modifiers at their end', () => {
    expect(parse('Observation', 'patient.organization.name:exact=A').query.where).toEqual({
      kind: 'chain',
      param: 'patient',
      type: 'Patient',
      where: {
        kind: 'chain',
        param: 'organization',
        type: 'Organization',
        where: { kind: 'string', param: 'name', match: 'exact', value: 'A' },
      },
    });
  });

  test('_has nests and goes on as a chain', () => {
    expect(parse('Patient', '_has:Observation:patient:_has:AuditEvent:entity:agent.name=x').query.where).toMatchObject({
      kind: 'has',
      source: 'Observation',
      param: 'patient',
      where: { kind: 'has', source: 'AuditEvent', param: 'entity', where: { kind: 'or' } },
    });
  });

  test('_list is membership', () => {
    expect(parse('Patient', '_list=42').query.where).toEqual({
      kind: 'has',
      source: 'List',
      param: 'item',
      where: { kind: 'id', ids: ['42'] },
    });
  });
});

describe('what is refused, by name', () => {
  test.each([
    ['Patient', 'nam=x', 'unknown-parameter', "'nam' for Patient; did you mean 'name'?"],
    ['Patient', 'birth-date=2020', 'unknown-parameter', "did you mean 'birthdate'?"],
    ['Patient', '_cuont=3', 'unknown-parameter', "did you mean '_count'?"],
    ['Patient', 'xyzzyxyzzy=1', 'unknown-parameter', "unknown search parameter 'xyzzyxyzzy' for Patient"],
    ['Patient', 'name:exct=x', 'invalid-search', ':exct'],
    ['Patient', 'gender:exact=x', 'invalid-search', ':exact'],
    ['Patient', 'birthdate:not=2020', 'invalid-search', ':not'],
    ['Patient', 'birthdate=xx2020', 'invalid-search', "'xx'"],
    ['Patient', 'birthdate=2020-02-30', 'invalid-search', "'2020-02-30'"],
    ['Patient', 'birthdate=ge', 'invalid-search', "''"],
    ['Patient', 'name=', 'invalid-search', 'no value'],
    ['Patient', 'name=a,,b', 'invalid-search', 'empty'],
    ['Patient', 'active:missing=maybe', 'invalid-search', ':missing takes true or false'],
    ['Patient', 'identifier=a|b|c', 'invalid-search', "'|'"],
    ['Patient', 'identifier=|', 'invalid-search', "'|'"],
    ['Patient', 'identifier:of-type=a|b', 'invalid-search', 'system|code|value'],
    ['Patient', 'gender:in=http://unknown', 'invalid-search', 'http://unknown'],
    ['Patient', 'gender:below=male', 'invalid-search', ':below'],
    ['Patient', 'name.family=x', 'unknown-parameter', 'no reference'],
    ['Patient', 'general-practitioner:Device=1', 'invalid-search', 'cannot point at Device'],
    ['Patient', 'general-practitioner:exact=1', 'invalid-search', ':exact'],
    ['Patient', 'general-practitioner=Nothing/1', 'invalid-search', "'Nothing'"],
    ['Patient', 'general-practitioner=a b', 'invalid-search', 'no reference'],
    ['Patient', '_has:Observation:code:x=1', 'unknown-parameter', "'code'"],
    ['Patient', '_has:Observation:encounter:code=1', 'invalid-search', 'cannot point at Patient'],
    ['Patient', '_has:Nothing:patient:code=1', 'invalid-search', "'Nothing'"],
    ['Patient', '_has=1', 'invalid-search', '_has:[type]'],
    ['Patient', '_query=mine', 'not-supported', 'named queries'],
    ['Patient', '_list=$current-problems', 'not-supported', '$current-problems'],
    ['Observation', 'value-quantity=5.4|mg', 'invalid-search', '[prefix]number'],
    ['Observation', 'value-quantity=gex', 'invalid-search', 'no number'],
    ['Observation', 'code-value-quantity=a', 'invalid-search', 'code$value-quantity'],
    ['Observation', 'subject:Patient.nme=x', 'unknown-parameter', "'nme'"],
    ['Observation', 'subject.nme=x', 'unknown-parameter', 'for any of'],
    ['Patient', '_count=-1', 'invalid-search', "'-1'"],
    ['Patient', '_count=1&_count=2', 'invalid-search', 'once'],
    ['Patient', '_sort=nme', 'unknown-parameter', "'nme'"],
    ['Observation', '_sort=code-value-quantity', 'invalid-search', 'its parts (code, value-quantity)'],
    ['Location', '_sort=-near', 'invalid-search', "'near' is of type special"],
    ['Patient', '_sort=_content', 'invalid-search', "'_content' names no element"],
    ['Patient', '_total=some', 'invalid-search', 'none, estimate, accurate'],
    ['Patient', '_summary=some', 'invalid-search', "'some'"],
    ['*', '_contained=true', 'not-supported', 'one type at a time'],
    ['Patient', '_include=Patient:name', 'unknown-parameter', "'name'"],
    ['Patient', '_include=Patient', 'invalid-search', '[type]:[parameter]'],
    ['Patient', '_include=Patient:organization:Practitioner', 'invalid-search', 'Practitioner'],
    ['Patient', '_revinclude=Nothing:patient', 'invalid-search', "'Nothing'"],
    ['Patient', '_type=Observation', 'invalid-search', 'Observation'],
    ['*', 'name=x', 'unknown-parameter', "'name'"],
  ] as const)('%s?%s', (type, query, kind, says) => {
    const problem = refusal(type, query);
    expect(problem.kind).toBe(kind);
    expect(problem.message).toContain(says);
    expect(problem.status).toBe(400);
    expect(problem.issues[0]?.expression).toEqual([[...new URLSearchParams(query).keys()].at(-1)]);
  });

  test.each([
    ['Observation', `code=${Array.from({ length: 10_000 }, (_, n) => n).join()}`],
    ['Observation', 'focus.focus.focus.focus.focus.focus.focus.focus.focus.code=x'],
    // Each of the twelve thousand ways through these types would be a search of its own.
    ['Observation', 'focus.focus.focus.focus.focus.focus.code=x'],
    ['Observation', `patient.organization.${'partof.'.repeat(10)}name=x`],
    ['Patient', '_has:Observation:patient:'.repeat(20).concat('code=x')],
  ])('%s, asked for too much', (type, query) => {
    const started = performance.now();
    expect(refusal(type, query).kind === 'too-costly' || refusal(type, query).kind === 'invalid-search').toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('lenient handling', () => {
  const parsed = parse('Patient', 'nam=x&name=y&birthdate=never&_sort=-birthdate,nme&_count=5', {
    handling: 'lenient',
  });

  test('leaves out what it does not know, and says so', () => {
    expect(parsed.query.where).toEqual({ kind: 'string', param: 'name', match: 'starts', value: 'y' });
    expect(parsed.ignored.map((issue) => [issue.severity, issue.expression])).toEqual([
      ['warning', ['nam']],
      ['warning', ['birthdate']],
      ['warning', ['_sort']],
    ]);
  });

  test('tells in the self link what was used', () => {
    expect(parsed.self).toEqual([
      ['name', 'y'],
      ['_count', '5'],
    ]);
  });

  test('still refuses what costs too much', () => {
    expect(() => parse('Patient', `name=${'a,'.repeat(3000)}a`, { handling: 'lenient' })).toThrow(Problem);
  });
});

describe('result parameters', () => {
  test('all at once', () => {
    const parsed = parse(
      'Observation',
      '_sort=-date,_id&_count=5000&_total=accurate&_summary=true&_elements=code,subject&_format=json&_pretty=true&_include=Observation:subject:Patient&_include:iterate=Patient:organization&_revinclude=Provenance:target&_page=abc&__explain=true',
    );
    expect(parsed.query).toMatchObject({
      types: ['Observation'],
      where: { kind: 'all' },
      sort: [
        { param: 'date', kind: 'date', descending: true },
        { param: '_id', kind: 'id', descending: false },
      ],
      count: 1000,
      total: 'accurate',
    });
    expect(parsed).toMatchObject({
      summary: 'true',
      elements: ['code', 'subject'],
      format: 'json',
      pretty: true,
      page: 'abc',
      explain: true,
    });
    expect(parsed.includes).toEqual([
      { source: 'Observation', param: 'subject', target: 'Patient', iterate: false },
      { source: 'Patient', param: 'organization', iterate: true },
    ]);
    expect(parsed.revincludes).toEqual([{ source: 'Provenance', param: 'target', iterate: false }]);
    expect(parsed.self.map(([name]) => name)).not.toContain('_page');
  });

  test('a count of zero asks for the total alone', () => {
    expect(parse('Patient', '_count=0')).toMatchObject({ summary: 'count', query: { total: 'accurate' } });
  });

  test('_type narrows a search of all types', () => {
    const { query } = parse('*', '_type=Patient,Practitioner&name=x&_lastUpdated=gt2020');
    expect(query.types).toEqual(['Patient', 'Practitioner']);
  });
});

test('whatever is asked, the answer is a query or a Problem', () => {
  const codes = [
    'name',
    'birthdate',
    'identifier',
    'general-practitioner',
    '_has',
    '_id',
    '_sort',
    '_include',
    'active',
    'subject',
    'code-value-quantity',
    '_count',
  ];
  const names = fc.oneof(
    fc.constantFrom(...codes),
    fc
      .array(fc.constantFrom(...codes, ':', '.', 'Patient', 'Observation', 'not', 'in', 'exact', '__proto__'), {
        maxLength: 6,
      })
      .map((parts) => parts.join('')),
    fc.string({ maxLength: 20 }),
  );
  const values = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'ge0129-:.TZ,|$\\ab%/#'), maxLength: 30 }),
  );
  fc.assert(
    fc.property(fc.constantFrom('Patient', 'Observation', 'List'), names, values, (type, name, value) => {
      try {
        parseCriteria(registry, [type], [[name, value]]);
        parse(type, new URLSearchParams([[name, value]]).toString(), { handling: 'lenient' });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test('a backslash that escapes nothing is refused, one that escapes is not', () => {
  expect(refusal('Patient', 'given=a\\b').message).toContain("'\\b' is no escape");
  expect(refusal('Patient', 'given=a\\').message).toContain('is no escape');
  for (const value of ['a\\\\b', 'a\\,b', 'a\\$b', 'a\\|b\\\\'])
    expect(parse('Patient', `given=${value}`).query.where.kind).toBe('string');
});

test('_count=0 counts, whatever summary is asked for; includes are not mixed with _summary=text', () => {
  expect(parse('Patient', '_count=0&_summary=true')).toMatchObject({ summary: 'count', query: { total: 'accurate' } });
  expect(refusal('Patient', '_summary=text&_include=Patient:link').message).toContain('_include');
  expect(refusal('Patient', '_revinclude=Observation:subject&_summary=text').message).toContain('_summary');
});
