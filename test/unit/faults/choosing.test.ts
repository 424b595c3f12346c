/** When a fault is there, on which connections, and where in a stream it begins. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as door from '../../../src/faults';
import type { Target } from '../../../src/faults/fault';
import { runSchedule } from '../../../src/faults/schedule';
import { hits } from '../../../src/faults/target';
import { recordOf } from '../../../src/faults/tls-records';
import { watchMessage } from '../../../src/faults/trigger-conditions';
import { TriggerWatch } from '../../../src/faults/trigger-watch';
import { framerFrom } from '../../../src/framing/framer-from';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { simulatedWorld } from '../../../src/simulation/world';

test('shorthands write what they say into a fault', () => {
  const { noop, both, upstream, downstream, onConnection, afterBytes, afterPattern } = door;
  const fault = noop();

  assert.equal(both(fault).stream, 'both');
  assert.equal(downstream(upstream(fault)).stream, 'downstream');
  assert.deepEqual(onConnection(2, fault).connections, { numbers: [2] });
  assert.deepEqual(afterPattern('OK', afterBytes(3, fault)).trigger, { byte: 3, pattern: 'OK' });
  assert.deepEqual(door.forTime('2s', fault).schedule, { duration: '2s' });
  assert.equal(door.sometimes(0.25, fault).toxicity, 0.25);
});

const facts = { number: 6, id: 'mail#6', remote: '10.1.2.3' };
const targets: readonly (readonly [Target, boolean])[] = [
  [{ numbers: [5, 6] }, true],
  [{ first: 5 }, false],
  [{ from: 6, every: 3 }, true],
  [{ from: 7 }, false],
  [{ ids: ['mail#4'] }, false],
  [{ remote: '10.0.0.0/8' }, true],
  [{ remote: '10.1.2.2/31' }, true],
  [{ remote: '10.1.2.4/30' }, false],
  [{ remote: '::1' }, false],
];

for (const [target, hit] of targets) {
  test(`${JSON.stringify(target)} ${hit ? 'hits' : 'spares'} the sixth connection, of 10.1.2.3`, () =>
    assert.equal(hits(target, facts), hit));
}

test('an address of IPv4 that a listener of IPv6 sees is one of IPv4', () => {
  assert.equal(hits({ remote: '10.1.0.0/16' }, { ...facts, remote: '::ffff:10.1.2.3' }), true);
});

test('a schedule opens, closes and ends on the clock of its world', () =>
  simulatedWorld().run(async (world) => {
    const seen: string[] = [];
    const note = (what: string) => () => seen.push(`${what} ${world.clock.now() / 1_000}`);
    const began = world.clock.now() / 1_000;
    runSchedule({ start: 5, duration: 10, every: 20, times: 2 }, world.clock, {
      wake: note('wake'),
      sleep: note('sleep'),
      expire: note('expire'),
    });
    await world.clock.sleep(100);

    const at = (ms: number) => began + ms;
    assert.deepEqual(seen, [
      `sleep ${at(0)}`,
      `wake ${at(5)}`,
      `sleep ${at(15)}`,
      `wake ${at(25)}`,
      `expire ${at(35)}`,
    ]);
  }));

test('a message is a place from its start or from its end, however it was cut', () => {
  const framer = lengthPrefix('u8');
  const wire = Buffer.from([1, 9, 3, 7, 8, 9, 1, 5]);
  for (const [offset, place] of [
    [0, 2],
    [2, 4],
    [-1, 5],
  ] as const) {
    assert.equal(watchMessage(framer, 2, offset).feed(wire, 0), place);
  }
  const cut = watchMessage(framer, 2, 1);
  assert.equal(cut.feed(wire.subarray(0, 3), 0), undefined);
  assert.equal(cut.met, false);
  assert.equal(cut.feed(wire.subarray(3), 0), 0);
  assert.equal(cut.met, true);
  assert.equal(cut.feed(wire, 0), 0);
});

test('the records of TLS are messages', () => {
  const moments = { connection: 0, toxic: 0, proxy: 0, acted: () => false, now: () => 0 };
  const watch = new TriggerWatch({ message: 2, framing: 'tls' }, moments);
  const first = recordOf(22, Buffer.alloc(9));

  assert.equal(watch.feed(Buffer.concat([first, recordOf(23, Buffer.alloc(4))]), 0, 0), 14);
  assert.throws(() => framerFrom('tls'), { code: 'ECONFIG' });
});

const refused: readonly (readonly [object, string])[] = [
  [{ trigger: 3 }, 'invalid trigger: must be an object, got 3'],
  [{ trigger: { where: 'after' } }, 'invalid trigger: needs one of'],
  [{ trigger: { byte: 1, where: 'behind' } }, 'invalid trigger: where must be one of'],
  [{ trigger: { message: 1 } }, 'invalid trigger: message needs a framing'],
  [{ trigger: { message: 1, framing: 'tsl' } }, 'invalid trigger: '],
  [{ trigger: { byte: 1, offset: 0.5 } }, 'invalid trigger: offset must be a whole number'],
  [{ trigger: { after: 7 } }, 'invalid trigger: after must be the name of a toxic'],
  [{ trigger: { pattern: '' } }, 'invalid trigger: pattern must not be empty'],
  [{ trigger: { any: [] } }, 'invalid trigger: any must be a list of triggers'],
  [{ trigger: { at: 'soon' } }, 'invalid trigger: at must be'],
  [{ schedule: { times: 0 } }, 'invalid schedule: times must be a whole number of 1 or more'],
  [{ schedule: { expire: 'never' } }, 'invalid schedule: expire must be "remove" or "keep"'],
  [{ schedule: { often: 1 } }, 'invalid schedule: unknown key "often"'],
  [{ connections: [] }, 'invalid connections: must be an object'],
  [{ connections: { numbers: [0] } }, 'invalid connections: numbers must be a list of'],
  [{ connections: { every: 'two' } }, 'invalid connections: every must be a whole number'],
  [{ connections: { remote: '10.0.0.0/40' } }, 'invalid connections: remote must be an IP address'],
];

for (const [part, message] of refused) {
  test(`${JSON.stringify(part)} is refused: ${message}`, () => {
    assert.throws(
      () => door.readFault({ type: 'noop', ...part }, door.faultTypes),
      (error: NodeJS.ErrnoException) =>
        error.code === 'EINVALIDFAULT' && error.message.startsWith(message),
    );
  });
}
