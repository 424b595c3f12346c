import { readDuration } from '../base/duration';
import { readCount, readHostPort, readPort } from '../base/option-reader';
import { readSize } from '../base/size';
import type { Framer } from '../framing/framer';
import { framerFrom } from '../framing/framer-from';
import type { Compiling } from './compiling';
import { loadModule } from './handler-files';
import type { LimitsDefinition, MockDefinition } from './mock-model';

/** What a mock holds at most; sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly connections: number;
  readonly buffered: number;
  readonly frame: number;
  readonly idleMs: number | undefined;
  readonly journalEvents: number;
  readonly journalBytes: number;
  readonly regexMs: number;
}

const presetStream = (framing: unknown): boolean =>
  typeof framing === 'object' &&
  framing !== null &&
  ((framing as { kind?: string }).kind === 'none' ||
    (framing as { name?: string }).name === 'none');

/** Whether there is no framing: scripts match on the stream. */
export function isStream(framing: MockDefinition['framing']): boolean {
  return framing === undefined || framing === 'none' || presetStream(framing);
}

/** Reads where to listen. */
export function readListen(
  listen: MockDefinition['listen'] = {},
  place: Compiling,
): { readonly host: string; readonly port: number } {
  const standard = { host: '127.0.0.1', port: 0 };
  return place.attempt(() => {
    if (typeof listen === 'number') return { ...standard, port: readPort(place.path, listen, 0) };
    if (typeof listen === 'object') return { ...standard, ...listen };
    if (/^\d+$/.test(listen)) return { ...standard, port: readPort(place.path, Number(listen), 0) };
    const any = /^(.*):0$/.exec(listen)?.[1];
    return any === undefined
      ? readHostPort(place.path, listen)
      : { host: any.replace(/^\[(.*)\]$/, '$1'), port: 0 };
  }, standard);
}

/** Reads where `forward` goes. */
export function readUpstream(
  upstream: string | undefined,
  place: Compiling,
): { readonly host: string; readonly port: number } | undefined {
  if (upstream === undefined) return undefined;
  return place.attempt(() => readHostPort(place.path, upstream), undefined);
}

/** Makes the framer; the smaller limit wins. */
export function readFraming(
  { framing = 'none' }: MockDefinition,
  most: number,
  place: Compiling,
): Framer {
  const named = typeof framing === 'string' ? { kind: 'preset', name: framing } : framing;
  const make = (definition: unknown): Framer =>
    framerFrom(definition, {
      field: place.path,
      loadModule: (file) => loadModule(file, place),
    });
  return place.attempt(() => {
    const framer = make(framing);
    return framer.max <= most ? framer : make({ ...named, max: most });
  }, make('none'));
}

/** Reads limits. What is wrong is kept in `place.problems`. */
export function readLimits(limits: LimitsDefinition, place: Compiling): Limits {
  const size = (key: 'buffered' | 'frame' | 'journalBytes', otherwise: string): number =>
    place.at(key).attempt(() => readSize(place.at(key).path, limits[key] ?? otherwise), 0);
  const time = (key: 'idle' | 'regexTime', value: number | string): number =>
    place.at(key).attempt(() => readDuration(place.at(key).path, value), 0);
  return {
    connections: limits.connections ?? 256,
    buffered: size('buffered', '16MiB'),
    frame: size('frame', '16MiB'),
    idleMs: limits.idle === undefined ? undefined : time('idle', limits.idle),
    journalEvents: place.attempt(
      () => readCount(place.at('journalEvents').path, limits.journalEvents ?? 10_000),
      0,
    ),
    journalBytes: size('journalBytes', '64MiB'),
    regexMs: time('regexTime', limits.regexTime ?? 50),
  };
}
