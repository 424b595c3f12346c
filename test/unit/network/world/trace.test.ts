import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32 } from '../../../../src/base/crc32';
import type { WireEvent, WireEventInput } from '../../../../src/network/wire-event';
import { createTrace, type TraceOptions } from '../../../../src/network/world/trace';

const input: fc.Arbitrary<WireEventInput> = fc
  .record({
    connection: fc.constantFrom('c1', 's1', 'c2', 'c1+tls', ''),
    direction: fc.constantFrom('out', 'in', '-'),
    kind: fc.constantFrom('syn', 'write', 'data', 'fin', 'rst', 'tls', 'close', 'note'),
    bytes: fc.option(fc.uint8Array({ maxLength: 8 }), { nil: undefined }),
  })
  .map(({ bytes, ...rest }) => ({
    from: 'a',
    to: 'b',
    ...rest,
    ...(bytes !== undefined && { bytes }),
  })) as fc.Arbitrary<WireEventInput>;

const inputs = fc.array(input, { maxLength: 20 });

function event(bytes?: string, more: Partial<WireEventInput> = {}): WireEventInput {
  return {
    connection: 'c1',
    from: 'alice',
    to: 'mail',
    direction: 'out',
    kind: bytes === undefined ? 'note' : 'write',
    ...(bytes !== undefined && { bytes: Buffer.from(bytes) }),
    ...more,
  };
}

/** A trace at whose every event one more microsecond has passed. */
function filled(options: TraceOptions, events: readonly WireEventInput[]) {
  const trace = createTrace(options);
  let now = 0;
  trace.useClock(() => now++);
  for (const entry of events) trace.add(entry);
  return trace;
}

test('a trace numbers events, takes their time from its clock and adds length and digest', () => {
  const trace = createTrace({ mode: 'full' });
  trace.useClock(() => 1_234);

  trace.add(event());
  const added = trace.add(event('hello', { stream: 7 }));

  assert.deepEqual(added, {
    index: 1,
    atUs: 1_234,
    connection: 'c1',
    from: 'alice',
    to: 'mail',
    direction: 'out',
    kind: 'write',
    length: 5,
    bytes: Buffer.from('hello'),
    digest: crc32(Buffer.from('hello')),
    stream: 7,
  });
  assert.deepEqual(Object.keys(added), [
    'index',
    'atUs',
    'connection',
    'from',
    'to',
    'direction',
    'kind',
    'length',
    'bytes',
    'digest',
    'stream',
  ]);
});

test('the first clock that a trace is lent stays', () => {
  const trace = createTrace();
  trace.useClock(() => 1);
  trace.useClock(() => 2);

  assert.equal(trace.add(event()).atUs, 1);
});

test('a trace in mode events keeps length and digest, and no bytes', () => {
  const trace = createTrace();
  assert.equal(trace.mode, 'events');

  const kept = trace.add(event('hello'));

  assert.deepEqual([kept.length, kept.digest], [5, crc32(Buffer.from('hello'))]);
  assert.equal('bytes' in kept, false);
  assert.deepEqual(trace.events, [kept]);
});

test('a trace that is off keeps nothing, and is active while somebody subscribes', () => {
  const trace = createTrace({ mode: 'off' });
  assert.deepEqual([trace.active, trace.keepsBytes], [false, false]);
  const seen: WireEvent[] = [];

  const unsubscribe = trace.subscribe((entry) => seen.push(entry));
  assert.deepEqual([trace.active, trace.keepsBytes], [true, true]);
  trace.add(event('hello'));
  unsubscribe();
  unsubscribe();
  trace.add(event());

  assert.equal(trace.active, false);
  assert.deepEqual([trace.events.length, trace.dropped, seen.length], [0, 0, 1]);
});

