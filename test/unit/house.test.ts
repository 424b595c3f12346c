/** The rules of the house that neither the compiler nor the linter can hold. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorCodes } from '../../src/base/error-codes';
import { placesOf, readFiles, readTop } from './repository-files';

const sources = readFiles(['src'], /\.ts$/);
const tests = readFiles(['test'], /\.ts$/).filter(({ path }) => path !== 'test/unit/house.test.ts');
const features = readFiles(['features'], /\.feature$/);
const prose = [...readFiles(['docs'], /\.md$/), ...readTop(/\.md$/)];
const scripts = readFiles(['scripts', 'step-definitions', 'examples'], /\.ts$/);

test('no source file is longer than 300 lines', () => {
  const long = sources
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path} ${lines}`);

  assert.deepEqual(long, []);
});

test('half of the source files have at most 90 lines, nine of ten at most 180', () => {
  const sorted = sources.map(({ lines }) => lines).sort((left, right) => left - right);
  const share = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;

  assert.ok(share(0.5) <= 90, `the median is ${share(0.5)} lines`);
  assert.ok(share(0.9) <= 180, `nine of ten have up to ${share(0.9)} lines`);
});

test('no file is a drawer for odds and ends', () => {
  const drawers = [...sources, ...tests, ...scripts]
    .map(({ path }) => path)
    .filter((path) =>
      /(^|\/)(utils?|helpers?|common|misc|types)(\.|\/)/.test(path.replace(/^test\/types\//, '')),
    );

  assert.deepEqual(drawers, []);
});

test('every error code has a heading in docs/errors.md, and every heading is a code', () => {
  const headings = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^#{2,4} `?([A-Z_]+)`?$/gm)];

  assert.deepEqual(headings.map((match) => match[1]).sort(), Object.keys(errorCodes).sort());
});

/** An RFC, a page on the web, or a page of this repository; an anchor or a section may follow. */
const sourceForms = [
  /^RFC \d+( sections? [\d.]+((, | and )[\d.]+)*)?$/,
  /^https:\/\/[\w.-]+\/\S+$/,
];

test('every @source names an RFC, a page on the web, or a page that is here', () => {
  const named = [...sources, ...scripts].flatMap(({ path, text }) =>
    [...text.matchAll(/@source\s+(.+?)\s*(?:\*\/)?$/gm)].map((match) => ({
      path,
      source: match[1] ?? '',
    })),
  );
  const lost = named.filter(
    ({ source }) => !sourceForms.some((form) => form.test(source)) && !isPage(source),
  );

  assert.deepEqual(
    lost.map(({ path, source }) => `${path}: ${source}`),
    [],
  );
});

function isPage(source: string): boolean {
  const [page = '', section] = source.split('#');
  if (!/^(docs|features|certs)\/[\w./-]+$/.test(page) || !existsSync(page)) return false;
  return section === undefined || headingsOf(page).includes(section);
}

function headingsOf(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

test('no test and no scenario is left out, and nothing is left to do', () => {
  const left =
    /\b(test|it|describe|suite)\.(skip|only|todo)\(|\b(skip|only|todo): true|@skip\b|@wip\b|\bTODO\b|\bFIXME\b/;

  assert.deepEqual(placesOf([...sources, ...tests, ...scripts, ...features, ...prose], left), []);
});

test('titles of tests are claims, not wishes', () => {
  assert.deepEqual(placesOf(tests, /\btest\(\s*['"`].*\bshould\b/), []);
});

test('tests and real scenarios listen on free ports only', () => {
  const fixed = /\blisten\(\s*[1-9]\d*|new Listener\(\s*[1-9](?!.*\bworld\b)|--port [1-9]\d*/;
  const real = tests.filter(({ path }) => !/simulat/.test(path));
  assert.deepEqual(placesOf(real, fixed), []);

  const simulatedPorts = features.filter(({ text }) => !/@simulated/.test(text));
  assert.deepEqual(placesOf(simulatedPorts, /\blistener .*\bon port [1-9]/), []);
});

test('files and commits speak of the product, not of tickets', () => {
  const number = /(^|[\s(])#\d+\b/;
  const word = /\b(issue|ticket) #?\d+/i;
  const code = [...sources, ...tests, ...scripts];
  assert.deepEqual(placesOf([...code, ...features, ...prose], word), []);
  assert.deepEqual(placesOf(code, /^\s*(\/\/|\/?\*).*\s#\d+\b/), []);
  assert.deepEqual(placesOf([...prose, ...features], /^(#\d+|\s*#.*\s#\d+)\b/), []);

  if (!existsSync('.git')) return;
  const messages = execFileSync('git', ['log', '--format=%s%n%b'], { encoding: 'utf8' });
  const named = messages.split('\n').filter((line) => number.test(line) || word.test(line));
  assert.deepEqual(named, []);
});
