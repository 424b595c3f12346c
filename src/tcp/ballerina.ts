/** The door for those who come from Ballerina: its field names, and seconds. Nothing imports it. */
import { configError } from '../base/errors';
import { readFlag, readObject, refuseUnknownKeys } from '../base/option-reader';
import type { ClientConfiguration } from './client-configuration';
import type { KeyStore, TrustStore } from './key-stores';
import type { ListenerConfiguration } from './listener-configuration';
import type { ClientSecureSocket, ListenerSecureSocket, SecureSocket } from './secure-socket';

/** Ballerina's `tcp:ClientConfiguration`. */
export interface BallerinaClientConfiguration {
  readonly localHost?: string;
  /** Seconds, may have a fraction; `0` and less mean no limit; default 300. */
  readonly timeout?: number;
  /** Seconds, as `timeout`; default 300. */
  readonly writeTimeout?: number;
  /** Absent: plain TCP. */
  readonly secureSocket?: BallerinaClientSecureSocket;
}

/** Ballerina's `tcp:ListenerConfiguration`. */
export interface BallerinaListenerConfiguration {
  /** Default `127.0.0.1`, not every interface. */
  readonly localHost?: string;
  /** Absent: plain TCP. */
  readonly secureSocket?: BallerinaListenerSecureSocket;
}

/** What both sides of TLS may set there. */
export interface BallerinaSecureSocket {
  /** `name` changes nothing; `versions` are exactly those that are allowed, such as `TLSv1.2`. */
  readonly protocol?: { readonly name?: 'SSL' | 'TLS'; readonly versions?: readonly string[] };
  /** IANA names; those that are not known are left out, unless none is left. */
  readonly ciphers?: readonly string[];
  /** Seconds, may have a fraction; `0` and less mean no limit; default 10, not "no limit". */
  readonly handshakeTimeout?: number;
  /** Whole seconds; `0` and less mean the default. */
  readonly sessionTimeout?: number;
}

/** Ballerina's `tcp:ClientSecureSocket`. */
export interface BallerinaClientSecureSocket extends BallerinaSecureSocket {
  /** `false`: plain TCP, and nothing else here is looked at; default `true`. */
  readonly enable?: boolean;
  /**
   * Path of a PEM file, or a trust store: a leaf that is in it is accepted whatever its dates, and
   * no name is sent or checked. Absent: the roots of Node, and everything is checked.
   */
  readonly cert?: string | TrustStore;
}

/** Ballerina's `tcp:ListenerSecureSocket`. */
export interface BallerinaListenerSecureSocket extends BallerinaSecureSocket {
  readonly key:
    | KeyStore
    | { readonly certFile: string; readonly keyFile: string; readonly keyPassword?: string };
}

/**
 * Turns a configuration of the Ballerina connector into one of Brine.
 *
 * @throws TcpError `ECONFIG` - an unknown key, or a limit that is no number of seconds
 * @source docs/clients.md#coming-from-ballerina
 * @example
 * await Client.connect('localhost', 3000, ballerina({ timeout: 300, writeTimeout: 300 }));
 */
export const ballerina: BallerinaDoor = Object.assign(clientConfiguration, {
  listener: listenerConfiguration,
});

/** What {@link ballerina} offers. */
export interface BallerinaDoor {
  (config: BallerinaClientConfiguration): ClientConfiguration;
  listener(config: BallerinaListenerConfiguration): ListenerConfiguration;
}

const secureKeys = ['protocol', 'ciphers', 'handshakeTimeout', 'sessionTimeout'];

function clientConfiguration(config: BallerinaClientConfiguration): ClientConfiguration {
  refuseUnknownKeys('BallerinaClientConfiguration', readObject('config', config), [
    'localHost',
    'timeout',
    'writeTimeout',
    'secureSocket',
  ]);
  const { secureSocket } = config;
  return {
    ...localHostOf(config),
    timeout: millisecondsOf('timeout', config.timeout),
    writeTimeout: millisecondsOf('writeTimeout', config.writeTimeout),
    ...(secureSocket !== undefined && { secureSocket: clientSecureSocket(secureSocket) }),
  };
}

function listenerConfiguration(config: BallerinaListenerConfiguration): ListenerConfiguration {
  refuseUnknownKeys('BallerinaListenerConfiguration', readObject('config', config), [
    'localHost',
    'secureSocket',
  ]);
  const { secureSocket } = config;
  return {
    ...localHostOf(config),
    ...(secureSocket !== undefined && { secureSocket: listenerSecureSocket(secureSocket) }),
  };
}

function clientSecureSocket(config: BallerinaClientSecureSocket): ClientSecureSocket {
  const { enable = true, cert } = readObject('secureSocket', config) as typeof config;
  if (!readFlag('secureSocket.enable', enable)) return { enable: false };
  refuseUnknownKeys('BallerinaClientSecureSocket', config, [...secureKeys, 'enable', 'cert']);
  if (cert !== undefined && typeof cert !== 'string') {
    refuseUnknownKeys('secureSocket.cert', readObject('secureSocket.cert', cert), storeKeys);
  }
  // Roots without a check of the name would let everybody in, and nobody there relies on it.
  return { ...secureSocketOf(config), ...(cert !== undefined && { cert, verify: 'ballerina' }) };
}

const storeKeys = ['path', 'password'];

function listenerSecureSocket(config: BallerinaListenerSecureSocket): ListenerSecureSocket {
  const options = readObject('secureSocket', config);
  refuseUnknownKeys('BallerinaListenerSecureSocket', options, [...secureKeys, 'key']);
  const key = readObject('secureSocket.key', options['key']);
  const pemKeys = ['certFile', 'keyFile', 'keyPassword'];
  refuseUnknownKeys('secureSocket.key', key, 'path' in key ? storeKeys : pemKeys);
  return { ...secureSocketOf(config), key: config.key };
}

function secureSocketOf(config: BallerinaSecureSocket): SecureSocket & { sessionTimeout?: number } {
  const { protocol, ciphers, handshakeTimeout, sessionTimeout } = config;
  const sessionMs = sessionTimeout === undefined ? 0 : sessionMsOf(sessionTimeout);
  return {
    // Which versions and suites there are is known to the network, which is asked when it is needed.
    ...(protocol !== undefined && { protocol: protocol as NonNullable<SecureSocket['protocol']> }),
    ...(ciphers !== undefined && { ciphers: { anyOf: ciphers } }),
    ...(handshakeTimeout !== undefined && {
      handshakeTimeout: millisecondsOf('secureSocket.handshakeTimeout', handshakeTimeout),
    }),
    ...(sessionMs > 0 && { sessionTimeout: sessionMs }),
  };
}

/** OpenSSL counts whole seconds, and 0 would be none. */
function sessionMsOf(seconds: number): number {
  const ms = millisecondsOf('secureSocket.sessionTimeout', seconds);
  return ms === 0 ? 0 : Math.max(1, Math.round(ms / 1_000)) * 1_000;
}

function localHostOf({ localHost }: { localHost?: string }): { localHost?: string } {
  return localHost === undefined ? {} : { localHost };
}

/** Whole milliseconds, at least 1; 0 for no limit. */
function millisecondsOf(field: string, seconds: unknown = 300): number {
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) {
    throw configError(field, 'a number of seconds', seconds);
  }
  return seconds <= 0 ? 0 : Math.max(1, Math.round(seconds * 1_000));
}