test('a subscriber gets bytes in every mode', () => {
  for (const mode of ['full', 'events', 'off'] as const) {
    const trace = createTrace({ mode });
    const seen: string[] = [];
    trace.subscribe(({ bytes }) => seen.push(String(bytes)));

    trace.add(event('hello'));

    assert.deepEqual(seen, ['hello']);
  }
});

test('the same function may subscribe twice, and a subscriber may leave during an event', () => {
  const trace = createTrace();
  const seen: string[] = [];
  const listener = (): number => seen.push('twice');
  trace.subscribe(listener);
  const leave = trace.subscribe(listener);
  const leaveAtOnce = trace.subscribe(() => {
    seen.push('once');
    leaveAtOnce();
  });

  trace.add(event());
  leave();
  trace.add(event());

  assert.deepEqual(seen, ['twice', 'twice', 'once', 'twice']);
});

test('a trace says when it begins to be watched', () => {
  const trace = createTrace({ mode: 'off' });
  let times = 0;
  trace.whenWatched(() => times++);

  const first = trace.subscribe(() => undefined);
  const second = trace.subscribe(() => undefined);
  first();
  second();
  trace.subscribe(() => undefined);

  assert.equal(times, 2);
});

test('beyond maxEvents the oldest events go and are counted', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.nat(40), (maxEvents, count) => {
      const events = Array.from({ length: count }, (_, index) => event(`${index}`));
      const trace = filled({ mode: 'full', maxEvents }, events);

      const kept = Math.min(maxEvents, count);
      assert.equal(trace.dropped, count - kept);
      assert.deepEqual(
        trace.events.map(({ index }) => index),
        Array.from({ length: kept }, (_, index) => count - kept + index),
      );
      assert.equal(trace.dropped, count - kept);
    }),
  );
});

test('a ring that is read only at the end holds what one holds that is read all the time', () => {
  const events = Array.from({ length: 5_000 }, (_, index) => event(`${index}`));
  const trace = filled({ mode: 'full', maxEvents: 100 }, events);
  const read = createTrace({ mode: 'full', maxEvents: 100 });
  let now = 0;
  read.useClock(() => now++);
  for (const entry of events) {
    read.add(entry);
    assert.equal(read.events.length <= 100, true);
  }

  assert.deepEqual(trace.events, read.events);
  assert.equal(trace.dropped, 4_900);
});

test('beyond maxBytes the oldest bytes go and their events stay', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6), { maxLength: 30 }), fc.nat(20), (lengths, maxBytes) => {
      const events = lengths.map((length) => event('x'.repeat(length)));
      const trace = filled({ mode: 'full', maxBytes }, events);

      const held = trace.events.map(({ bytes }) => bytes?.byteLength ?? 0);
      assert.deepEqual(
        trace.events.map(({ length }) => length),
        lengths,
      );
      assert.equal(held.reduce((sum, length) => sum + length, 0) <= maxBytes, true);
      const firstHeld = trace.events.findIndex(({ bytes }) => (bytes?.byteLength ?? 0) > 0);
      const stripped = firstHeld < 0 ? [] : trace.events.slice(firstHeld);
      assert.equal(
        stripped.every(({ bytes }) => bytes !== undefined),
        true,
      );
      assert.equal(
        trace.events.every(({ digest }) => digest !== undefined),
        true,
      );
    }),
  );
});

test('both limits hold together, also after reading', () => {
  const trace = createTrace({ mode: 'full', maxEvents: 10, maxBytes: 12 });
  for (let index = 0; index < 3_000; index++) {
    trace.add(event('abc'));
    if (index % 7 === 0) assert.equal(trace.events.length <= 10, true);
  }

  const withBytes = trace.events.filter(({ bytes }) => bytes !== undefined);
  assert.deepEqual([trace.events.length, withBytes.length], [10, 4]);
  assert.deepEqual(trace.events.slice(-4), withBytes);
});

