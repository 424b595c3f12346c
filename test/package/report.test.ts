import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, test } from 'node:test';
import { buildTimeline } from '../../src/report/timeline';
import { timelineHtml } from '../../src/report/timeline-html';
import { PackedProject } from './packed-project';

const project = new PackedProject();
after(() => project.remove());

test('the packed package makes the same page as its sources, with script and style in it', async () => {
  project.write(
    'page.cjs',
    `const { buildTimeline, timelineHtml } = require('brine/report');
process.stdout.write(timelineHtml(buildTimeline([], { title: 'packed' })));
`,
  );

  const run = await project.node('page.cjs');

  assert.equal(run.stderr, '');
  assert.equal(run.stdout, timelineHtml(buildTimeline([], { title: 'packed' })));
});

test('the packed command draws a capture', async () => {
  const capture = resolve('test/fixtures/capture/ethernet.pcap');

  const run = await project.run(`brine report ${capture} --output run.html`);

  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(project.read('run.html'), /^<!doctype html>\n/);
});
