import { asBuffer } from '../base/bytes';
import type { Script } from '../capture/script';
import { compareScript, type ScriptComparison, searchScript } from '../capture/script-compare';
import { wireLogScript } from '../capture/wire-log';
import { wireLogLines } from '../capture/wire-log-lines';
import { stepFailure } from './failure-message';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';
import { viewOf } from './wire-text';

/** Times on a real network may differ by this much from those that a script names. */
const toleranceMs = 20;

export interface LogExpectation {
  /** `the wire log` */
  readonly what: string;
  /** Whether the log is the script, or holds its lines among others. */
  readonly how: 'whole' | 'within';
  /** Default: all. */
  readonly connections?: readonly string[];
  readonly hints?: readonly string[];
}

/**
 * Waits until the wire log is, or holds, a script.
 *
 * It is looked at when the network is quiet, and again after whatever happens later, as long as
 * asserting steps wait.
 *
 * @throws StepFailure
 */
export async function expectLog(
  world: StepWorld,
  script: Script,
  { what, how, connections, hints = [] }: LogExpectation,
): Promise<void> {
  const { trace } = world.world;
  const untilUs = world.clock.now() + world.settings.timeoutMs * 1_000;
  const source = { onChange: (listener: () => void) => trace.subscribe(listener) };
  for (;;) {
    await world.settle();
    const comparison = compare(world, script, how, connections);
    if (comparison.same) return;
    const leftMs = (untilUs - world.clock.now()) / 1_000;
    const events = trace.events.length;
    const more = (): true | undefined => (trace.events.length > events ? true : undefined);
    const { found } = await world.waitFor(source, more, Math.max(0, leftMs));
    if (found) continue;
    throw stepFailure(world, {
      headline: `${what} ${how === 'whole' ? 'is another' : 'lacks a line'}: ${comparison.reason}`,
      body: comparison.difference === '' ? [] : [comparison.difference],
      hints,
      connections: connections ?? trace.events.map(({ connection }) => connection),
    });
  }
}

/** The connections of a client that led to a server. @throws Error there was none */
export function connectionsBetween(
  client: ScenarioClient,
  { title }: { readonly title: string },
): readonly string[] {
  const ids = client.connections.filter(({ peer }) => peer === title).map(({ id }) => id);
  if (ids.length > 0) return ids;
  throw new Error(`${client.title} was never connected to ${title}`);
}

/** Where some bytes are in the streams of all connections. */
export function findOnWire(
  world: StepWorld,
  wanted: Uint8Array,
): { number: number; way: string; offset: number; connections: readonly string[] } | undefined {
  if (wanted.byteLength === 0) throw new Error('nothing is contained everywhere');
  const streams = new Map<string, { pieces: Uint8Array[]; number: number; ids: string[] }>();
  for (const { pair, body } of wireLogLines(world.world.trace.events, world.kind)) {
    if (pair === undefined || body.kind === 'event') continue;
    if (body.kind === 'length') throw new Error('the wire log no longer has all bytes');
    const key = `${body.sign} ${pair.number}`;
    const ids = [pair.dialled, pair.accepted].filter((id) => id !== undefined);
    const stream = streams.get(key) ?? { pieces: [], number: pair.number, ids };
    streams.set(key, stream);
    stream.pieces.push(body.bytes);
  }
  for (const [key, { pieces, number, ids }] of streams) {
    const offset = asBuffer(Buffer.concat(pieces)).indexOf(wanted);
    const way = key.startsWith('>') ? 'to the server' : 'to the client';
    if (offset >= 0) return { number, way, offset, connections: ids };
  }
  return undefined;
}

function compare(
  world: StepWorld,
  script: Script,
  how: LogExpectation['how'],
  connections: readonly string[] | undefined,
): ScriptComparison {
  const log = wireLogScript(world.world.trace.events, {
    ...viewOf(world),
    startUs: 0,
    ...(connections === undefined ? {} : { connections }),
  });
  const options = {
    sources: world.literalSources,
    toleranceMs: world.kind === 'real' ? toleranceMs : 0,
  };
  return how === 'whole' ? compareScript(script, log, options) : searchScript(script, log, options);
}
