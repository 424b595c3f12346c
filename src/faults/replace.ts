import { asBuffer } from '../base/bytes';
import { builderOf, type FaultBuilder } from './builder';
import type { Act, FaultStage, StageContext, Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** What is found, and what stands there instead. */
export interface ReplaceAttributes {
  /** A byte literal, `{hex}` or `{base64}`; plain text stands for itself. Not empty. */
  readonly find: unknown;
  /** Default: nothing. */
  readonly replace: unknown;
  /** How many times; default: always. */
  readonly limit: number;
}

interface Values {
  readonly find: Uint8Array;
  readonly replace?: Uint8Array;
  readonly limit?: number;
}

/** How long the start of a match is held back before it is let go, so that a prompt cannot stick. */
const silenceUs = 50_000;

/** Rewrites matches, also across the borders of chunks; lengths may differ. */
export const replaceType: FaultType<Values> = faultType({
  type: 'replace',
  attributes: {
    find: { kind: 'bytes', required: true },
    replace: { kind: 'bytes' },
    limit: { kind: 'integer', least: 1 },
  },
  check: ({ find }) =>
    find.length === 0 ? 'invalid attribute find: must not be empty' : undefined,
  stage,
});

/** Replaces bytes by others. */
export const replace: FaultBuilder<ReplaceAttributes> = builderOf(replaceType);

function stage(values: Values): FaultStage {
  return liveStage(values, (now) => {
    let tail: Buffer = Buffer.alloc(0);
    let found = 0;
    let replaced = false;
    const release = (): { readonly emit: Uint8Array }[] => {
      const bytes = tail;
      tail = Buffer.alloc(0);
      replaced = false;
      return bytes.length === 0 ? [] : [{ emit: bytes }];
    };
    return {
      get held() {
        return tail.length;
      },
      get acted() {
        return replaced;
      },
      onChunk: (chunk: Uint8Array, c: StageContext): Verdict => {
        const { find, replace: by = nothing, limit = Number.POSITIVE_INFINITY } = now();
        const bytes = tail.length === 0 ? asBuffer(chunk) : Buffer.concat([tail, chunk]);
        const acts: Act[] = [];
        replaced = false;
        let from = 0;
        for (
          let at = bytes.indexOf(find);
          at >= 0 && found < limit;
          at = bytes.indexOf(find, from)
        ) {
          acts.push({ emit: bytes.subarray(from, at) }, { emit: by });
          from = at + find.length;
          replaced = true;
          found++;
        }
        const keep = found < limit ? startLength(bytes.subarray(from), find) : 0;
        tail = Buffer.from(bytes.subarray(bytes.length - keep));
        c.timer(keep === 0 ? -1 : silenceUs);
        acts.push({ emit: bytes.subarray(from, bytes.length - keep) });
        return acts;
      },
      onFin: () => [...release(), { pass: true }],
      onReset: () => [...release(), { pass: true }],
      onTimer: () => release(),
      onRemove: () => release(),
    };
  });
}

/** How many bytes at the end may be the start of a match. */
export function startLength(bytes: Buffer, find: Uint8Array): number {
  for (let length = Math.min(bytes.length, find.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(find.subarray(0, length))) return length;
  }
  return 0;
}

const nothing = new Uint8Array(0);
