import type { Caller, ConnectionService, Service, StopReport, TcpError } from '../src/index';
import { Changes, type StepWorld } from '../src/steps/index';
import { perScenario } from './own';

/** What the services of one scenario were told and did. */
export class Observations extends Changes {
  readonly errors: TcpError[] = [];
  readonly handlerErrors: TcpError[] = [];
  readonly stops: Map<string, StopReport> = new Map();
  readonly callers: Caller[] = [];
  running = 0;
  mostRunning = 0;

  tell(list: 'errors' | 'handlerErrors', error: TcpError): void {
    this[list].push(error);
    this.changed();
  }
}

export const observations: (world: StepWorld) => Observations = perScenario(
  () => new Observations(),
);

type OnBytes = ConnectionService['onBytes'];

/** A service whose connections do the same for every chunk, and whose errors are kept. */
export function answering(world: StepWorld, onBytes: (caller: Caller) => OnBytes): Service {
  return {
    onConnect: (caller) => {
      observations(world).callers.push(caller);
      return {
        onBytes: onBytes(caller),
        onError: (error) => observations(world).tell('errors', error),
      };
    },
  };
}
