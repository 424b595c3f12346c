import { choice, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type Act, PASS, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** What is put into a stream, and where. */
export interface InjectAttributes {
  /** A byte literal, `{hex}` or `{base64}`; plain text stands for itself. */
  readonly bytes: unknown;
  /** Default 0. */
  readonly offset: number | string;
  /** Before the byte at that offset (default), or behind it. */
  readonly where: 'before' | 'after';
  /** Again after each so many bytes. */
  readonly every: number | string;
}

interface Values {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly where: 'before' | 'after';
  readonly every?: number;
}

/** Puts bytes into a stream that nobody sent. */
export const injectType: FaultType<Values> = faultType({
  type: 'inject',
  attributes: {
    bytes: { kind: 'bytes', required: true },
    offset: size(0),
    where: choice(['before', 'after'], 'before'),
    every: { kind: 'size', unit: 'bytes', least: 1 },
  },
  stage: (values) =>
    liveStage(values, (now) => {
      let next: number | undefined;
      return {
        onStart: (): Verdict => {
          if (placeOf(now()) > 0) return PASS;
          next = following(now(), 0);
          return [{ emit: now().bytes }];
        },
        onChunk: (chunk, c): Verdict => {
          const acts: Act[] = [];
          let from = 0;
          next ??= placeOf(now());
          while (next <= c.offset + chunk.length) {
            const at: number = next - c.offset;
            acts.push({ emit: chunk.subarray(from, at) }, { emit: now().bytes });
            from = Math.max(from, at);
            next = following(now(), next);
          }
          if (acts.length === 0) return PASS;
          return [...acts, { emit: chunk.subarray(from) }];
        },
      };
    }),
});

/** Inserts bytes at an offset; with a trigger also on an idle connection. */
export const inject: FaultBuilder<InjectAttributes> = builderOf(injectType);

function placeOf({ offset, where }: Values): number {
  return where === 'after' ? offset + 1 : offset;
}

function following({ every }: Values, place: number): number {
  return every === undefined ? Number.POSITIVE_INFINITY : place + every;
}
