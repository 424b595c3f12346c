import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import { configError, refusal, type TcpError } from '../base/errors';
import {
  readCount,
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import { readSize, type Size } from '../base/size';
import type { WireEvent } from '../network/wire-event';
import { type RedactionRule, readRules } from './mask-rule';

/**
 * What a capture holds.
 *
 * @source docs/captures.md#options
 */
export interface PacketOptions {
  /** Writes the key log of TLS connections into the file; default false. */
  readonly secrets?: boolean;
  /** Masks payloads, comments and marks: with these rules, or with those of the source (`true`). */
  readonly redact?: boolean | readonly RedactionRule[];
  /** Said at the head of the file, such as `scenario: login`. */
  readonly comments?: readonly string[];
  /** Longest segment, 1 to 65,483 bytes; default 65,483 on loopback, else 1,460. */
  readonly segment?: number;
  /** Right checksums; default true. `false` writes 0. */
  readonly checksums?: boolean;
  /** Packets for a receiver that closes its window and opens it again (simulated); default false. */
  readonly windows?: boolean;
  /** Bytes of each packet that are kept, beyond its headers; default all. */
  readonly packetBytes?: Size;
  /** Ids of connections such as `c1`, where either end names both, or a choice by event; default all. */
  readonly connections?: readonly string[] | ((event: WireEvent) => boolean);
}

/** How a capture is kept. */
export interface CaptureOptions extends PacketOptions {
  /** Bytes of a file; default 1 GiB. */
  readonly maxBytes?: Size;
  /** Then: write no more (default), go on in the next file, or leave payloads out. */
  readonly whenFull?: 'stop' | 'rotate' | 'headers';
  /** Files kept when rotating, the oldest goes first; default 10. */
  readonly files?: number;
  /** Bytes of payload that may wait for the disk; further ones are left out. Default 16 MiB. */
  readonly queue?: Size;
  /** How long packets wait for the secrets of a handshake; default 1 MiB or 1 s. */
  readonly hold?: { readonly bytes?: Size; readonly time?: Duration };
  /** Replaces a file that exists; default false. */
  readonly overwrite?: boolean;
}

/** Options of {@link PacketOptions} as they are used. */
export interface PacketChoices {
  readonly secrets: boolean;
  readonly redact: boolean | readonly RedactionRule[];
  readonly comments: readonly string[];
  readonly segment: number | undefined;
  readonly checksums: boolean;
  readonly windows: boolean;
  readonly packetBytes: number;
  readonly connections: (event: WireEvent) => boolean;
}

/** Options of {@link CaptureOptions} as they are used. */
export interface CaptureSettings extends PacketChoices {
  readonly maxBytes: number;
  readonly whenFull: 'stop' | 'rotate' | 'headers';
  readonly files: number;
  readonly queue: number;
  readonly hold: { readonly bytes: number; readonly timeUs: number };
  readonly overwrite: boolean;
}

const packetKeys = [
  'secrets',
  'redact',
  'comments',
  'segment',
  'checksums',
  'windows',
  'packetBytes',
  'connections',
] as const;
const captureKeys = ['maxBytes', 'whenFull', 'files', 'queue', 'hold', 'overwrite'] as const;
const mebibyte = 2 ** 20;
/** Less would not hold the head and the end of a file. */
const leastBytes = 4_096;

/** @throws TcpError `ECONFIG` */
export function readCaptureOptions(options: CaptureOptions): CaptureSettings {
  refuseUnknownKeys('capture', options, [...packetKeys, ...captureKeys]);
  const { maxBytes = 1_024 * mebibyte, queue = 16 * mebibyte, hold = {} } = options;
  readObject('hold', hold);
  refuseUnknownKeys('hold', hold, ['bytes', 'time']);
  const limit = readSize('maxBytes', maxBytes);
  if (limit < leastBytes) throw configError('maxBytes', 'at least 4 KiB', maxBytes);
  return {
    ...readPacketOptions(options),
    maxBytes: limit,
    whenFull: readOneOf('whenFull', options.whenFull ?? 'stop', ['stop', 'rotate', 'headers']),
    files: readCount('files', options.files ?? 10, 1),
    queue: readSize('queue', queue),
    hold: {
      bytes: readSize('hold.bytes', hold.bytes ?? mebibyte),
      timeUs: toMicroseconds(readDuration('hold.time', hold.time ?? '1s')),
    },
    overwrite: readFlag('overwrite', options.overwrite ?? false),
  };
}

/** @throws TcpError `ECONFIG` */
export function readPacketOptions(options: PacketOptions): PacketChoices {
  const { redact = false, segment, packetBytes, comments = [] } = options;
  const secrets = readFlag('secrets', options.secrets ?? false);
  if (typeof redact !== 'boolean') readRules('redact', redact);
  if (secrets && redact !== false) {
    throw secretsRefused();
  }
  const isSegment = segment === undefined || (Number.isInteger(segment) && segment > 0);
  if (!isSegment || (segment ?? 1) > 65_483) {
    throw configError('segment', 'a whole number from 1 to 65483', segment);
  }
  if (!Array.isArray(comments)) throw configError('comments', 'an array of texts', comments);
  return {
    secrets,
    redact,
    comments: comments.map((comment, index) => readText(`comments[${index}]`, comment)),
    segment,
    checksums: readFlag('checksums', options.checksums ?? true),
    windows: readFlag('windows', options.windows ?? false),
    packetBytes: packetBytes === undefined ? Infinity : readSize('packetBytes', packetBytes),
    connections: readConnections(options.connections),
  };
}

/** Why masks and secrets exclude each other. */
export function secretsRefused(): TcpError {
  return refusal(
    'redact',
    'a redacted capture cannot carry TLS secrets: they open the records that were not masked',
  );
}

/** Refuses what {@link PacketOptions} does not have. @throws TcpError `ECONFIG` */
export function refuseOtherKeys(where: string, options: object, more: readonly string[]): void {
  refuseUnknownKeys(where, options, [...packetKeys, ...more]);
}

function readConnections(value: unknown): (event: WireEvent) => boolean {
  if (value === undefined) return () => true;
  if (typeof value === 'function') return value as (event: WireEvent) => boolean;
  if (!Array.isArray(value)) throw configError('connections', 'ids or a function', value);
  const numbers = new Set(
    value.map((id, index) => {
      const number = /^[cs](\d+)$/.exec(String(id))?.[1];
      if (number === undefined) throw configError(`connections[${index}]`, 'an id like "c1"', id);
      return number;
    }),
  );
  return ({ connection }) => numbers.has(/^[cs](\d+)/.exec(connection)?.[1] ?? '');
}
