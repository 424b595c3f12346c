/** Door `brine/tcp`: clients and listeners. */
export type { Address } from '../base/address';
export type { BytesLike } from '../base/bytes';
export type { Duration } from '../base/duration';
export type { TcpErrorCode, TcpPhase, TlsKind } from '../base/error-codes';
export { errorCodes } from '../base/error-codes';
export type { HandlerName, TcpErrorDetails, TlsAlert } from '../base/errors';
export { TcpError } from '../base/errors';
export type { TlsOutcome } from '../base/tls-outcome';
export type { TlsPhase } from '../base/tls-phase';
export type { TlsFault } from '../faults/tls-fault';
export type { TlsCertificateInfo, TlsInfo } from '../network/tls-info';
export type { CipherWish, TlsSide, TlsVersion } from '../network/tls-settings';
export type {
  BallerinaClientConfiguration,
  BallerinaClientSecureSocket,
  BallerinaDoor,
  BallerinaListenerConfiguration,
  BallerinaListenerSecureSocket,
  BallerinaSecureSocket,
} from './ballerina';
export { ballerina } from './ballerina';
export type { ByteChannel, ReadUntilOptions } from './byte-channel';
export type { CallOptions } from './call-options';
export type { Caller } from './caller';
export { Client } from './client';
export type { ClientConfiguration } from './client-configuration';
export type { CloseInfo, CloseReason } from './close-info';
export type { FrameHandlers } from './framed';
export { framed } from './framed';
export type { CertKey } from './key-material';
export type { KeyStore, TrustStore } from './key-stores';
export { Listener } from './listener';
export type { ListenerConfiguration } from './listener-configuration';
export type { StopReport } from './listener-stop';
export type {
  ClientSecureSocket,
  ListenerSecureSocket,
  SecureSocket,
  TlsProtocol,
  TrustedPem,
} from './secure-socket';
export type { Awaitable, ConnectionService, Service } from './service';
export { defineConnectionService, defineService } from './service';
export { SessionStore } from './session-store';
export type { WaitUntilListeningOptions } from './wait-until-listening';
export { waitUntilListening } from './wait-until-listening';
