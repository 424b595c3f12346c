/** Sentences by which a client connects, sends and ends. What it receives: `client-receive-steps.ts`. */
import { resolveLiteral } from '../base/byte-literal';
import { parseLiteralLines, parseLiteralTable } from '../base/byte-literal-lines';
import { TcpError } from '../base/errors';
import { formatByteCount } from '../base/size';
import type { EndpointWords } from './endpoint-words';
import { stepFailure } from './failure-message';
import type { EntityReference, NamedEntities } from './named-entities';
import { ScenarioClient } from './scenario-client';
import { addressOf } from './scenario-listener';
import { type Step, type StepArgument, step } from './step';
import type { StepWorld } from './step-world';

/** Connecting and ending last at most this long by the connector's own limits. */
const connectLimitMs = 30_000;
/** On the real network, sending may take a second more for each of these. */
const bytesPerSecond = 8 * 1_024 * 1_024;

export const clientSteps: readonly Step[] = [
  step({
    id: 'client.connected.endpoint',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to {endpoint}',
    example: 'a client "alice" connected to 127.0.0.1:7000',
    summary: 'opens a connection; fails if it cannot',
    failure: 'could not connect to {endpoint}: reason',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => connect(world, newClient(world, client), endpoint),
  }),
  step({
    id: 'client.connected.listener',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to the {listener}',
    example: 'a client "c1" connected to the listener "l1"',
    summary: "opens a connection to the listener's address",
    failure: 'could not connect to the listener: reason',
    limit: () => connectLimitMs,
    run: (world, client, listener) =>
      connect(world, newClient(world, client), addressOf(world, listener)),
  }),
  step({
    id: 'client.connects.endpoint',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} connects to {endpoint}',
    example: 'client "alice" connects to 127.0.0.1:7000',
    summary: 'starts connecting and waits for the result; a client that is closed connects anew',
    failure: 'could not connect to {endpoint}: reason',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => connect(world, mentioned(world, client), endpoint),
  }),
  step({
    id: 'client.connects.listener',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} connects to the {listener}',
    example: 'client connects to the listener "echo"',
    summary: 'dials the listener',
    failure: 'could not connect to the listener: reason',
    limit: () => connectLimitMs,
    run: (world, client, listener) =>
      connect(world, mentioned(world, client), addressOf(world, listener)),
  }),
  step({
    id: 'client.tries',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to {endpoint}',
    example: 'client tries to connect to 127.0.0.1:1',
    summary: 'connects and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => mentioned(world, client).tryToConnect(endpoint),
  }),
  step({
    id: 'client.tries.listener',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to the {listener}',
    example: 'client tries to connect to the listener "echo"',
    summary: 'dials the listener and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit: () => connectLimitMs,
    run: (world, client, listener) =>
      mentioned(world, client).tryToConnect(addressOf(world, listener)),
  }),
  step({
    id: 'client.sends',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends {bytes}',
    example: 'client "alice" sends hex "de ad be ef"',
    summary: 'writes and waits until the network took the bytes',
    failure: 'write failed after n of m bytes: reason',
    limit: (world, _client, bytes) => sendLimit(world, bytes),
    run: (world, client, bytes) => send(world, clients(world).get(client), [bytes]),
  }),
  step({
    id: 'client.sends.chunks',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends {bytes} in {int} chunks',
    example: 'client sends 64 KiB of "a" in 7 chunks',
    summary: 'cuts the bytes into n near-equal pieces, one segment each, without a delay',
    failure: 'write failed after n of m bytes: reason; n is larger than the count of bytes',
    limit: (world, _client, bytes) => sendLimit(world, bytes),
    run: (world, client, bytes, count) =>
      send(world, clients(world).get(client), cutInto(bytes, count)),
  }),
  step({
    id: 'client.sends.bytewise',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends {bytes} one byte at a time',
    example: 'client sends "PING\\r\\n" one byte at a time',
    summary: 'one segment per byte',
    failure: 'write failed after n of m bytes: reason',
    limit: (world, _client, bytes) => sendLimit(world, bytes),
    run: (world, client, bytes) =>
      send(world, clients(world).get(client), cutInto(bytes, bytes.byteLength)),
  }),
  step({
    id: 'client.sends.every',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} sends {bytes} every {duration} {times}',
    example: 'client sends "PING" every 100 ms 5 times',
    summary: 'repeats the write on the clock, the first at once; {times} must be exact',
    failure: 'write k of n failed',
    limit: (world, _client, bytes, ms, times) => sendLimit(world, bytes) + ms * times.min,
    async run(world, client, bytes, ms, times) {
      if (times.min !== times.max)
        throw new Error('repeating needs an exact count, such as 5 times');
      for (let count = 0; count < times.min; count++) {
        if (count > 0) await world.pass(ms);
        const which = `write ${count + 1} of ${times.min}`;
        await send(world, clients(world).get(client), [bytes], which);
      }
    },
  }),
  step({
    id: 'client.sends.lines',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} sends:',
    argument: 'either',
    example: 'client sends:',
    exampleArgument: '"""\nline "EHLO me"\nhex "00 01"\n"""',
    summary: 'sends a doc string or table of literals, joined',
    failure: 'write failed after n of m bytes: reason',
    limit: (world) => world.settings.timeoutMs,
    run: (world, client, lines) => send(world, clients(world).get(client), [bytesOf(world, lines)]),
  }),
  step({
    id: 'client.half-closes',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} half-closes',
    example: 'client half-closes',
    summary: 'sends FIN; reading goes on',
    failure: 'client was already closed',
    run: (world, client) => clients(world).get(client).halfClose(),
  }),
  step({
    id: 'client.closes',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} closes',
    example: 'client "alice" closes',
    summary: 'FIN both ways; unread bytes are dropped',
    failure: '(never)',
    run: (world, client) => clients(world).get(client).close(),
  }),
  step({
    id: 'client.resets',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} resets the connection',
    example: 'client resets the connection',
    summary: 'puts RST on the wire',
    failure: 'client was already closed',
    run: (world, client) => clients(world).get(client).reset(),
  }),
  step({
    id: 'client.stops-reading',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} stops reading',
    example: 'client stops reading',
    summary: 'takes no more bytes from the network; buffers fill, the peer feels it',
    failure: 'client is not connected',
    run: (world, client) => clients(world).get(client).stopReading(),
  }),
  step({
    id: 'client.reads-again',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} starts reading again',
    example: 'client starts reading again',
    summary: 'goes on reading',
    failure: 'client is not connected',
    run: (world, client) => clients(world).get(client).startReading(),
  }),
  step({
    id: 'client.read-timeout',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a {duration} read timeout for {client}',
    example: 'a 2 s read timeout for client "alice"',
    summary:
      'sets the read deadline: that much silence since the connect, the last bytes, the last send or this sentence is a read timeout, met once per silence',
    failure: '(never)',
    run: (world, ms, client) => mentioned(world, client).setReadTimeout(ms),
  }),
];

