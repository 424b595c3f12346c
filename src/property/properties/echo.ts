import { type Conversation, conversation, isBroken, planOf } from '../conversation';
import { conversationInWords } from '../conversation-words';
import type { SystemUnderTest } from '../system-under-test';
import { refuseUnlessEchoed, startServer, talk } from '../talk';
import { defineProperty, type WireProperty } from '../wire-property';

/** Faults behind which what was sent may still have arrived in part. */
const losses = ['reset', 'halfClose', 'blackhole', 'refuse'] as const;

/**
 * P1: whatever happens, what an echo server has returned is the beginning of what it got.
 *
 * Nothing is altered, repeated or given in another order, at any moment.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function prefix(target: SystemUnderTest): WireProperty<Conversation> {
  return defineProperty({
    id: 'P1',
    title: 'prefix',
    statement: 'at every moment, what came back is the beginning of what was sent',
    worlds: target.worlds,
    arbitrary: conversation({ faults: losses }),
    toPlan: planOf,
    toScenario: (example) => conversationInWords(target, example),
    async check(world, example, probe) {
      const server = await startServer(target, world);
      const told = await talk(world, server, example, probe, { prefix: true });
      probe.sometimes('reset mid-stream', told.error?.code === 'ECONNRESET');
      await server.close();
    },
  });
}

/**
 * P2: where the network only delays and cuts, everything comes back, and then the end, once.
 *
 * The client ends its side behind its last message; the server returns everything, then ends too.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function completeness(target: SystemUnderTest): WireProperty<Conversation> {
  return defineProperty({
    id: 'P2',
    title: 'completeness',
    statement: 'where nothing is lost, everything that was sent comes back, then the end',
    worlds: target.worlds,
    arbitrary: conversation(),
    toPlan: planOf,
    toScenario: (example) => conversationInWords(target, example, ['client "c1" half-closes']),
    async check(world, example, probe) {
      const server = await startServer(target, world);
      const told = await talk(world, server, example, probe, { prefix: true, halfClose: true });
      refuseUnlessEchoed(told, world);
      probe.always('the end behind the last byte', told.end === 'ended', told.end);
      await server.close();
    },
  });
}

/**
 * P3: an echo server returns exactly what it got, however it was cut; behind a loss, the beginning.
 *
 * @source docs/fuzzing.md#the-properties-that-are-there
 */
export function echo(target: SystemUnderTest): WireProperty<Conversation> {
  return defineProperty({
    id: 'P3',
    title: 'echo',
    statement: 'an echo server returns exactly what it got, for every chunking',
    worlds: target.worlds,
    arbitrary: conversation({ faults: ['reset'] }),
    toPlan: planOf,
    toScenario: (example) => conversationInWords(target, example),
    async check(world, example, probe) {
      const server = await startServer(target, world);
      const told = await talk(world, server, example, probe, { prefix: isBroken(example) });
      if (!isBroken(example)) refuseUnlessEchoed(told, world);
      probe.sometimes('reset mid-stream', told.error?.code === 'ECONNRESET');
      await server.close();
    },
  });
}
