import { type Act, type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { liveStage } from './live-stage';

/** Passes exactly `after` bytes, then acts, also when nothing more comes. */
export function passThenAct<V extends { readonly after: number }>(
  values: V,
  act: (values: V, c: StageContext) => readonly Act[],
): FaultStage {
  return liveStage(values, (now) => ({
    onStart: (c) => (now().after === 0 ? act(now(), c) : PASS),
    onChunk: (chunk, c): Verdict => {
      const left = now().after - c.offset;
      if (left > chunk.length) return PASS;
      return [{ emit: chunk.subarray(0, Math.max(0, left)) }, ...act(now(), c)];
    },
  }));
}