/** The clients of a scenario. */
export function clients(world: StepWorld): NamedEntities<ScenarioClient> {
  return world.named('client');
}

/** The bytes of a doc string or table of literals. */
export function bytesOf(world: StepWorld, lines: StepArgument): Uint8Array {
  const literal =
    lines.kind === 'table'
      ? parseLiteralTable(lines.rows)
      : parseLiteralLines(lines.text, lines.mediaType);
  return resolveLiteral(literal, world.literalSources);
}

/** A new client; one that so far only has settings is taken too. */
function newClient(world: StepWorld, reference: EntityReference): ScenarioClient {
  const known = clients(world).find({ name: reference.name ?? 'client' });
  return known !== undefined && !known.used
    ? known
    : create(world, clients(world).newName(reference));
}

/** The client meant; made when it is mentioned for the first time. */
function mentioned(world: StepWorld, reference: EntityReference): ScenarioClient {
  const known = clients(world).find(reference);
  return known ?? create(world, clients(world).nameOf(reference));
}

function create(world: StepWorld, name: string): ScenarioClient {
  return clients(world).add(new ScenarioClient(world, name), world.step.place);
}

async function connect(
  world: StepWorld,
  client: ScenarioClient,
  target: EndpointWords,
): Promise<void> {
  try {
    await client.connect(target);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw stepFailure(world, {
      headline: `${client.title} could not connect to ${client.peer}: ${error.message}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}

async function send(
  world: StepWorld,
  client: ScenarioClient,
  pieces: readonly Uint8Array[],
  what = 'write',
): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const before = client.flushed;
  const limitMs = world.clock.kind === 'virtual' ? undefined : sendLimitOf(world, total);
  try {
    for (const piece of pieces) await client.send(piece, limitMs);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    const done = client.flushed - before;
    throw stepFailure(world, {
      headline: `${client.title}: ${what} failed after ${done} of ${formatByteCount(total)}: ${error.message}`,
      code: error.code,
      phase: error.phase,
      cause: error,
      ...(client.connection === undefined ? {} : { connection: client.connection }),
    });
  }
}

function sendLimit(world: StepWorld, bytes: Uint8Array): number {
  return sendLimitOf(world, bytes.byteLength);
}

function sendLimitOf(world: StepWorld, count: number): number {
  return world.settings.timeoutMs + (count / bytesPerSecond) * 1_000;
}

/** Near-equal pieces, the longer ones first. */
function cutInto(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  if (count > bytes.byteLength || count < 1) {
    const what = formatByteCount(bytes.byteLength);
    throw new Error(`${what} cannot be cut into ${count} pieces`);
  }
  const short = Math.floor(bytes.byteLength / count);
  const longer = bytes.byteLength % count;
  const start = (index: number): number => index * short + Math.min(index, longer);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(start(index), start(index + 1)),
  );
}
