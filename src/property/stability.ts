import type { World } from '../network/world';
import type { CaseOutcome } from './run-case';

/** How often a case failed when it was run again. */
export interface Stability {
  readonly verdict:
    | 'deterministic'
    | 'nondeterministic target'
    | 'not reproduced'
    | 'simulation only'
    | 'deterministic, needs timing on real sockets'
    | 'real sockets only';
  readonly simulated: Count | undefined;
  readonly real: Count | undefined;
}

/** So many of so many runs failed. */
export interface Count {
  readonly failed: number;
  readonly runs: number;
}

/**
 * Runs a case again on each network that the target allows.
 *
 * @param times - how often, by network; 0 leaves one out
 */
export async function stabilityOf(
  worlds: readonly World['kind'][],
  times: Readonly<Record<World['kind'], number>>,
  run: (world: World['kind']) => Promise<CaseOutcome>,
): Promise<Stability> {
  const count = async (world: World['kind']): Promise<Count | undefined> => {
    const runs = worlds.includes(world) ? times[world] : 0;
    if (runs === 0) return undefined;
    let failed = 0;
    for (let time = 0; time < runs; time++) {
      if ((await run(world)).error !== undefined) failed++;
    }
    return { failed, runs };
  };
  const simulated = await count('simulated');
  const real = await count('real');
  return { verdict: verdict(simulated, real), simulated, real };
}

function verdict(simulated: Count | undefined, real: Count | undefined): Stability['verdict'] {
  if (simulated === undefined) {
    if (real === undefined || real.failed === 0) return 'not reproduced';
    return real.failed === real.runs ? 'deterministic' : 'nondeterministic target';
  }
  if (simulated.failed === 0) {
    return real === undefined || real.failed === 0 ? 'not reproduced' : 'real sockets only';
  }
  if (simulated.failed < simulated.runs) return 'nondeterministic target';
  if (real === undefined || real.failed === real.runs) return 'deterministic';
  return real.failed === 0 ? 'simulation only' : 'deterministic, needs timing on real sockets';
}

/** `10/10 simulated, 7/10 real (deterministic, needs timing on real sockets)`. */
export function describeStability({ verdict: word, simulated, real }: Stability): string {
  const parts = Object.entries({ simulated, real }).flatMap(([name, count]) =>
    count === undefined ? [] : [`${count.failed}/${count.runs} ${name}`],
  );
  return [...(parts.length > 0 ? [parts.join(', ')] : []), `(${word})`].join(' ');
}
