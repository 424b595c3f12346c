import { formatDuration } from '../base/duration';
import { TcpError } from '../base/errors';
import type { World } from '../network/world';
import { Client } from '../tcp/client';
import { type Conversation, sentBytes } from './conversation';
import { hexOf } from './hex';
import type { Probe } from './probe';
import { PropertyViolation } from './property-violation';
import type { Endpoint, RunningServer, SystemUnderTest } from './system-under-test';

/** How a client waits for an answer: in virtual time as long as it takes, in real time not long. */
export const patienceMs = { simulated: 300_000, real: 2_000 } as const;

/** What came of a conversation. */
export interface Told {
  readonly sent: Buffer;
  readonly received: Buffer;
  /** `whole`: everything that was awaited came; `quiet`: it did not come in time. */
  readonly end: 'whole' | 'quiet' | 'ended' | 'failed';
  /** Why reading ended, other than with `whole`. */
  readonly error: TcpError | undefined;
  /** Whether a write was not taken: what came of its bytes is unknown. */
  readonly unsure: boolean;
}

export interface TalkOptions {
  /** Whether the client sends FIN behind its last message, and reads on. */
  readonly halfClose?: boolean;
  /** Whether all that was received must at any time be the beginning of what was sent. */
  readonly prefix?: boolean;
}

/** The server of a system, started in a world. */
export function startServer(target: SystemUnderTest, world: World): Promise<RunningServer> {
  if (target.server === undefined) throw new Error(`${target.name} has no server`);
  return target.server(world);
}

/** Holds a conversation with an echo server, and tells what came back. */
export async function talk(
  world: World,
  endpoint: Endpoint,
  example: Conversation,
  probe: Probe,
  options: TalkOptions = {},
): Promise<Told> {
  const timeout = patienceMs[world.kind];
  const settings = {
    world,
    timeout,
    writeTimeout: timeout,
    connectTimeout: timeout,
    closeTimeout: world.kind === 'real' ? 100 : 1_000,
  };
  const sent = sentBytes(example);
  let client: Client;
  try {
    client = await Client.connect(endpoint.host, endpoint.port, {
      ...settings,
      allowHalfOpen: options.halfClose ?? false,
    });
  } catch (error) {
    return { sent, received: Buffer.alloc(0), end: 'failed', error: known(error), unsure: true };
  }
  const reading = readAll(client, sent, options, probe);
  // A violation is told behind the writes; nobody else hears of it before.
  reading.catch(() => undefined);
  const unsure = await sendAll(world, client, example, options);
  const told = await reading.finally(() => client.close());
  return { sent, ...told, unsure };
}

async function sendAll(
  world: World,
  client: Client,
  { turns }: Conversation,
  { halfClose = false }: TalkOptions,
): Promise<boolean> {
  try {
    for (const turn of turns) {
      if (turn.do === 'send') await client.writeBytes(turn.bytes);
      else await world.clock.sleep(turn.ms, { label: 'a pause of the conversation' });
    }
    if (halfClose) await client.end();
    return false;
  } catch (error) {
    known(error);
    return true;
  }
}

async function readAll(
  client: Client,
  sent: Buffer,
  { prefix = false, halfClose = false }: TalkOptions,
  probe: Probe,
): Promise<Pick<Told, 'received' | 'end' | 'error'>> {
  let received = Buffer.alloc(0);
  try {
    // With a FIN at the end one reads until there is nothing more, which may be too much.
    while (halfClose || received.length < sent.length) {
      const chunk = await client.readBytes();
      received = Buffer.concat([received, chunk]);
      probe.sometimes('1-byte segments', chunk.length === 1);
      if (prefix) refuseOthers(sent, received);
    }
    return { received, end: 'whole', error: undefined };
  } catch (error) {
    const reason = known(error);
    if (reason.code === 'EPEERCLOSED') return { received, end: 'ended', error: reason };
    const end = reason.code === 'EREADTIMEOUT' ? 'quiet' : 'failed';
    return { received, end, error: reason };
  }
}

/** @throws PropertyViolation - it is not the beginning of what was sent */
function refuseOthers(sent: Buffer, received: Buffer): void {
  if (received.length <= sent.length && sent.subarray(0, received.length).equals(received)) return;
  throw new PropertyViolation('the client received other bytes than it had sent', {
    expected: hexOf(sent),
    actual: hexOf(received),
  });
}

/** An error of the network; anything else is thrown on. */
function known(error: unknown): TcpError {
  if (TcpError.is(error)) return error;
  throw error;
}

/** @throws PropertyViolation - the conversation did not end with everything returned */
export function refuseUnlessEchoed(told: Told, world: World): void {
  const comparison = { expected: hexOf(told.sent), actual: hexOf(told.received) };
  if (told.received.equals(told.sent)) return;
  const count = `${told.received.length} of ${told.sent.length} bytes came back`;
  const limit = formatDuration(patienceMs[world.kind]);
  const why: Readonly<Record<Told['end'], string>> = {
    whole: 'other bytes came back',
    quiet: `${count}, then nothing for ${limit}`,
    ended: `${count}, then the server ended`,
    failed: `${count}, then ${told.error?.message}`,
  };
  throw new PropertyViolation(why[told.end], comparison);
}
