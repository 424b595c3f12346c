import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Envelope, Story } from '../../../../scripts/showcase/story';

const duration = { seconds: 0, nanos: 2_500_000 };

/** A run of one scenario with two steps, the second of which ends as given. */
function run(status: string, message?: string): readonly Envelope[] {
  const ended = (testStepId: string, result: string, text?: string): Envelope => ({
    testStepFinished: {
      testCaseStartedId: 'run',
      testStepId,
      testStepResult: {
        status: result,
        duration,
        ...(text === undefined ? {} : { message: text }),
      },
    },
  });
  return [
    { gherkinDocument: { uri: 'a.feature', feature: { name: 'Talk', description: '  Why.' } } },
    {
      pickle: {
        id: 'pickle',
        uri: 'a.feature',
        name: 'hello',
        steps: [
          { id: 'p1', text: 'a listener', type: 'Context' },
          {
            id: 'p2',
            text: 'a client sends:',
            type: 'Context',
            argument: { docString: { content: '"one"\n"two"' } },
          },
        ],
      },
    },
    {
      testCase: {
        id: 'case',
        pickleId: 'pickle',
        testSteps: [
          { id: 'hook' },
          { id: 't1', pickleStepId: 'p1' },
          { id: 't2', pickleStepId: 'p2' },
        ],
      },
    },
    { testCaseStarted: { id: 'run', testCaseId: 'case' } },
    ended('hook', 'PASSED'),
    ended('t1', 'PASSED'),
    ended('t2', status, message),
    { testCaseFinished: { testCaseStartedId: 'run' } },
  ];
}

function tell(envelopes: readonly Envelope[]): {
  readonly story: Story;
  readonly lines: readonly string[];
} {
  const lines: string[] = [];
  const story = new Story((text) => lines.push(...text.split('\n')));
  for (const envelope of envelopes) story.see(envelope);
  return { story, lines };
}

test('a story tells feature, scenario, steps and what stands below them', () => {
  const { story, lines } = tell(run('PASSED'));

  assert.deepEqual(lines, [
    '',
    'Talk  a.feature',
    '  Why.',
    '',
    '  hello  7.5 ms',
    '    ✓ Given a listener',
    '    ✓ And   a client sends:',
    '              "one"',
    '              "two"',
  ]);
  assert.deepEqual(story.verdicts, { passed: 1, failed: 0, skipped: 0 });
  assert.equal(story.steps, 2);
});

test('a story tells why a step failed', () => {
  const { story, lines } = tell(run('FAILED', 'client "a" waited\nin vain'));

  assert.ok(lines.includes('    ✗ And   a client sends:'));
  assert.deepEqual(lines.slice(-2), ['        client "a" waited', '        in vain']);
  assert.deepEqual(story.verdicts, { passed: 0, failed: 1, skipped: 0 });
});

test('a sentence without a step is a failure of the story', () => {
  const { story, lines } = tell(run('UNDEFINED'));

  assert.ok(lines.includes('        undefined'));
  assert.equal(story.verdicts.failed, 1);
});

test('a scenario whose program is missing is told as skipped', () => {
  const { story, lines } = tell(run('SKIPPED'));

  assert.ok(lines.includes('    - And   a client sends:'));
  assert.deepEqual(story.verdicts, { passed: 0, failed: 0, skipped: 1 });
});

test('wire totals are taken from attachments', () => {
  const body = JSON.stringify({ scenarios: 1 });
  const attachment = { mediaType: 'application/x.brine.wire-totals+json', body };

  assert.deepEqual(tell([{ attachment }]).story.totals, [{ scenarios: 1 }]);
});
