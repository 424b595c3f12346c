/** One event as one line of a trace file, and back. */
import { type Address, familyOf } from '../base/address';
import { asBuffer } from '../base/bytes';
import { crc32 } from '../base/crc32';
import { describeValue } from '../base/errors';
import type { WireEvent, WireEventKind } from '../network/wire-event';
import { eventKinds } from '../network/world/event-kinds';
import { type FilePlace, formatError } from './capture-errors';

/** The keys of a line, in order. */
export const eventKeys: readonly (keyof WireEvent)[] = [
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
  'cause',
  'local',
  'remote',
  'detail',
];

const knownKeys: ReadonlySet<string> = new Set(eventKeys);
const knownKinds: ReadonlySet<string> = new Set(eventKinds);

/** A line without its LF: keys in the order of `WireEvent`, bytes as base64. */
export function printEvent(event: WireEvent): string {
  const line: Record<string, unknown> = {};
  for (const key of eventKeys) {
    const value = event[key];
    if (value === undefined) continue;
    line[key] = key === 'bytes' ? base64Of(event.bytes) : value;
  }
  return JSON.stringify(line);
}

/** An event that was read, and whether a later Brine made it of a kind that is unknown here. */
export interface ReadEvent {
  readonly event: WireEvent;
  readonly unknownKind?: string;
}

/**
 * Reads a parsed line.
 *
 * Keys that are not known go to `detail`; an event of an unknown kind becomes a `note` whose detail
 * says which.
 *
 * @throws TcpError `ECAPTUREFORMAT` - a value of the wrong type, or bytes that are not their digest's
 */
export function readEvent(line: Readonly<Record<string, unknown>>, place: FilePlace): ReadEvent {
  const read = new FieldReader(line, place);
  const kind = read.text('kind');
  const isKnown = knownKinds.has(kind);
  const detail = detailOf(line, isKnown ? undefined : kind, read);
  const bytes = read.bytes();
  const event: WireEvent = {
    index: read.count('index'),
    atUs: read.count('atUs'),
    connection: read.text('connection'),
    from: read.text('from'),
    to: read.text('to'),
    direction: read.direction(),
    kind: isKnown ? (kind as WireEventKind) : 'note',
    ...read.optionalCount('length'),
    ...(bytes !== undefined && { bytes }),
    ...read.optionalCount('digest'),
    ...read.optionalCount('stream'),
    ...read.optionalCount('cause'),
    ...read.address('local'),
    ...read.address('remote'),
    ...(detail !== undefined && { detail }),
  };
  if (bytes !== undefined && event.digest !== undefined && crc32(bytes) !== event.digest) {
    throw formatError(`event ${event.index}: the bytes do not have the digest given`, place);
  }
  return isKnown ? { event } : { event, unknownKind: kind };
}

function base64Of(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : asBuffer(bytes).toString('base64');
}

type Detail = Record<string, string | number | boolean>;

function detailOf(
  line: Readonly<Record<string, unknown>>,
  unknownKind: string | undefined,
  read: FieldReader,
): WireEvent['detail'] {
  const detail: Detail = {};
  const given = line['detail'];
  if (given !== undefined) {
    if (typeof given !== 'object' || given === null) throw read.wrong('detail', 'an object');
    for (const [key, value] of Object.entries(given)) detail[key] = scalar(value);
  }
  for (const [key, value] of Object.entries(line)) {
    if (!knownKeys.has(key)) detail[key] = scalar(value);
  }
  if (unknownKind !== undefined) detail['kind'] = unknownKind;
  return given === undefined && Object.keys(detail).length === 0 ? undefined : detail;
}

function scalar(value: unknown): string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
}

/** Reads single keys of a line, and refuses what has the wrong type. */
class FieldReader {
  readonly #line: Readonly<Record<string, unknown>>;
  readonly #place: FilePlace;

  constructor(line: Readonly<Record<string, unknown>>, place: FilePlace) {
    this.#line = line;
    this.#place = place;
  }

  wrong(key: string, expected: string): Error {
    const got = describeValue(this.#line[key]);
    return formatError(`${key} must be ${expected}, got ${got}`, this.#place);
  }

  text(key: string): string {
    const value = this.#line[key];
    if (typeof value !== 'string') throw this.wrong(key, 'text');
    return value;
  }

  count(key: string): number {
    const value = this.#line[key];
    if (!isCount(value)) throw this.wrong(key, 'a whole number of 0 or more');
    return value;
  }

  optionalCount(key: 'length' | 'digest' | 'stream' | 'cause'): Partial<WireEvent> {
    return this.#line[key] === undefined ? {} : { [key]: this.count(key) };
  }

  direction(): WireEvent['direction'] {
    const value = this.#line['direction'];
    if (value !== 'out' && value !== 'in' && value !== '-') {
      throw this.wrong('direction', '"out", "in" or "-"');
    }
    return value;
  }

  bytes(): Uint8Array | undefined {
    const value = this.#line['bytes'];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
      throw this.wrong('bytes', 'base64');
    }
    return Buffer.from(value, 'base64');
  }

  address(key: 'local' | 'remote'): Partial<WireEvent> {
    const value = this.#line[key];
    if (value === undefined) return {};
    const { host, port } = Object(value) as Partial<Address>;
    const isHost = typeof host === 'string' && familyOf(host) !== undefined;
    if (!isHost || !isCount(port) || port > 65_535) {
      throw this.wrong(key, 'an address with host, port and family');
    }
    const family = host.includes(':') ? 'IPv6' : 'IPv4';
    return { [key]: { host, port, family } };
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
