import { asBuffer } from '../base/bytes';
import { builderOf, type FaultBuilder } from './builder';
import type { Act, FaultStage, StageContext, Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';
import { finderOf, problemOf } from './replace-finder';

/** What is found, and what stands there instead. */
export interface ReplaceAttributes {
  /** A byte literal, `{hex}` or `{base64}`; plain text stands for itself. Not empty. */
  readonly find: unknown;
  /** Default: nothing. */
  readonly replace: unknown;
  /** `find` is a regular expression over bytes, without slashes; flags do not exist. Default false. */
  readonly regex: boolean;
  /** How many times; default: always. */
  readonly limit: number;
  /** With `regex`: the longest match, and what is held back for one at most; default 64 KiB. */
  readonly maxMatch: number | string;
}

interface Values {
  readonly find: Uint8Array;
  readonly replace?: Uint8Array;
  readonly regex: boolean;
  readonly limit?: number;
  readonly maxMatch: number;
}

/** How long the start of a match is held back before it is let go, so that a prompt cannot stick. */
const silenceUs = 50_000;

/** Rewrites matches, also across the borders of chunks; lengths may differ. */
export const replaceType: FaultType<Values> = faultType({
  type: 'replace',
  attributes: {
    find: { kind: 'bytes', required: true },
    replace: { kind: 'bytes' },
    regex: { kind: 'flag', default: false },
    limit: { kind: 'integer', least: 1 },
    maxMatch: { kind: 'size', unit: 'bytes', least: 1, default: 65_536 },
  },
  check: ({ find, regex }) => {
    if (find.length === 0) return 'invalid attribute find: must not be empty';
    return regex ? problemOf(find) : undefined;
  },
  stage,
});

/** Replaces bytes by others. */
export const replace: FaultBuilder<ReplaceAttributes> = builderOf(replaceType);

function stage(values: Values): FaultStage {
  return liveStage(values, (now) => {
    let tail: Buffer = Buffer.alloc(0);
    let found = 0;
    let replaced = false;
    /** What waited for more: a match that nothing can make longer any more counts. */
    const settle = (): { readonly emit: Uint8Array }[] => {
      const bytes = tail;
      replaced = false;
      tail = Buffer.alloc(0);
      const { replace: by = nothing, limit = Number.POSITIVE_INFINITY } = now();
      const out: Uint8Array[] = [];
      let from = 0;
      const find = finderOf(now());
      for (let match = find.last(bytes, from); match !== undefined && found < limit; ) {
        out.push(bytes.subarray(from, match.start), by);
        from = match.end;
        found++;
        replaced = true;
        match = find.last(bytes, from);
      }
      out.push(bytes.subarray(from));
      return out.filter(({ length }) => length > 0).map((emit) => ({ emit }));
    };
    return {
      get held() {
        return tail.length;
      },
      get acted() {
        return replaced;
      },
      onChunk: (chunk: Uint8Array, c: StageContext): Verdict => {
        const { replace: by = nothing, limit = Number.POSITIVE_INFINITY } = now();
        const find = finderOf(now());
        const bytes = tail.length === 0 ? asBuffer(chunk) : Buffer.concat([tail, chunk]);
        const acts: Act[] = [];
        replaced = false;
        let from = 0;
        let match = found < limit ? find.next(bytes, from) : undefined;
        while (match !== undefined) {
          acts.push({ emit: bytes.subarray(from, match.start) }, { emit: by });
          from = match.end;
          replaced = true;
          found++;
          match = found < limit ? find.next(bytes, from) : undefined;
        }
        const keep = found < limit ? find.keeps(bytes.subarray(from)) : 0;
        tail = Buffer.from(bytes.subarray(bytes.length - keep));
        c.timer(keep === 0 ? -1 : silenceUs);
        acts.push({ emit: bytes.subarray(from, bytes.length - keep) });
        return acts;
      },
      onFin: () => [...settle(), { pass: true }],
      onReset: () => [...settle(), { pass: true }],
      onTimer: () => settle(),
      onRemove: () => settle(),
    };
  });
}

const nothing = new Uint8Array(0);