test('equal streams have equal hashes, in every mode and under every limit', () => {
  fc.assert(
    fc.property(inputs, (events) => {
      const hashes = [
        filled({ mode: 'full' }, events),
        filled({ mode: 'events' }, events),
        filled({ mode: 'off' }, events),
        filled({ mode: 'full', maxEvents: 2, maxBytes: 3 }, events),
      ].map((trace) => `${trace.hash()} ${trace.hash({ withoutCiphertext: true })}`);

      assert.equal(new Set(hashes).size, 1);
      assert.match(hashes[0] ?? '', /^[0-9a-f]{32} [0-9a-f]{32}$/);
    }),
  );
});

test('streams that differ in one thing have different hashes', () => {
  const base = [event('one'), event('two'), event(undefined, { kind: 'close' })];
  const others = [
    base.slice(0, 2),
    base.slice(1),
    [...base, event()],
    [base[1], base[0], base[2]],
    [event('One'), ...base.slice(1)],
    [event('one', { connection: 'c2' }), ...base.slice(1)],
    [event('one', { direction: 'in' }), ...base.slice(1)],
    [event('one', { kind: 'data' }), ...base.slice(1)],
    [event(undefined, { kind: 'write' }), ...base.slice(1)],
    [event('', { kind: 'write' }), ...base.slice(1)],
    [event(undefined, { kind: 'write', length: 3 }), ...base.slice(1)],
    [],
  ] as WireEventInput[][];

  const hashes = [base, ...others].map((events) => filled({}, events).hash());

  assert.equal(new Set(hashes).size, hashes.length);
});

test('the time of an event is part of the hash, also beyond 32 bits', () => {
  const hashes = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((atUs) => {
    const trace = createTrace();
    trace.useClock(() => atUs);
    trace.add(event());
    return trace.hash();
  });

  assert.equal(new Set(hashes).size, hashes.length);
});

test('labels, offsets and details are no part of the hash', () => {
  const plain = filled({}, [event('one')]);
  const named = filled({}, [event('one', { from: 'x', to: 'y', stream: 9, detail: { a: 1 } })]);

  assert.equal(plain.hash(), named.hash());
});

test('without ciphertext only length and digest after the start of TLS do not count', () => {
  const tls = event(undefined, { kind: 'tls' });
  const hash = (events: readonly WireEventInput[]) =>
    filled({}, events).hash({ withoutCiphertext: true });

  assert.equal(hash([tls, event('secret')]), hash([tls, event('other!!')]));
  assert.notEqual(hash([tls, event('secret')]), hash([tls]));
  assert.notEqual(hash([event('plain')]), hash([event('other')]));
  assert.notEqual(
    hash([tls, event('plain', { connection: 'c2' })]),
    hash([tls, event('other', { connection: 'c2' })]),
  );
  assert.notEqual(
    hash([tls, event('plain', { connection: 'c1+tls' })]),
    hash([tls, event('other', { connection: 'c1+tls' })]),
  );
  assert.notEqual(filled({}, [tls, event('secret')]).hash(), filled({}, [tls, event('x')]).hash());
});

test('a hash can be taken at any time and does not disturb the next one', () => {
  const once = filled({}, [event('one'), event('two')]);
  const often = createTrace();
  let now = 0;
  often.useClock(() => now++);

  const empty = often.hash();
  often.add(event('one'));
  often.hash();
  often.add(event('two'));

  assert.equal(often.hash(), once.hash());
  assert.notEqual(empty, once.hash());
});

test('wrong options of a trace are refused', () => {
  const wrong: readonly [object, RegExp][] = [
    [{ mode: 'all' }, /mode must be one of "full", "events", "off", got "all"/],
    [{ maxEvents: -1 }, /maxEvents must be a whole number of 0 or more/],
    [{ maxBytes: 1.5 }, /maxBytes must be a whole number of 0 or more/],
    [{ maxEvent: 1 }, /createTrace: unknown key "maxEvent"/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => createTrace(options as TraceOptions), { code: 'ECONFIG', message });
  }
});
