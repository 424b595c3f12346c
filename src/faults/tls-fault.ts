/**
 * Faults of TLS as data: JSON that can be printed, shortened and read again.
 *
 * A fault is one of three: `negotiate` and `certificate` make an end that is genuine and odd (layer
 * A), `on` with `do` acts at a phase, before any TLS or below it (layer B). The kind of the fault
 * decides the layer.
 *
 * @source docs/tls-faults.md
 */
import type { Duration } from '../base/duration';
import type { AlertName } from '../base/tls-alerts';
import type { TlsPhase } from '../base/tls-phase';
import type { CipherWish, TlsVersion } from '../network/tls-settings';

/** A fault of TLS on one end. `Material` is what stands for a certificate with its key there. */
export type TlsFault<Material = unknown> =
  | TlsActionFault
  | { readonly negotiate: TlsNegotiation }
  | { readonly certificate: Material };

/** Acts once a phase was reached; the first that fits. */
export interface TlsActionFault {
  /** The phase after which it acts; `accept` is before the first byte. */
  readonly on: TlsPhase;
  readonly do: TlsAction;
  /** What follows the action: silence, FIN or RST. Default: `stall`; for `cutMidRecord` `fin`. */
  readonly ending?: 'stall' | 'fin' | 'rst';
}

/**
 * What happens. `stall`, `fin` and `rst` say nothing more; the ones that send something say it in
 * the clear and nothing more. `cutMidRecord`, `delay`, `drip`, `fragment` and `omitCloseNotify` are
 * about the records that this end sends anyway.
 */
export type TlsAction =
  | 'stall'
  | 'fin'
  | 'rst'
  | 'garbage'
  | 'plaintextHttp'
  | 'plaintextSmtp'
  | 'echoHello'
  | 'emptyRecord'
  | 'cutMidRecord'
  | 'omitCloseNotify'
  /** `level`: `fatal`, but for close_notify, which is a warning. */
  | { readonly alert: AlertName | number; readonly level?: 'fatal' | 'warning' }
  /** These bytes as they are, as hex digits or bytes. */
  | { readonly inject: Uint8Array | string }
  /** A handshake record whose header claims so many bytes, with 64 behind it. */
  | { readonly recordLength: number }
  /** A handshake record under this version, such as 0x0300. */
  | { readonly recordVersion: number }
  /** A record of this type, such as 23. */
  | { readonly recordType: number }
  /** Handshake records in the clear are split into records of so many bytes. */
  | { readonly fragment: number }
  /** From then on so many bytes at a time, each after a while. */
  | { readonly drip: { readonly bytes: number; readonly every: Duration } }
  /** What comes next is held back for a while. */
  | { readonly delay: Duration };

/** What a genuine end of TLS offers instead of what its options say. */
export interface TlsNegotiation {
  readonly versions?: readonly TlsVersion[];
  readonly ciphers?: CipherWish;
  readonly groups?: readonly string[];
  readonly sigalgs?: readonly string[];
  readonly alpn?: readonly string[];
  /** Server: asks for another key share (HelloRetryRequest). */
  readonly helloRetry?: true;
  /** Server. `require` asks for a certificate whether or not there are anchors to judge it by. */
  readonly clientAuth?: 'none' | 'request' | 'require';
  /** Server: every session is forgotten. */
  readonly tickets?: 'reject';
  /** Server: a name is refused, or never answered, whatever it is. */
  readonly sni?: 'refuse' | 'stall';
  /** Up to TLS 1.2: a server allows or refuses it; any end asks for one once it is secured. */
  readonly renegotiate?: 'allow' | 'refuse' | 'ask';
  /** Bytes of plain text in a record, 512 to 16384. */
  readonly maxSendFragment?: number;
}

/** Where a fault acts: A is a genuine end with odd settings, B is below TLS or without it. */
export type TlsFaultLayer = 'A' | 'B';

/** The layer of a fault. */
export function layerOf(fault: TlsFault): TlsFaultLayer {
  return 'on' in fault ? 'B' : 'A';
}

/** Whether it acts on records that a genuine end makes, and so needs one above it. */
export function needsEndpoint({ on, do: action }: TlsActionFault): boolean {
  const early = on === 'accept' || on === 'clientHello';
  return !early || isAboutOwnRecords(action);
}

/** Whether an action is about the records that an end sends anyway. */
export function isAboutOwnRecords(action: TlsAction): boolean {
  if (typeof action === 'string') return action === 'cutMidRecord' || action === 'omitCloseNotify';
  return 'fragment' in action || 'drip' in action || 'delay' in action;
}

/** A fault of the second kind in a few words: `garbage on clientHello`. */
export function actionText({ on, do: action }: TlsActionFault): string {
  const name = typeof action === 'string' ? action : (Object.keys(action)[0] ?? '');
  return `${name} on ${on}`;
}
