import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { closeScript, closeSheet } from '../../../src/report/close-up';
import { scriptlessSheet, timelineScript, timelineSheet } from '../../../src/report/page-assets';

const source = `
/** Says "it's fine". */
const first = 'a /* not */ // remark';
const second = (text) => text.replace(/[/"'\`]+ +x/g, "it's") + \`\${first.length} \${
  [1, 2].map((n) => \`<\${n} }>\`).join(' ')
} end\`;
// A remark with an apostrophe: it's gone.
let count = 1;
for (const step of [1, 2]) {
  const twice = step * 2;
  const half = twice / 2 / 1;
  count += half;
}
function signs(a, b) {
  return a - -b + +a;
}
const isText = (value) => {
  return /^\\S+$/.test(value);
};
result = [first, second('a/ x'), count, signs(1, 2), isText('a b')].join('|');
`;

test('a script that is closed up does the same, and is shorter', () => {
  const run = (script: string) => runInNewContext(`let result;${script};result`);

  const closed = closeScript(source);

  assert.equal(run(closed), run(source));
  assert.equal(
    run(closed),
    "a /* not */ // remark|ait's22 <1 }> <2 }> end|4|4|false".replace('22', '21'),
  );
  assert.ok(closed.length < source.length * 0.8);
  assert.match(closed, /const twice=step\*2,half=twice\/2\/1;/);
  assert.doesNotMatch(closed, /fine|apostrophe/);
});

test('every file of the page is the same script when it is closed up', () => {
  const folder = 'src/report/assets';
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mjs'))) {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    // Strings, templates and regular expressions are what a reader of the page sees.
    const words = (script: string) => [...script.matchAll(/[\w$]+/g)].map(([word]) => word);
    const without = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^ *\/\/.*$/gm, '');
    const closed = words(closeScript(text)).filter((word) => word !== 'const');
    assert.deepEqual(
      closed,
      words(without).filter((word) => word !== 'const'),
      name,
    );
  }
});

test('a template, a text and an expression that do not end are left as they are', () => {
  assert.equal(closeScript("a = 'b"), "a='b");
  assert.equal(closeScript('a = `b ${c'), 'a=`b ${c');
  assert.equal(closeScript('a = `b \\` ${"}"} c`'), 'a=`b \\` ${"}"} c`');
  assert.equal(closeScript('a = /b'), 'a=/b');
});

test('a sheet that is closed up keeps what separates selectors', () => {
  const sheet =
    '/* x */ a:not(.b) > c,\nd e {\n  margin: 0 1px;\n  font: 12px / 1.5 "X Y", serif;\n}\n';

  assert.equal(closeSheet(sheet), 'a:not(.b) > c,d e{margin:0 1px;font:12px / 1.5 "X Y",serif}');
});

test('script and sheet of the timeline take at most 64 KiB', () => {
  const bytes = timelineScript().length + timelineSheet().length;

  assert.ok(bytes <= 65_536, `${bytes} bytes`);
});

test('each page without script has the colours of both themes, once each', () => {
  const sheet = scriptlessSheet('failed');

  assert.equal(sheet.match(/--bg:#141614/g)?.length, 2);
  assert.equal(sheet.match(/--bg:#f6f5f1/g)?.length, 1);
});
