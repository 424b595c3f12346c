import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionFacts, WriteCallback } from '../../../../src/network/real/connection-facts';
import { honestCallback } from '../../../../src/network/real/write-outcome';

function factsOf(destroyed: boolean): ConnectionFacts {
  return { connection: { destroyed } } as unknown as ConnectionFacts;
}

test('a write of an open connection succeeds and fails as Node says', () => {
  const outcomes: unknown[] = [];
  const facts = factsOf(false);
  const asked: WriteCallback = (error) => outcomes.push(error);
  const failure = new Error('write EPIPE');

  honestCallback(facts, asked)();
  honestCallback(facts, asked)(null);
  honestCallback(facts, asked)(failure);

  assert.deepEqual(outcomes, [undefined, null, failure]);
});

test('a write of a destroyed connection never succeeds', () => {
  const outcomes: (NodeJS.ErrnoException | null | undefined)[] = [];
  const facts = factsOf(true);
  const failure = new Error('write EPIPE');
  const asked: WriteCallback = (error) => outcomes.push(error);

  honestCallback(facts, asked)(null);
  honestCallback(facts, asked)(failure);

  const [cutOff, own] = outcomes;
  assert.deepEqual(
    [cutOff?.code, cutOff?.errno, cutOff?.syscall, cutOff?.message],
    ['ECANCELED', -125, 'write', 'write ECANCELED'],
  );
  assert.equal(own, failure);
});

test('one wrapper serves all writes of a stream', () => {
  const facts = factsOf(false);
  const asked: WriteCallback = () => undefined;

  assert.equal(honestCallback(facts, asked), honestCallback(facts, asked));
  assert.notEqual(
    honestCallback(facts, asked),
    honestCallback(facts, () => undefined),
  );
});
