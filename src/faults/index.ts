/** Door `brine/faults`: named faults of TLS, and the shape of faults. */
export type { TlsKind } from '../base/error-codes';
export type { AlertName } from '../base/tls-alerts';
export type { TlsPhase } from '../base/tls-phase';
export type {
  TlsAction,
  TlsActionFault,
  TlsFault,
  TlsFaultLayer,
  TlsNegotiation,
} from './tls-fault';
export { layerOf } from './tls-fault';
export { presetNamed, type TlsFaultPreset, tlsFaultPresets } from './tls-fault-presets';
