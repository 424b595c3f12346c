import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { escapeHtml, safeJson } from '../../../src/report/page';
import { buildTimeline } from '../../../src/report/timeline';
import { timelineHtml, timelinePage } from '../../../src/report/timeline-html';
import { eventsTold, sends, syn } from '../capture/told';
import { sampleEvents, sampleFacts } from './sample-run';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const attack = '</script><img src=x onerror=alert(1)><!--<script>\u202e\u2028&quot;\'"';

/** A run in which everything that a peer or a scenario may name is hostile. */
function hostilePage(): string {
  const bytes = Buffer.concat([Buffer.from(attack), everyByte]);
  const named = { ...syn, from: attack, to: `listener "${attack}"` };
  const events = eventsTold([
    named,
    { ...sends('c1', 'out', ''), ...{ from: attack }, bytes },
    { kind: 'fault', connection: 'c1', detail: { type: attack, [attack]: attack } },
    { kind: 'note', detail: { mark: attack } },
    { kind: 'error', connection: 'c1', detail: { code: attack, message: attack } },
  ]);
  return timelinePage(events, {
    title: attack,
    feature: attack,
    when: attack,
    replay: attack,
    warnings: [attack],
    links: [{ label: attack, href: 'a.html' }],
    checks: [
      {
        headline: attack,
        step: attack,
        where: attack,
        hints: [attack],
        expected: bytes,
        received: everyByte,
      },
    ],
  });
}

test('a page is plain ASCII and holds no markup of peers or scenarios', () => {
  const html = hostilePage();

  assert.match(html, /^[\n\x20-\x7e]*$/);
  assert.doesNotMatch(html, /<img|onerror=alert\(1\)>|<!--/);
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/script/g)?.length, 2);
});

test('the model of a page is read back as it was, whatever is in it', () => {
  const [, json = ''] = /id="model">(.*?)<\/script>/s.exec(hostilePage()) ?? [];

  assert.equal(JSON.parse(json).title, attack);
  assert.deepEqual(JSON.parse(safeJson({ attack, every: everyByte.toString('latin1') })), {
    attack,
    every: everyByte.toString('latin1'),
  });
});

test('text in a page is escaped, and what turns it around is shown', () => {
  assert.equal(
    escapeHtml('<b a="1">&\u202e\u0007\n'),
    '&#60;b a=&#34;1&#34;&#62;&#38;\\u{202e}\\u{7}\n',
  );
});

test('the policy of a page allows its own script and style, by their hashes, and nothing else', () => {
  const html = timelinePage(sampleEvents(), sampleFacts);
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');

  assert.deepEqual(policy.split('; '), [
    "default-src 'none'",
    `style-src 'sha256-${hash(style)}'`,
    `script-src 'sha256-${hash(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  assert.ok(html.indexOf('Content-Security-Policy') < html.indexOf('<title'));
});

test('a page names no other place, and its script is one that compiles', () => {
  const html = timelinePage(sampleEvents(), { title: 'x' });
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const addresses = html.match(/\bhttps?:\/\/[\w./]+/g) ?? [];

  assert.deepEqual([...new Set(addresses)], ['http://www.w3.org/2000/svg']);
  assert.doesNotMatch(html, /\b(src|href)=/);
  assert.doesNotThrow(() => new Script(script));
  assert.doesNotMatch(script, /^(import|export) /m);
});

test('script and style of a page take less than 80 KiB', () => {
  assert.ok(timelineHtml(buildTimeline([])).length < 80 * 1_024);
});

test('readers without scripts get verdict and the last lines of the wire log', () => {
  const html = timelinePage(sampleEvents(), sampleFacts);
  const [, plain = ''] = /<main id="plain">(.*?)<\/main>/s.exec(html) ?? [];

  assert.match(plain, /<h1>The list arrives after a lost connection<\/h1>/);
  assert.match(plain, /client &#34;alice&#34; received other bytes than expected/);
  assert.match(plain, /\[3\] &#62; &#34;LIST inbox\\r\\n&#34;/);
});

test('a page that would be larger than 8 MiB is made of fewer events, and says so', () => {
  const chunk = Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7_919) & 0xff));
  const events = eventsTold([
    syn,
    ...Array.from({ length: 2_000 }, (_, at) => ({
      ...sends('c1', 'out', '', at * 4_096),
      bytes: chunk,
    })),
  ]);

  const html = timelinePage(events, {}, { limits: { bytes: 2 ** 30 } });

  assert.ok(html.length <= 8 * 2 ** 20);
  assert.match(html, /"left":\{"events":1\d{3},/);
});

test('a theme is written into the page, and an unknown one refused', () => {
  assert.match(
    timelineHtml(buildTimeline([]), { theme: 'dark' }),
    /<html lang="en" data-theme="dark">/,
  );
  assert.throws(() => timelineHtml(buildTimeline([]), { theme: 'red' as never }), {
    code: 'ECONFIG',
  });
});

test('a model of another version is refused with both versions', () => {
  assert.throws(() => timelineHtml({ ...buildTimeline([]), v: 2 as never, brine: '9.1.0' }), {
    code: 'ECONFIG',
    field: 'v',
    message: 'this report was made by Brine 9.1.0 (model 2); this one makes pages of model 1',
  });
});
