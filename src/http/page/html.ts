const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, in elements and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** A whole page around `main`, which is HTML. No scripts, no foreign resources. */
export const htmlPage = (title: string, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header><a href="/">NovaMind</a><nav><a href="/fhir/metadata">Capabilities</a> <a href="/docs">API</a></nav></header>
<main>
${main}
</main>
</body>
</html>
`;

/** The mark in a browser's tab. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/><path d="M2 9h3l2-5 3 8 2-4h2" fill="none" stroke="#fff" stroke-width="1.4"/></svg>';

export const STYLESHEET = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --quiet: #5b6675; --line: #d8dee6; --tint: #f4f6f9; --key: #0b5cad; --text: #1f7a4d; --number: #a3470f; --bad: #a11d1d; --warn: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --paper: #14181f; --quiet: #9aa6b5; --line: #313a47; --tint: #1b212b; --key: #7db8ff; --text: #7fd1a5; --number: #f0a875; --bad: #ff9c9c; --warn: #f0c470; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; justify-content: space-between; padding: .8rem 1.2rem; border-bottom: 1px solid var(--line); }
header a { color: inherit; text-decoration: none; } header > a { font-weight: 600; } header nav a { margin-left: 1rem; color: var(--quiet); }
main { max-width: 68rem; margin: 0 auto; padding: 1.2rem; }
a { color: var(--key); }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.quiet { color: var(--quiet); }
.pages { margin: 1rem 0; } .pages a { display: inline-block; margin: 0 .4rem .4rem 0; padding: .25rem .7rem; border: 1px solid var(--line); border-radius: 6px; text-decoration: none; } .pages a:hover { background: var(--tint); }
.wide { overflow-x: auto; }
.narrative { border-left: 3px solid var(--line); padding-left: 1rem; margin: 1rem 0; overflow-x: auto; } .narrative h2 { margin-top: .6rem; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
.entries { width: 100%; font-size: .92rem; } .entries td, .entries th { border-width: 0 0 1px; } .entries th { color: var(--quiet); font-weight: 600; } .entries tbody tr:hover { background: var(--tint); } .entries td:last-child { white-space: nowrap; } .entries td:nth-child(2) { overflow-wrap: anywhere; }
.label { display: inline-block; padding: 0 .45rem; border: 1px solid currentColor; border-radius: 999px; font-size: .8rem; color: var(--quiet); } .label.error, .label.fatal { color: var(--bad); } .label.warning { color: var(--warn); }
details { margin-top: 1.6rem; } summary { cursor: pointer; font-weight: 600; }
pre { font: 13px/1.5 ui-monospace, monospace; border: 1px solid var(--line); border-radius: 6px; padding: 1rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; } code { font: .92em ui-monospace, monospace; }
pre b { font-weight: 400; color: var(--key); } pre i { font-style: normal; color: var(--text); } pre s { text-decoration: none; color: var(--number); } pre i a { color: inherit; }
`;
