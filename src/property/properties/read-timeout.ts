import fc from 'fast-check';
import { deferred } from '../../base/deferred';
import { formatDuration, toMicroseconds } from '../../base/duration';
import type { World } from '../../network/world';
import type { Caller } from '../../tcp/caller';
import { Listener } from '../../tcp/listener';
import { hexOf } from '../hex';
import { PropertyViolation } from '../property-violation';
import type { FuzzClient, SystemUnderTest } from '../system-under-test';
import { defineProperty, type WireProperty } from '../wire-property';

/** Bytes that arrive some time around the limit of a read. */
export interface LateBytes {
  /** The limit of the read, in milliseconds. */
  readonly limitMs: number;
  /** When the bytes arrive, in microseconds from the limit; negative is before it. */
  readonly afterUs: number;
  readonly bytes: Uint8Array;
}

/** How long a segment is on its way, in microseconds; the plan says the same. */
const latencyUs = 1_000;

const limits = fc.constantFrom(10, 50, 1_000, 30_000, 300_000);
const around = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom(1, -1, 0),
  fc.integer({ min: -5_000, max: 5_000 }),
);

/**
 * P6: bytes that arrive before the limit of a read are given; those that arrive behind it end the
 * read with nothing, and are given to the next one.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function readTimeoutEdge(target: SystemUnderTest): WireProperty<LateBytes> {
  return defineProperty({
    id: 'P6',
    title: 'read timeout',
    statement:
      'bytes before the limit of a read are its own, bytes behind it those of the next read',
    worlds: ['simulated'],
    arbitrary: fc.record({
      limitMs: limits,
      afterUs: around,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
    toPlan: () => ({ v: 1, links: [{ from: '*', to: '*', latency: `${latencyUs}us` }] }),
    toScenario: () => undefined,
    async check(world, { limitMs, afterUs, bytes }, probe) {
      await withClient(target, world, async (client, caller) => {
        const dueUs = toMicroseconds(limitMs) + afterUs - latencyUs;
        const wrote = deferred();
        wrote.promise.catch(() => undefined);
        world.clock.after(dueUs, () => caller.writeBytes(bytes).then(wrote.resolve, wrote.reject));
        const first = await client.receive({ timeout: limitMs });
        probe.sometimes('read timeout then late byte', first === null);
        // On the very microsecond either may be first.
        if (afterUs < 0 && first === null) throw early(limitMs, afterUs);
        if (afterUs > 0 && first !== null) throw late(limitMs, afterUs);
        const given = first ?? (await client.receive({ timeout: '60s' }));
        if (given === null || !Buffer.from(given).equals(bytes)) {
          throw new PropertyViolation('the late bytes were lost', {
            expected: hexOf(bytes),
            actual: given === null ? 'nothing' : hexOf(given),
          });
        }
        await wrote.promise;
      });
    },
  });
}

function early(limitMs: number, afterUs: number): PropertyViolation {
  return new PropertyViolation(
    `a read of ${formatDuration(limitMs)} gave nothing, although bytes came ${-afterUs} us before its limit`,
  );
}

function late(limitMs: number, afterUs: number): PropertyViolation {
  return new PropertyViolation(
    `a read of ${formatDuration(limitMs)} gave bytes that came ${afterUs} us behind its limit`,
  );
}

/** What a peer does to a client that reads with a limit. */
export interface Ordeal {
  readonly limitMs: number;
  readonly does: 'nothing' | 'sends' | 'ends' | 'resets';
  /** Milliseconds from the start of the read. */
  readonly afterMs: number;
}

/** How much behind its limit a read may end, in microseconds. */
const slackUs = { simulated: 0, real: 250_000 } as const;

/**
 * P5: a read with a limit ends once, not behind the limit, and not before it when it gives nothing.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function boundedTermination(target: SystemUnderTest): WireProperty<Ordeal> {
  return defineProperty({
    id: 'P5',
    title: 'bounded termination',
    statement:
      'every read ends once, not before its limit unless something came, and not behind it',
    worlds: target.worlds,
    arbitrary: fc.record({
      limitMs: fc.constantFrom(20, 50, 100, 250),
      does: fc.constantFrom('nothing', 'sends', 'ends', 'resets'),
      afterMs: fc.integer({ min: 0, max: 200 }),
    }),
    toPlan: () => ({ v: 1 }),
    toScenario: () => undefined,
    async check(world, ordeal, probe) {
      await withClient(target, world, async (client, caller) => {
        const beganUs = world.clock.now();
        const acting = act(world, caller, ordeal);
        // A violation is told before the peer has done its part.
        acting.catch(() => undefined);
        const given = await client.receive({ timeout: ordeal.limitMs }).catch(() => undefined);
        const tookUs = world.clock.now() - beganUs;
        const limitUs = toMicroseconds(ordeal.limitMs);
        probe.event('read gave', given === null ? 'nothing' : 'something');
        if (tookUs > limitUs + slackUs[world.kind]) {
          throw new PropertyViolation(
            `a read of ${formatDuration(ordeal.limitMs)} ended only after ${formatDuration(tookUs / 1_000)}`,
          );
        }
        const waited = given === null && ['nothing', 'sends'].includes(ordeal.does);
        if (waited && tookUs < limitUs) {
          throw new PropertyViolation(
            `a read of ${formatDuration(ordeal.limitMs)} gave up after ${formatDuration(tookUs / 1_000)}`,
          );
        }
        await acting;
      });
    },
  });
}

async function act(world: World, caller: Caller, { does, afterMs }: Ordeal): Promise<void> {
  await world.clock.sleep(afterMs, { label: 'what the peer does' });
  if (does === 'sends') await caller.writeBytes(Buffer.from('x')).catch(() => undefined);
  if (does === 'ends') await caller.close();
  if (does === 'resets') caller.reset();
}

/** Connects the client under test to a peer of ours, and ends both. */
async function withClient(
  target: SystemUnderTest,
  world: World,
  body: (client: FuzzClient, caller: Caller) => Promise<void>,
): Promise<void> {
  if (target.client === undefined) throw new Error(`${target.name} has no client`);
  const listener = new Listener(0, { world });
  const accepted = listener.accept();
  const { host, port } = await listener.start();
  const client = await target.client(world, { host, port });
  try {
    await body(client, await accepted);
  } finally {
    await client.close();
    await listener.immediateStop();
  }
}
