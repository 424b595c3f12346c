import type { WireEventKind } from '../wire-event';

/** Every kind of event. Append only: a kind's place is its number inside a trace hash. */
export const eventKinds: readonly WireEventKind[] = [
  'lookup',
  'syn',
  'refused',
  'established',
  'accepted',
  'write',
  'data',
  'fin',
  'rst',
  'window',
  'pause',
  'resume',
  'tls',
  'timeout',
  'error',
  'close',
  'fault',
  'control',
  'timer',
  'note',
  'sometimes',
];
