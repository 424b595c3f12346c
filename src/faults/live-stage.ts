import type { FaultStage, StageContext } from './fault';

/** A stage that looks its values up whenever it decides, so that an update is in force at once. */
export function liveStage<V extends object>(
  values: V,
  make: (now: () => V) => FaultStage,
): FaultStage {
  let current = values;
  const stage = make(() => current);
  const { onUpdate } = stage;
  // Assigned, not spread: a stage may tell how much it holds through a getter.
  return Object.assign(stage, {
    onUpdate: (next: object, c: StageContext) => {
      current = next as V;
      return onUpdate?.call(stage, next, c) ?? false;
    },
  });
}
