import { describeValue } from '../base/errors';
import { printIsoTime, readIsoTime } from '../base/iso-time';
import { packageInfo } from '../base/package-info';
import { type FilePlace, formatError } from './capture-errors';
import type { WorldFacts } from './world-facts';

/** The version of trace files that is written and read. */
export const traceVersion = 1;

/** The first line of a trace file. */
export interface TraceHeader {
  readonly brine: 'trace';
  readonly v: number;
  /** Everything that chance decided; absent for kernel sockets. */
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly versions: {
    readonly brine: string;
    readonly node: string;
    readonly openssl: string;
  };
  /** Wall clock at microsecond 0, such as `2023-11-14T22:13:20Z`. */
  readonly epoch: string;
  readonly network: 'real' | 'simulated';
  /** Events before the first one here, which a limit of the trace had pushed out; absent for none. */
  readonly dropped?: number;
  /** Bytes are masked, and digests and hash are left out; absent when they are not. */
  readonly redacted?: true;
}

/** What stands in the first line for a world. */
export function headerOf(facts: WorldFacts, dropped: number, redacted: boolean): TraceHeader {
  const { network = 'real', epochUs = 0, plan } = facts;
  return {
    brine: 'trace',
    v: traceVersion,
    ...(plan !== undefined && { plan: plan as Readonly<Record<string, unknown>> }),
    versions: {
      brine: packageInfo().version,
      node: process.versions.node,
      openssl: process.versions.openssl,
    },
    epoch: printIsoTime(epochUs / 1_000),
    network,
    ...(dropped > 0 && { dropped }),
    ...(redacted && { redacted: true }),
  };
}

/** Whole microseconds since 1970 at the start of a trace. */
export function epochUsOf(header: TraceHeader): number {
  return Math.round((readIsoTime(header.epoch) ?? 0) * 1_000);
}

/** Whether the first bytes of a file are those of a trace. */
export function isTrace(start: Uint8Array): boolean {
  return /^\s*\{\s*"brine"\s*:\s*"trace"/.test(Buffer.from(start.subarray(0, 64)).toString());
}

/**
 * Checks the first line.
 *
 * @throws TcpError `ECAPTUREFORMAT` - no header, or one of a later version
 */
export function readHeader(value: unknown, place: FilePlace): TraceHeader {
  if (typeof value !== 'object' || value === null || !('brine' in value)) {
    throw formatError('not a trace: the first line is no header', place);
  }
  const header = value as Partial<Record<keyof TraceHeader, unknown>>;
  if (header.brine !== 'trace') {
    throw formatError(`not a trace: brine is ${describeValue(header.brine)}`, place);
  }
  const { v, epoch, network } = header;
  if (typeof v === 'number' && v > traceVersion) {
    throw formatError(`trace version ${v}, this Brine reads ${traceVersion}`, place);
  }
  const wrong = (key: string, what: string, got: unknown) =>
    formatError(`${key} must be ${what}, got ${describeValue(got)}`, place);
  if (v !== traceVersion) throw wrong('v', `${traceVersion}`, v);
  if (typeof epoch !== 'string' || readIsoTime(epoch) === undefined) {
    throw wrong('epoch', 'a time such as "2023-11-14T22:13:20Z"', epoch);
  }
  if (network !== 'real' && network !== 'simulated') {
    throw wrong('network', '"real" or "simulated"', network);
  }
  return value as TraceHeader;
}
