/** Door `brine`: clients, listeners, their errors, and the real world. */
export type { Address } from './base/address';
export type { BytesLike } from './base/bytes';
export type { Duration } from './base/duration';
export type { TcpErrorCode, TcpPhase, TlsKind } from './base/error-codes';
export { errorCodes } from './base/error-codes';
export type { HandlerName, TcpErrorDetails, TlsAlert } from './base/errors';
export { TcpError } from './base/errors';
export type { TlsOutcome } from './base/tls-outcome';
export type { TlsPhase } from './base/tls-phase';
export type { TlsFault } from './faults/tls-fault';
export { type RealWorldOptions, realWorld } from './network/real/world';
export type { TlsCertificateInfo, TlsInfo } from './network/tls-info';
export type { CipherWish, TlsSide, TlsVersion } from './network/tls-settings';
export type { World } from './network/world';
export type { ByteChannel, ReadUntilOptions } from './tcp/byte-channel';
export type { CallOptions } from './tcp/call-options';
export type { Caller } from './tcp/caller';
export { Client } from './tcp/client';
export type { ClientConfiguration } from './tcp/client-configuration';
export type { CloseInfo, CloseReason } from './tcp/close-info';
export type { FrameHandlers } from './tcp/framed';
export { framed } from './tcp/framed';
export type { CertKey } from './tcp/key-material';
export type { KeyStore, TrustStore } from './tcp/key-stores';
export { Listener } from './tcp/listener';
export type { ListenerConfiguration } from './tcp/listener-configuration';
export type { StopReport } from './tcp/listener-stop';
export type {
  ClientSecureSocket,
  ListenerSecureSocket,
  SecureSocket,
  TlsProtocol,
  TrustedPem,
} from './tcp/secure-socket';
export type { Awaitable, ConnectionService, Service } from './tcp/service';
export { defineConnectionService, defineService } from './tcp/service';
export { SessionStore } from './tcp/session-store';
export type { WaitUntilListeningOptions } from './tcp/wait-until-listening';
export { waitUntilListening } from './tcp/wait-until-listening';
