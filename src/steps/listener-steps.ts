import { TcpError } from '../base/errors';
import { stepFailure } from './failure-message';
import { expectEvents, expectOpen } from './listener-expectations';
import type { EntityReference } from './named-entities';
import { type ListenerBehaviour, listeners, ScenarioListener } from './scenario-listener';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

/** Sentences about listeners. */
export const listenerSteps: readonly Step[] = [
  step({
    id: 'listener.echoes',
    group: 'listener',
    level: 'core',
    keyword: 'Given',
    expression: 'a {listener} that echoes',
    example: 'a listener "echo" that echoes',
    summary: 'returns every chunk unchanged, on any free port',
    failure: 'could not listen: reason',
    run: (world, listener) => listen(world, listener, 0, { kind: 'echo' }),
  }),
  step({
    id: 'listener.on-port',
    group: 'listener',
    level: 'core',
    keyword: 'Given',
    expression: 'a {listener} on {port}',
    example: 'a listener "billing" on any free port',
    summary: 'opens a listener that only records',
    failure: 'address in use, and who holds it if it is one of ours',
    run: (world, listener, port) => listen(world, listener, port, { kind: 'record' }),
  }),
  step({
    id: 'listener.greets',
    group: 'listener',
    level: 'advanced',
    keyword: 'Given',
    expression: 'a {listener} on {port} that answers every connection with {bytes}',
    example: 'a listener on port 7000 that answers every connection with "hi"',
    summary: 'writes the bytes on connect',
    failure: 'address in use, and who holds it if it is one of ours',
    run: (world, listener, port, bytes) => listen(world, listener, port, { kind: 'greet', bytes }),
  }),
  step({
    id: 'listener.stops-accepting',
    group: 'listener',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {listener} stops accepting connections',
    example: 'the listener stops accepting connections',
    summary: 'closes the listening socket, keeps connections',
    failure: '(never)',
    run: (world, listener) => listeners(world).get(listener).stopAccepting(),
  }),
  step({
    id: 'listener.closes',
    group: 'listener',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {listener} closes every connection',
    example: 'the listener "echo" closes every connection',
    summary: 'sends FIN on each',
    failure: '(never)',
    run: (world, listener) => listeners(world).get(listener).closeConnections(),
  }),
  step({
    id: 'listener.open-connections',
    group: 'listener',
    level: 'core',
    keyword: 'Then',
    expression: 'the {listener} has {int} open connection(s)',
    example: 'the listener has 2 open connections',
    summary: 'connections open now, after settling',
    failure: 'expected n, has m, and a list with ids',
    run: (world, listener, count) => expectOpen(world, listeners(world).get(listener), count),
  }),
  step({
    id: 'listener.saw',
    group: 'listener',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the {listener} saw the event(s) {string}',
    example: 'the listener saw the events "connect, bytes, close"',
    summary:
      'events of the last connection, comma separated: connect, bytes (once for bytes in a row), end, error, close',
    failure: 'expected and actual list, first difference',
    run: (world, listener, words) => expectEvents(world, listeners(world).get(listener), words),
  }),
];

async function listen(
  world: StepWorld,
  reference: EntityReference,
  port: number,
  behaviour: ListenerBehaviour,
): Promise<void> {
  const listener = new ScenarioListener(world, listeners(world).newName(reference), behaviour);
  try {
    await listener.start(port);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    const holder = error.code === 'EADDRINUSE' ? world.ownerOf('127.0.0.1', port) : undefined;
    const held = holder === undefined ? '' : ` (${holder} of this scenario holds it)`;
    throw stepFailure(world, {
      headline: `${listener.title} could not listen: ${error.message}${held}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
  listeners(world).add(listener, world.step.place);
}
