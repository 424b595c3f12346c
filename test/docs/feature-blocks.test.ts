import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type BlockResult, runFeatures } from './feature-run';
import { allBlocks, type Block } from './markdown';
import { ReaderProject } from './reader-project';
import { isStepDefinitions } from './step-definitions';

const features = allBlocks().filter(({ language }) => language === 'gherkin');
const steps = allBlocks().filter(isStepDefinitions);
const ownPages = new Set(steps.map(({ page }) => page));
const project = new ReaderProject();
const results = new Map<Block, BlockResult>();
let output = '';

/** One run for all pages; a page that shows step definitions of its own gets a run of its own. */
before(async () => {
  const plain = features.filter(({ page }) => !ownPages.has(page));
  await run('pages', plain, []);
  for (const page of ownPages) {
    const ofPage = (block: Block) => block.page === page;
    await run(page.replace(/[^\w]+/g, '-'), features.filter(ofPage), steps.filter(ofPage));
  }
});

after(() => project.remove());

async function run(name: string, blocks: readonly Block[], own: readonly Block[]): Promise<void> {
  if (blocks.length === 0) return;
  const done = await runFeatures(project, name, blocks, own);
  for (const [block, result] of done.results) results.set(block, result);
  output += done.output;
}

for (const block of features) {
  test(`the scenarios at ${block.page}:${block.line} pass`, () => {
    const { scenarios, problems } = results.get(block) ?? { scenarios: 0, problems: [] };

    assert.deepEqual(problems, []);
    assert.ok(scenarios > 0, `no scenario ran\n${output}`);
  });
}

for (const { page, line } of steps) {
  test(`the step definitions at ${page}:${line} are used by a scenario of the page`, () => {
    assert.ok(features.some((block) => block.page === page));
  });
}
