import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandshakeHold } from '../../../src/capture/handshake-hold';
import { eventsTold, type Told } from './told';

const limits = { bytes: 100, timeUs: 5_000 };

function holdAfter(...told: readonly Told[]): HandshakeHold {
  const hold = new HandshakeHold(limits);
  for (const event of eventsTold(told)) hold.see(event);
  return hold;
}

const tls = (connection: string, event: string): Told => ({
  connection,
  kind: 'tls',
  detail: { event },
});

test('packets wait from the start of a handshake until every end of ours is secured', () => {
  assert.equal(holdAfter().active, false);
  assert.equal(holdAfter(tls('c1', 'start'), tls('c1', 'record')).active, true);
  const both = [tls('c1', 'start'), tls('s1', 'start'), tls('c1', 'secured')];
  assert.equal(holdAfter(...both).active, true);
  assert.equal(holdAfter(...both, tls('s1', 'secured')).active, false);
});

for (const end of ['failed', 'close', 'rst', 'error'] as const) {
  test(`a handshake that is over by ${end} holds nothing back`, () => {
    const over: Told = end === 'failed' ? tls('c1', end) : { connection: 'c1', kind: end };

    assert.equal(holdAfter(tls('c1', 'start'), over).active, false);
  });
}

test('packets wait no longer than the limits, and later handshakes begin anew', () => {
  const hold = holdAfter(tls('c1', 'start'));

  hold.limit(6_000, 100);
  assert.equal(hold.active, true);
  hold.limit(6_001, 0);
  assert.equal(hold.active, false);

  const [again] = eventsTold([{ ...tls('c2', 'start'), after: 7_000 }]);
  assert.ok(again);
  hold.see(again);
  hold.limit(12_000, 100);
  assert.equal(hold.active, true);
  hold.limit(7_000, 101);
  assert.equal(hold.active, false);
});
