/** Stopping, starting and asking listeners, and what their callbacks were told. */
import assert from 'node:assert/strict';
import { familyOf } from '../src/base/address';
import { Listener, type Service, type TcpError, waitUntilListening } from '../src/index';
import { addressOf, listeners, type Step, type StepWorld } from '../src/steps/index';
import { answering, observations } from './observations';
import { keepFailure, own } from './own';

export const listenerControlSteps: readonly Step[] = [
  own(
    'When',
    'the {listener} stops gracefully',
    'the listener "echo" stops gracefully',
    async (world, reference) => {
      const { name, listener } = listeners(world).get(reference);
      observations(world).stops.set(name, await listener.gracefulStop());
    },
  ),
  own(
    'When',
    'the {listener} stops immediately',
    'the listener "echo" stops immediately',
    async (world, reference) => {
      const { name, listener } = listeners(world).get(reference);
      observations(world).stops.set(name, await listener.immediateStop());
    },
  ),
  own(
    'Then',
    'the stop of the {listener} was {word}: {int} drained, {int} reset',
    'the stop of the listener "echo" was graceful: 1 drained, 0 reset',
    (world, reference, mode, drained, reset) => {
      const report = observations(world).stops.get(listeners(world).get(reference).name);
      assert.deepEqual(
        { mode: report?.mode, drained: report?.drained, reset: report?.reset },
        { mode, drained, reset },
      );
    },
  ),
  own(
    'When',
    'the {listener} is given a service that answers anything with {bytes}',
    'the listener "greeter" is given a service that answers anything with "Hi"',
    (world, reference, answer) => {
      listeners(world)
        .get(reference)
        .serve(answering(world, () => () => answer));
    },
  ),
  own(
    'When',
    'the {listener} starts again on its port',
    'the listener "greeter" starts again on its port',
    async (world, reference) => {
      await listeners(world).get(reference).listener.start();
    },
  ),
  own(
    'When',
    'an unrelated service is detached from the {listener}',
    'an unrelated service is detached from the listener "greeter"',
    (world, reference) =>
      keepFailure(world, () =>
        listeners(world)
          .get(reference)
          .listener.detach({ onConnect: () => undefined }),
      ),
  ),
  own(
    'When',
    'an empty service is attached to a listener',
    'an empty service is attached to a listener',
    (world) =>
      keepFailure(world, () => new Listener(0, { world: world.world }).attach({} as Service)),
  ),
  own(
    'When',
    'a listener that was never started is stopped gracefully',
    'a listener that was never started is stopped gracefully',
    (world) => keepFailure(world, () => new Listener(0, { world: world.world }).gracefulStop()),
  ),
  own(
    'When',
    'the {listener} writes {bytes} to every caller',
    'the listener "late" writes "LATE" to every caller',
    async (world, reference, bytes) => {
      const callers = listeners(world).get(reference).connections;
      assert.ok(callers.length > 0, 'nobody is connected');
      await Promise.all(callers.map((caller) => caller.writeBytes(bytes)));
    },
  ),
  own(
    'When',
    'somebody waits until the {listener} is listening at its address',
    'somebody waits until the listener "echo" is listening at its address',
    (world, reference) => {
      const { host, port } = addressOf(world, reference);
      return waitUntilListening({ host, port }, { world: world.world });
    },
  ),
  own(
    'When',
    'the {listener} has written to every caller',
    'the listener "first" has written to every caller',
    async (world, reference) => {
      const listener = listeners(world).get(reference);
      const { found } = await world.waitFor(listener, () =>
        listener.connections.some((caller) => caller.bytesFlushed > 0) ? true : undefined,
      );
      assert.ok(found, 'nothing was written');
    },
  ),
  own(
    'When',
    'the {listener} has received {bytes}',
    'the listener "slow" has received "work"',
    async (world, reference, bytes) => {
      const listener = listeners(world).get(reference);
      const { found } = await world.waitFor(listener, () =>
        listener.connections.some((caller) => caller.bytesRead >= bytes.length) ? true : undefined,
      );
      assert.ok(found, `${listener.title} has not received ${bytes.length} bytes`);
    },
  ),

  own(
    'Then',
    'the {listener} told onError {word}',
    'the listener "bored" told onError EIDLETIMEOUT',
    async (world, _reference, code) => {
      assert.deepEqual(
        (await told(world, 'errors')).map((error) => error.code),
        [code],
      );
    },
  ),
  own(
    'Then',
    'the {listener} told onError {word} about {word}',
    'the listener "broken" told onError EHANDLER about onBytes',
    async (world, _reference, code, handler) => {
      assert.deepEqual(
        (await told(world, 'errors')).map((error) => [error.code, error.handler]),
        [[code, handler]],
      );
    },
  ),
  own(
    'Then',
    'the {listener} reported {word} as a handler error',
    'the listener "broken" reported EHANDLER as a handler error',
    async (world, _reference, code) => {
      assert.deepEqual(
        (await told(world, 'handlerErrors')).map((error) => error.code),
        [code],
      );
    },
  ),
  own(
    'Then',
    'every caller of the {listener} had an id',
    'every caller of the listener "greeter" had an id',
    (world) => {
      const { callers } = observations(world);
      assert.ok(callers.length > 0, 'no caller was seen');
      for (const { id } of callers) assert.match(id, /^s\d+$/);
    },
  ),
  own(
    'Then',
    'every caller of the {listener} has a literal address',
    'every caller of the listener "echo" has a literal address',
    (world, reference) => {
      const callers = listeners(world).get(reference).connections;
      assert.ok(callers.length > 0, 'nobody is connected');
      for (const { remoteHost } of callers) assert.notEqual(familyOf(remoteHost), undefined);
    },
  ),
  own('Then', 'nothing was looked up', 'nothing was looked up', (world) => {
    assert.deepEqual(
      world.world.trace.events.filter(({ kind }) => kind === 'lookup'),
      [],
    );
  }),
  own(
    'Then',
    'the listeners {string} and {string} have different ports',
    'the listeners "one" and "two" have different ports',
    (world, left, right) => {
      const ports = [left, right].map((name) => addressOf(world, { kind: 'listener', name }).port);
      assert.ok(ports.every((port) => port > 0));
      assert.notEqual(ports[0], ports[1]);
    },
  ),
  own(
    'Then',
    'the callbacks of the {listener} never overlapped',
    'the callbacks of the listener "numbered" never overlapped',
    (world) => assert.equal(observations(world).mostRunning, 1),
  ),
];

/** What the services were told, once they were told anything. */
async function told(
  world: StepWorld,
  list: 'errors' | 'handlerErrors',
): Promise<readonly TcpError[]> {
  const seen = observations(world);
  await world.waitFor(seen, () => (seen[list].length > 0 ? true : undefined));
  return seen[list];
}
