import { describe, expect, test } from '@jest/globals';
import { highlightedJson } from '../../src/http/page/highlighted-json.ts';
import { sanitisedNarrative } from '../../src/http/page/narrative.ts';
import { openPageLink, pageLink, pagePermit } from '../../src/http/page/page-link.ts';
import { resourcePage } from '../../src/http/page/resource-page.ts';
import { prettyJson } from '../../src/http/pretty-json.ts';

describe('narrative', () => {
  test('the formatting that FHIR allows is kept', () => {
    const xhtml =
      '<div xmlns="http://www.w3.org/1999/xhtml"><p title="a">x &amp; <b>y</b><br/></p><table><tr><td colspan="2">1</td></tr></table></div>';
    expect(sanitisedNarrative(xhtml)).toBe(
      '<div><p title="a">x &amp; <b>y</b><br></p><table><tr><td colspan="2">1</td></tr></table></div>',
    );
  });

  test.each([
    '<div><script>alert(1)</script></div>',
    '<div><scr<script>x</script>ipt>alert(1)</script></div>',
    '<div><img src="x" onerror="alert(1)"/></div>',
    '<div onclick="alert(1)">x</div>',
    '<div><a href="javascript:alert(1)">x</a></div>',
    '<div><a href="JaVaScRiPt:alert(1)">x</a></div>',
    '<div><svg><script>alert(1)</script></svg></div>',
    '<div><style>@import "x"</style></div>',
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<div><iframe srcdoc="<script>alert(1)</script>"></iframe></div>',
    '<div><a href="data:text/html,<script>alert(1)</script>">x</a></div>',
    '<div title="a"onclick="alert(1)">x</div>',
    "<div title='\"><img src=x onerror=alert(1)>'>x</div>",
    '<div><p/onclick=alert(1)>x</div>',
  ])('%s does nothing any more', (xhtml) => {
    const safe = sanitisedNarrative(xhtml);
    for (const [tag] of safe.matchAll(/<[^>]*>/g)) {
      expect(tag).toMatch(/^<\/?(div|p|a|table|tr|td|br)( title="[^"<>]*")*>$/);
    }
  });

  test('elements left open are closed, those closed twice are not', () => {
    expect(sanitisedNarrative('<div><p>a</div></div>b')).toBe('<div><p>a</p></div>b');
    expect(sanitisedNarrative('a < b')).toBe('a &lt; b');
    expect(sanitisedNarrative('<div><p/>x</div>')).toBe('<div><p></p>x</div>');
  });
});

describe('JSON on a page', () => {
  test('decimals, order and escapes stay as they are when indented', () => {
    const json = '{"b":0.10,"a":[1e3,{}],"s":"\\"{,}\\u00e9","e":[]}';
    const indented = prettyJson(json);
    expect(indented).toBe('{\n  "b": 0.10,\n  "a": [\n    1e3,\n    {}\n  ],\n  "s": "\\"{,}\\u00e9",\n  "e": []\n}');
  });

  test('markup inside values is text, and references can be followed', () => {
    const html = highlightedJson(
      '{"subject":{"reference":"Patient/1"},"x":"<b onclick=1>","n":-0.10,"t":true}',
      'http://h/fhir',
    );
    expect(html).toContain('<a href="http://h/fhir/Patient/1">&quot;Patient/1&quot;</a>');
    expect(html).toContain('&lt;b onclick=1&gt;');
    expect(html).toContain('<s>-0.10</s>');
    expect(html).toContain('<s>true</s>');
  });

  test('links to elsewhere are shown, not linked', () => {
    const html = highlightedJson('{"url":"https://evil.example","reference":"javascript:alert(1)"}', 'http://h/fhir');
    expect(html).not.toContain('<a ');
  });

  test('a note can be read, and its text cannot act', () => {
    const data = Buffer.from('Slept <b>well</b>').toString('base64');
    const html = resourcePage(
      JSON.stringify({
        resourceType: 'DocumentReference',
        id: '1',
        content: [{ attachment: { contentType: 'text/plain', data } }],
      }),
      200,
    );
    expect(html).toContain('Slept &lt;b&gt;well&lt;/b&gt;');
  });
});

describe('page links', () => {
  const key = Buffer.alloc(32, 1);
  const link = pageLink(key, { type: 'Patient', id: 'a-1' }, 100_000).slice('/page/'.length);

  test('a link opens its resource until it is over', () => {
    expect(openPageLink(key, link, 99_000)).toEqual({ type: 'Patient', id: 'a-1' });
    expect(openPageLink(key, link, 101_000)).toBeUndefined();
  });

  test('a link that was changed or made with another key opens nothing', () => {
    expect(openPageLink(key, link.replace('a-1', 'a-2'), 0)).toBeUndefined();
    expect(openPageLink(Buffer.alloc(32, 2), link, 0)).toBeUndefined();
    expect(openPageLink(key, '', 0)).toBeUndefined();
    expect(openPageLink(key, 'Patient~1~zzzzz~', 0)).toBeUndefined();
  });

  test('a link lets read its one resource, nothing else', () => {
    const permit = pagePermit({ type: 'Patient', id: 'a-1' });
    expect(permit.decide('r', 'Patient')).toEqual({ allowed: true, where: { kind: 'id', ids: ['a-1'] } });
    for (const [action, type] of [
      ['r', 'Observation'],
      ['s', 'Patient'],
      ['u', 'Patient'],
    ] as const) {
      expect(permit.decide(action, type).allowed).toBe(false);
    }
  });
});
