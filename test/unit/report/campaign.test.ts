import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CampaignFacts, campaignHtml } from '../../../src/report/campaign-html';
import { buildTimeline } from '../../../src/report/timeline';
import { timelineStrip } from '../../../src/report/timeline-strip';
import { sampleEvents, sampleFacts } from './sample-run';

const held: CampaignFacts = { runs: 12_400, counterexamples: [] };
const example = {
  property: 'echo',
  scenario: 'Scenario: shrunk\n  When client sends hex "0d"',
  expected: '3 bytes',
  stability: 'fails 10 of 10 replays',
};

test('a campaign says first whether everything held', () => {
  assert.match(campaignHtml(held), /<p class="verdict ok">held over 12&#160;400 runs<\/p>/);
  const html = campaignHtml({ ...held, counterexamples: [example, example] });
  assert.match(html, /<p class="verdict bad">1 property violated in 12&#160;400 runs<\/p>/);
});

test('a counterexample is shown as a scenario with what it takes, of many the first twenty', () => {
  const strip = timelineStrip(buildTimeline(sampleEvents(), sampleFacts));
  const counterexamples = Array.from({ length: 23 }, () => ({ ...example, strip }));

  const html = campaignHtml({ ...held, counterexamples });

  assert.equal(html.match(/<article>/g)?.length, 20);
  assert.match(html, /<pre>Scenario: shrunk\n {2}When client sends hex &#34;0d&#34;<\/pre>/);
  assert.match(html, /<dt>stability<\/dt><dd>fails 10 of 10 replays<\/dd>/);
  assert.match(html, /<p>3 more in \.brine\/failures<\/p>/);
  assert.ok(html.includes(strip.trimEnd()));
});

test('a campaign shows whether it was any good: goals, faults, novelty', () => {
  const html = campaignHtml({
    ...held,
    goals: [
      { name: 'reset mid-frame', reached: 31 },
      { name: 'window closed', reached: 0 },
    ],
    faults: [
      { type: 'latency', planned: 100, fired: 90 },
      { type: 'reset', planned: 100, fired: 79 },
    ],
    properties: [
      { name: 'echo', runs: 12_400, skipped: 3, distinct: 900, late: 1, perSecond: 812.4 },
    ],
    novelty: [50, 20, 0],
    facts: { seed: '42', profile: 'ci' },
  });

  assert.ok(html.indexOf('window closed') < html.indexOf('reset mid-frame'));
  assert.match(html, /<b class="bad">never reached<\/b>/);
  assert.match(html, /reached 31 of 12&#160;400 runs/);
  assert.equal(html.match(/never fired/g)?.length, 1);
  assert.match(html, /<td>812<\/td>/);
  assert.match(html, /points="0,4 300,49.6 600,80"/);
  assert.match(html, /<th scope="row">seed<\/th><td>42<\/td>/);
  assert.doesNotMatch(campaignHtml({ ...held, novelty: [1] }), /polyline points/);
});

test('a page of a campaign has no script, and none can come in by names', () => {
  const attack = '</pre><script>alert(1)</script>';
  const html = campaignHtml({
    title: attack,
    runs: 1,
    counterexamples: [{ property: attack, scenario: attack, replay: attack, strip: attack }],
    goals: [{ name: attack, reached: 1 }],
    facts: { [attack]: attack },
  });

  assert.doesNotMatch(html, /<script|script-src/);
  assert.match(html, /^[\n\x20-\x7e]*$/);
});
