import { readFileSync } from 'node:fs';
import { packageFile } from '../base/package-info';
import { closeScript, closeSheet } from './close-up';

/** Parts of the script of the timeline, each after what it uses. */
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

let script: string | undefined;
const sheets = new Map<string, string>();

/** The script of the timeline, of its parts in `assets/`. They are modules for their checks only. */
export function timelineScript(): string {
  script ??= `'use strict';\n{\n${scripts.map((name) => withoutModule(read(name))).join('\n')}}\n`;
  return script;
}

/** The sheet of the timeline, whose script follows the theme of the system. */
export function timelineSheet(): string {
  return sheetOf('timeline');
}

/** The sheet of a page without script: it follows the theme of the system by itself. */
export function scriptlessSheet(page: 'failed' | 'matrix' | 'campaign'): string {
  const sheet = sheetOf(page);
  const dark = /@media screen\{:root\[data-theme="dark"\](\{.*?\})\}/.exec(sheet)?.[1] ?? '';
  const media = '@media screen and (prefers-color-scheme:dark)';
  return `${sheet}${media}{:root:not([data-theme="light"])${dark}}`;
}

/** The colours and shapes that every page has, and what one page has beside them. */
function sheetOf(page: string): string {
  const known = sheets.get(page);
  if (known !== undefined) return known;
  const sheet = ['page.css', `${page}.css`].map((name) => closeSheet(read(name))).join('');
  sheets.set(page, sheet);
  return sheet;
}

function read(name: string): string {
  return readFileSync(packageFile('src', 'report', 'assets', name), 'utf8');
}

/** Takes out imports and the word export, and what only serves those who write it. */
function withoutModule(source: string): string {
  return closeScript(
    source
      .replace(/^import [^;]+;\n/gm, '')
      .replace(/^export (?=(async )?(function|const|let) )/gm, ''),
  );
}
