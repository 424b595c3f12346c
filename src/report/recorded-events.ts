/** Files of any kind that has wire events in it, as what a timeline is made of. */
import { open } from 'node:fs/promises';
import { formatAddress } from '../base/address';
import { CaptureFile } from '../capture/capture-file';
import { type CapturedConnection, eventsOf } from '../capture/captured-connection';
import { isPcap } from '../capture/pcap-reader';
import { isPcapng } from '../capture/pcapng-reader';
import { readTrace } from '../capture/trace-file';
import { epochUsOf, isTrace } from '../capture/trace-header';
import type { WireEvent } from '../network/wire-event';
import type { TimelineFacts } from './timeline-facts';

/** What was read of a file. */
export interface RecordedEvents {
  readonly events: readonly WireEvent[];
  /** Network, seed, names and warnings, as far as the file has them. */
  readonly facts: TimelineFacts;
  /** Microseconds since 1970 at microsecond 0 of the events. */
  readonly epochUs: number;
  /** Everything that chance decided, where the file has it. */
  readonly plan?: Readonly<Record<string, unknown>>;
}

/**
 * Whether a file begins as a trace or as a capture; of both, which.
 *
 * @returns `undefined` for every other file, and for what cannot be read
 */
export async function recordingKind(path: string): Promise<'trace' | 'capture' | undefined> {
  const start = await firstBytes(path);
  if (isTrace(start)) return 'trace';
  return isPcapng(start) || isPcap(start) ? 'capture' : undefined;
}

/**
 * Reads the events of a trace file, or of a pcapng or pcap file of any tool. What a file is shows
 * in its first bytes, not in its name.
 *
 * @throws TcpError `ECAPTUREFILE` - it cannot be read
 * @throws TcpError `ECAPTUREFORMAT` - it is no trace and no capture, or a line or packet is wrong
 * @throws TcpError `ELIMIT` - a capture of more than 4 GiB
 */
export async function readRecordedEvents(path: string): Promise<RecordedEvents> {
  if (isTrace(await firstBytes(path))) return traceOf(path);
  await using file = await CaptureFile.open(path);
  const connections: CapturedConnection[] = [];
  for await (const connection of file.connections()) connections.push(connection);
  const warnings = [...file.warnings, ...connections.flatMap((one) => one.warnings)];
  const originUs = Math.min(...connections.map(firstUs).filter(Number.isFinite));
  return {
    events: merged(connections, originUs),
    epochUs: Number.isFinite(originUs) ? originUs : 0,
    facts: { network: 'real', names: namesOf(file, connections), warnings },
  };
}

/** Of a file that cannot be opened, none: whoever reads it says why. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return new Uint8Array();
  try {
    const start = Buffer.alloc(64);
    const { bytesRead } = await file.read(start, 0, start.byteLength, 0);
    return start.subarray(0, bytesRead);
  } catch {
    return new Uint8Array();
  } finally {
    await file.close();
  }
}

async function traceOf(path: string): Promise<RecordedEvents> {
  const { header, events, warnings } = await readTrace(path);
  const seed = header.plan?.['seed'];
  const { dropped = 0, redacted, network, epoch } = header;
  const notes = [
    ...warnings,
    ...(dropped > 0 ? [`the trace had dropped its first ${dropped} events`] : []),
    ...(redacted === true ? ['bytes are masked'] : []),
  ];
  return {
    events,
    epochUs: epochUsOf(header),
    ...(header.plan !== undefined && { plan: header.plan }),
    facts: {
      network,
      when: epoch,
      warnings: notes,
      ...(typeof seed === 'number' && { seed }),
    },
  };
}

/** The events of all connections in the order of their times, numbered anew. */
function merged(
  connections: readonly CapturedConnection[],
  originUs: number,
): readonly WireEvent[] {
  const all = connections.flatMap((connection) => eventsOf(connection, originUs));
  return all
    .sort((left, right) => left.atUs - right.atUs)
    .map((event, index) => ({ ...event, index }));
}

function firstUs({ moments, out, in: incoming }: CapturedConnection): number {
  const times = moments.map(({ atUs }) => atUs);
  for (const stream of [out, incoming]) {
    for (const { atUs } of stream.chunks()) {
      times.push(atUs);
      break;
    }
  }
  return Math.min(...times);
}

/** Names that the file has for addresses that accepted. */
function namesOf(
  { names }: CaptureFile,
  connections: readonly CapturedConnection[],
): Readonly<Record<string, string>> {
  const found = connections.flatMap(({ server }) => {
    const [name] = names.get(server.host) ?? [];
    return name === undefined ? [] : [[formatAddress(server), `${name}:${server.port}`]];
  });
  return Object.fromEntries(found);
}
