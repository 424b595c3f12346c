import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedScenariosHtml } from '../../../src/report/failed-scenarios-html';
import { buildTimeline } from '../../../src/report/timeline';
import { timelineStrip } from '../../../src/report/timeline-strip';
import { sampleEvents, sampleFacts } from './sample-run';

test('the page of failed scenarios shows each with its reason, its picture and its files', () => {
  const strip = timelineStrip(buildTimeline(sampleEvents(), sampleFacts));
  const html = failedScenariosHtml([
    {
      title: 'The list arrives',
      feature: 'features/mail.feature:18',
      headline: 'client "alice" received other bytes than expected',
      lasted: '301.53 s (virtual)',
      links: [{ label: 'Timeline', href: 'worker-0/a b-18/wire.html' }],
      strip,
    },
  ]);

  assert.match(html, /<h1>1 scenario failed<\/h1>/);
  assert.match(html, /The list arrives<span>features\/mail\.feature:18<\/span>/);
  assert.match(html, />client &#34;alice&#34; received other bytes than expected<\/td>/);
  assert.match(html, /<a href="worker-0\/a%20b-18\/wire\.html">Timeline<\/a>/);
  assert.ok(html.includes(strip.trimEnd()));
});

test('the page of failed scenarios has no script, and none can come in by names', () => {
  const attack = '</h1><script>alert(1)</script>\u202e';
  const html = failedScenariosHtml([
    {
      title: attack,
      feature: attack,
      headline: attack,
      lasted: attack,
      links: [
        { label: attack, href: 'wire.html' },
        { label: 'away', href: 'javascript:alert(1)' },
        { label: 'away', href: '../../secret.html' },
      ],
      strip: attack,
    },
  ]);

  assert.doesNotMatch(html, /<script|href="(?!wire\.html")|script-src/);
  assert.match(html, /^[\n\x20-\x7e]*$/);
  assert.match(html, /default-src 'none'; style-src 'sha256-\S+' 'sha256-\S+';/);
});

test('the page of failed scenarios is dark where the system is, and light on paper', () => {
  const html = failedScenariosHtml([]);

  assert.match(html, /<h1>No scenario failed<\/h1>/);
  assert.match(html, /@media screen and \(prefers-color-scheme:dark\)\{:root:not\(.*--bg:#141614/);
});
