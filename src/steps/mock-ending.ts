import type { MockMode } from '../mock/mock-model';
import type { MockServer } from '../mock/mock-server';

/**
 * What a mock says at the end of its scenario, as its mode asks for; nothing when all is well.
 *
 * A connection that is still open is no failure here: the scenario ends what it opened itself.
 */
export function unkeptOf(server: MockServer, mode: MockMode): readonly string[] {
  try {
    server.verify((claims) => {
      claims.promisesKept();
      if (mode === 'strict') claims.nothingUnexpected().scriptFinished();
    });
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
