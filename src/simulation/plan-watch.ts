import type { StreamStop } from './cuts';

/** What a plan has to do with connections. */
export interface PlanWatch {
  /** A connection is dialled, or its dialler's handshake is complete. */
  connection(number: number, state: 'connecting' | 'established'): void;
  /** A host accepts a connection; its program does not have it yet. */
  accepting(host: string, number: number): void;
  /** What is to be done in a stream. */
  stopsOf(number: number, direction: 'out' | 'in'): readonly StreamStop[];
}
