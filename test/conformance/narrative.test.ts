import { describe, expect, test } from '@jest/globals';
import { narrativeProblem } from '../../src/conformance/validation/narrative.ts';

const div = (inner: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`;

describe('narrative', () => {
  test.each([
    'text',
    '<p class="a" style="color: red">a &amp; b &#160; &nbsp;</p>',
    '<a href="https://example.org/?a=1&amp;b=javascript:2">x</a>',
    '<a href="#part">x</a>',
    '&lt;&apos;&mdash;&#x1F600;&#128512;',
    `${'<b>'.repeat(60)}x${'</b>'.repeat(60)}`,
    '<a href="Patient/1">x</a>',
    '<img src="data:image/png;base64,AAAA" alt="x"/>',
    '<!-- <script> --><table><tr><td colspan="2">x</td></tr></table>',
    "<span title='a > b'>x</span>",
    '<p title="a &amp; b&nbsp;">\u{1F600}</p>',
  ])('may hold %s', (inner) => {
    expect(narrativeProblem(div(inner))).toBeUndefined();
  });

  test.each([
    '<script>alert(1)</script>',
    '<p onclick="alert(1)">x</p>',
    '<iframe src="https://example.org"></iframe>',
    '<form><input/></form>',
    '<svg><g/></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" JavaScript:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html;base64,AAAA">x</a>',
    '<a href="data:image/svg+xml,x">x</a>',
    '<p style="background: url(javascript:alert(1))">x</p>',
    '<p><b>x</p></b>',
    '<p>x',
    '<p a=1>x</p>',
    'a & b',
    'a < b',
    '&bogus;',
    '&#0;',
    '&#xD800;',
    `${'<b>'.repeat(65)}x${'</b>'.repeat(65)}`,
    '<?php x ?>',
    '<![CDATA[<script>]]>',
    '   ',
    '<p class="a" class="b">x</p>',
    '<p title="a & b">x</p>',
    '<p title="&bogus;">x</p>',
    'a\u0001b',
    'a\ufffe',
    '\ud800',
    '<!-- a -- b -->x',
    'a ]]> b',
  ])('may not hold %s', (inner) => {
    expect(narrativeProblem(div(inner))).toEqual(expect.any(String));
  });

  test('is one div in the namespace of XHTML', () => {
    expect(narrativeProblem('<div>x</div>')).toMatch(/xmlns/);
    expect(narrativeProblem(`${div('x')}${div('y')}`)).toMatch(/one <div>/);
    expect(narrativeProblem('x')).toMatch(/one <div>/);
    expect(narrativeProblem('')).toMatch(/one <div>/);
    expect(narrativeProblem(`<!DOCTYPE html>${div('x')}`)).toEqual(expect.any(String));
    expect(narrativeProblem('<p xmlns="http://www.w3.org/1999/xhtml">x</p>')).toMatch(/one <div>/);
  });

  test('of hostile shape is judged in linear time', () => {
    const start = performance.now();
    narrativeProblem(div(`<a ${' '.repeat(200_000)}`));
    narrativeProblem(div(`<a${' b="c"'.repeat(50_000)}`));
    narrativeProblem(div('<b>'.repeat(200_000)));
    narrativeProblem(div('<!--'.repeat(100_000)));
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
