import type { Caller, ConnectionService, Service, StopReport, TcpError } from '../src/index';
import type { StepWorld } from '../src/steps/index';
import { perScenario } from './own';

/** What the services of one scenario were told and did. */
export interface Observations {
  readonly errors: TcpError[];
  readonly handlerErrors: TcpError[];
  readonly stops: Map<string, StopReport>;
  readonly callers: Caller[];
  running: number;
  mostRunning: number;
}

export const observations: (world: StepWorld) => Observations = perScenario(
  (): Observations => ({
    errors: [],
    handlerErrors: [],
    stops: new Map(),
    callers: [],
    running: 0,
    mostRunning: 0,
  }),
);

type OnBytes = ConnectionService['onBytes'];

/** A service whose connections do the same for every chunk, and whose errors are kept. */
export function answering(world: StepWorld, onBytes: (caller: Caller) => OnBytes): Service {
  return {
    onConnect: (caller) => {
      observations(world).callers.push(caller);
      return {
        onBytes: onBytes(caller),
        onError: (error) => {
          observations(world).errors.push(error);
        },
      };
    },
  };
}
