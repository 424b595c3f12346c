/** The shell of a page: one document with everything in it, and a policy that forbids the net. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../base/package-info';
import type { TimelineModel } from './timeline-model';

/** Parts of the page's script, each after what it uses. */
const scripts = [
  'page-nodes.mjs',
  'page-words.mjs',
  'page-model.mjs',
  'page-state.mjs',
  'page-copy.mjs',
  'page-pen.mjs',
  'page-arrows.mjs',
  'page-shapes.mjs',
  'page-rows.mjs',
  'page-flow.mjs',
  'page-overview.mjs',
  'page-payload.mjs',
  'page-difference.mjs',
  'page-details.mjs',
  'page-head.mjs',
  'page-filters.mjs',
  'page-keys.mjs',
  'page-start.mjs',
];
const styles = ['page.css', 'timeline.css'];

/** The document of a model. */
export function pageHtml(
  model: TimelineModel,
  theme: 'auto' | 'light' | 'dark',
  log: string,
): string {
  const { script, style } = assets();
  const attribute = theme === 'auto' ? '' : ` data-theme="${theme}"`;
  const verdict = model.headline ?? `${model.items.length} events`;
  return ascii(`<!doctype html>
<html lang="en"${attribute}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`${model.status === 'failed' ? 'Failed: ' : ''}${model.title}`)}</title>
<style>${style}</style>
</head>
<body>
<main id="plain">
<h1>${escapeHtml(model.title)}</h1>
<p>${escapeHtml(verdict)}</p>
<pre>${escapeHtml(log)}</pre>
</main>
<script type="application/json" id="model">${safeJson(model)}</script>
<script>${script}</script>
</body>
</html>
`);
}

/**
 * JSON that can stand in a script element: nothing in it ends the element or opens a comment, and
 * all of it is ASCII.
 */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text as HTML shows it: no markup, and what would turn its order around made visible. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']|(?!\n)\p{C}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return /\p{C}/u.test(character) ? `\\u{${code.toString(16)}}` : `&#${code};`;
  });
}

/** Everything else that is not ASCII, as references. */
function ascii(html: string): string {
  return html.replace(/[^\p{ASCII}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

interface Assets {
  readonly script: string;
  readonly style: string;
}

let loaded: Assets | undefined;

/** The files of assets/, put together. They are modules for their checks only. */
function assets(): Assets {
  loaded ??= {
    script: `'use strict';\n{\n${scripts.map((name) => withoutModule(read(name))).join('\n')}}\n`,
    style: styles.map((name) => withoutIndent(read(name))).join('\n'),
  };
  return loaded;
}

function read(name: string): string {
  return readFileSync(packageFile('src', 'report', 'assets', name), 'utf8');
}

/** Takes out imports, the word export, and comments. */
function withoutModule(source: string): string {
  return withoutIndent(source)
    .replace(/^import [^;]+;\n/gm, '')
    .replace(/^export (?=(async )?(function|const|let) )/gm, '')
    .replace(/^\/\*\*[\s\S]*?\*\/\n/gm, '')
    .replace(/^\/\/.*\n/gm, '')
    .replace(/\n{2,}/g, '\n');
}

/** A third of a source is indent, which no string goes on behind. */
function withoutIndent(source: string): string {
  return source.replace(/^ +/gm, '');
}
