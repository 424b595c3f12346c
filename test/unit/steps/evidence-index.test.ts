import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { workerPlace } from '../../../src/cucumber/worker-place';
import { EvidenceIndex } from '../../../src/steps/evidence-index';

function place(context: TestContext) {
  const out = mkdtempSync(join(tmpdir(), 'brine-index-'));
  context.after(() => rmSync(out, { recursive: true, force: true }));
  return { out, workers: 2, run: 'now', page: join(out, 'index.html') };
}

const mail = {
  title: 'mail arrives',
  feature: 'features/mail.feature:18',
  headline: 'client "alice" received other bytes than expected',
  links: [{ label: 'Timeline', href: 'worker-0/mail-arrives-18/wire.html' }],
};

test('an index lists what failed in any process of the run, whichever ends last', (context) => {
  const { page, ...where } = place(context);
  const one = new EvidenceIndex({ ...where, worker: 0 });
  const other = new EvidenceIndex({ ...where, worker: 1 });
  one.add(mail);
  one.write();
  other.add({ title: 'mail leaves' });

  other.write();

  const html = readFileSync(page, 'utf8');
  assert.match(html, /<h1>2 scenarios failed<\/h1>/);
  assert.match(html, /href="worker-0\/mail-arrives-18\/wire\.html">Timeline</);
  assert.match(html, /mail leaves/);
});

test('an index has nothing of an earlier run, and goes when nothing has failed', (context) => {
  const { page, ...where } = place(context);
  const earlier = new EvidenceIndex({ ...where, run: 'before', worker: 1 });
  earlier.add(mail);
  earlier.write();
  assert.ok(existsSync(page));

  new EvidenceIndex({ ...where, worker: 0 }).write();

  assert.ok(!existsSync(page));
});

test('a list that another process has not written to its end is left to that process', (context) => {
  const { page, ...where } = place(context);
  const index = new EvidenceIndex({ ...where, worker: 0 });
  index.add(mail);
  writeFileSync(join(where.out, 'failed-1.json'), '{"run":"now","scen');

  index.write();

  assert.match(readFileSync(page, 'utf8'), /<h1>1 scenario failed<\/h1>/);
});

test('a process knows its place among those that run side by side, in both runners', () => {
  const single = workerPlace({});
  const parallel = { CUCUMBER_PARALLEL: 'true' };
  const modern = { ...parallel, CUCUMBER_WORKER_ID: '2', CUCUMBER_TOTAL_WORKERS: '4' };
  const legacy = { ...parallel, CUCUMBER_SLAVE_ID: '1', CUCUMBER_TOTAL_SLAVES: '2' };

  assert.deepEqual(single, { worker: 0, workers: 1, run: String(process.pid) });
  assert.deepEqual(workerPlace(modern), { worker: 2, workers: 4, run: String(process.ppid) });
  assert.deepEqual(workerPlace(legacy), { worker: 1, workers: 2, run: String(process.ppid) });
  assert.equal(workerPlace({ CUCUMBER_WORKER_ID: '../x' }).worker, 0);
});
