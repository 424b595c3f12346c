import type { ConnectionState } from '../network/connection';

/** State of one end: what the contract tells, and the server's wait for the last part of the handshake. */
export type EndState = ConnectionState | 'synReceived';

/** What can happen to an end, as far as its state is concerned. */
export type Happening =
  /** The handshake is complete on this side. */
  | 'established'
  /** Our FIN left. */
  | 'finSent'
  /** The peer's FIN arrived. */
  | 'finReceived'
  /** RST, sent or received, or the network gave up. */
  | 'reset'
  /** Nothing is left to do: both FINs went, or nothing was ever opened. */
  | 'over';

const table: Readonly<Record<EndState, Partial<Record<Happening, EndState>>>> = {
  connecting: { established: 'established', reset: 'reset', over: 'closed' },
  synReceived: { established: 'established', reset: 'reset', over: 'closed' },
  established: {
    finSent: 'finWait',
    finReceived: 'closeWait',
    reset: 'reset',
    over: 'closed',
  },
  finWait: { finReceived: 'closing', reset: 'reset', over: 'closed' },
  closeWait: { finSent: 'closing', reset: 'reset', over: 'closed' },
  closing: { reset: 'reset', over: 'closed' },
  closed: {},
  reset: {},
};

/**
 * The state that follows. What does not apply changes nothing, such as a FIN after a RST.
 *
 * @source docs/simulation.md
 */
export function nextState(state: EndState, happening: Happening): EndState {
  return table[state][happening] ?? state;
}

/** Whether bytes can still arrive or leave. */
export function isAlive(state: EndState): boolean {
  return state !== 'closed' && state !== 'reset';
}
