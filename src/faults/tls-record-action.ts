import type { TlsPhase } from '../base/tls-phase';
import type { Stream } from './fault';
import type { TlsAction } from './tls-fault';

/** What a proxy can do to the records of TLS that pass through it; see {@link TlsAction}. */
export type TlsRecordAction =
  | TlsAction
  | 'drop'
  /** Sent twice. */
  | 'duplicate'
  /** Sent behind the next one. */
  | 'swap'
  /** The lowest bit of a byte of the record, counted from its header, or of its last byte. */
  | { readonly flip: number | 'last' }
  /** The suite that a ServerHello has chosen. */
  | { readonly cipher: number };

/**
 * Where it acts: behind a phase; at a record, counted from 1 in its direction; or behind so many
 * bytes of a record, where something is sent or ended.
 */
export type TlsRecordPlace =
  | TlsPhase
  | { readonly record: number; readonly direction?: Stream }
  | { readonly byte: number; readonly inRecord: number };

/** What the stage works with. */
export interface TlsRecordValues {
  readonly on: TlsRecordPlace;
  readonly do: TlsRecordAction;
  readonly ending?: 'stall' | 'fin' | 'rst';
}

const changes = ['drop', 'duplicate', 'swap', 'cutMidRecord', 'omitCloseNotify'];
const objectChanges = ['flip', 'cipher', 'fragment', 'drip', 'delay'];
const headers = ['recordLength', 'recordVersion', 'recordType'];

/** Whether an action is about a record that passes, and not about something that is sent or ended. */
export function isChange(action: TlsRecordAction): boolean {
  const name = typeof action === 'string' ? action : (Object.keys(action)[0] ?? '');
  return [...changes, ...objectChanges, ...headers].includes(name);
}
