import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTimeline } from '../../../src/report/timeline';
import { timelineStrip } from '../../../src/report/timeline-strip';
import { eventsTold, sends, syn } from '../capture/told';
import { sampleEvents, sampleFacts } from './sample-run';

test('a picture has a track for each connection, and a sign for each fault and each failure', () => {
  const svg = timelineStrip(buildTimeline(sampleEvents(), sampleFacts));

  assert.equal(svg.match(/class="track"/g)?.length, 4);
  assert.equal(svg.match(/class="fault"/g)?.length, 4);
  // A timeout, two RST and the check.
  assert.equal(svg.match(/class="bad"/g)?.length, 4);
  assert.equal(svg.match(/class="break"/g)?.length, 2);
  assert.match(svg, />c1 alice &#62; edge</);
  assert.match(svg, />5 min</);
});

test('a picture tells in its title what it shows', () => {
  const svg = timelineStrip(buildTimeline(sampleEvents(), sampleFacts));

  assert.match(
    svg,
    /<title>The list arrives after a lost connection: client &#34;alice&#34; received other bytes than expected \(\d+ of 41 rows, 301\.53 s, 8 problems\)<\/title>/,
  );
});

test('of many rows a picture has sixty, with the failure among them', () => {
  const chatter = Array.from({ length: 500 }, (_, at) => sends('c1', 'out', 'x', at));
  const events = eventsTold([syn, ...chatter]);
  const check = { headline: 'late', connection: 'c1', afterIndex: 250 };

  const svg = timelineStrip(buildTimeline(events, { checks: [check] }));

  assert.equal(svg.match(/class="(out|in|bad)"/g)?.length, 60);
  assert.equal(svg.match(/class="bad"/g)?.length, 1);
  assert.match(svg, /60 of 502 rows/);
});

test('a picture of nothing says so', () => {
  assert.match(timelineStrip(buildTimeline([])), />nothing was seen on the wire</);
});

test('a picture is plain ASCII without script, whatever is in it', () => {
  const attack = '</title><script>alert(1)</script>\u202e\u{1f600}';
  const events = eventsTold([{ ...syn, from: `client "${attack}"`, to: attack }]);

  const svg = timelineStrip(
    buildTimeline(events, { title: attack, checks: [{ headline: attack }] }),
  );

  assert.match(svg, /^[\n\x20-\x7e]*$/);
  assert.doesNotMatch(svg, /<script|<\/title>.*<\/title>/);
});
