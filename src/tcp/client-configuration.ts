import type { Duration } from '../base/duration';
import { readDuration, readTimeLimit, toMicroseconds } from '../base/duration';
import { configError, refusal } from '../base/errors';
import {
  readCount,
  readFlag,
  readHost,
  readHostPort,
  readObject,
  readPort,
  readSignal,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { World } from '../network/world';
import { type CallLimit, limitOf } from './call-options';
import { defaultWorld } from './default-world';
import {
  type ClientSecureSocket,
  readClientSecureSocket,
  type SecureSettings,
} from './secure-socket';
import type { WireSettings } from './wire-settings';

/**
 * How a client connects and behaves. Everything may be left out.
 *
 * Limits of time are milliseconds or text with a unit; `0` and `Infinity` mean none.
 *
 * @source docs/clients.md
 */
export interface ClientConfiguration {
  /** Local address, or a name of one; default: the system chooses. */
  readonly localHost?: string;
  /** Default 0: any free port. */
  readonly localPort?: number;
  /** Limit of each read, from its call; default `'300s'`. */
  readonly timeout?: Duration;
  /** Limit of each write, from its call; default `'300s'`. */
  readonly writeTimeout?: Duration;
  /** Limit of name look-up and connect together; default `'30s'`. */
  readonly connectTimeout?: Duration;
  /** How long a close waits for the peer's FIN after ours; default `'1s'`. */
  readonly closeTimeout?: Duration;
  /** Default `true`: small writes leave at once. */
  readonly noDelay?: boolean;
  /** Default `false`; a duration is the silence before the first probe. */
  readonly keepAlive?: boolean | Duration;
  /** Whether our side stays open when the peer has ended; default `false`. */
  readonly allowHalfOpen?: boolean;
  /** Bytes taken from the network without a read; default 65,536. */
  readonly readHighWaterMark?: number;
  /** Bytes handed to the network and not flushed; default 65,536. */
  readonly writeHighWaterMark?: number;
  /** Aborting it ends the connecting; it has no effect afterwards. */
  readonly signal?: AbortSignal;
  /** Name in traces. */
  readonly label?: string;
  /** TLS on top of TCP; absent: plain TCP. */
  readonly secureSocket?: ClientSecureSocket;
  /** Default: the real world of this process. */
  readonly world?: World;
}

/** A configuration, read: everything is there. */
export interface ClientSettings {
  readonly wire: WireSettings;
  readonly socket: SocketSettings;
  readonly connect: CallLimit;
  readonly localHost: string | undefined;
  readonly localPort: number;
  readonly signal: AbortSignal | undefined;
  readonly label: string | undefined;
  readonly world: World;
  /** `undefined`: plain TCP. */
  readonly secure: SecureSettings | undefined;
}

/** Options of the socket itself. */
export interface SocketSettings {
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  /** Milliseconds; 0 leaves it to the system. */
  readonly keepAliveInitialDelay: number;
}

/** Who is dialled. */
export interface Remote {
  readonly host: string;
  readonly port: number;
  /** What a URL has asked for: `tls`, or `tcp` without TLS. */
  readonly scheme?: 'tcp' | 'tls';
}

const clientKeys = [
  'localHost',
  'localPort',
  'timeout',
  'writeTimeout',
  'connectTimeout',
  'closeTimeout',
  'noDelay',
  'keepAlive',
  'allowHalfOpen',
  'readHighWaterMark',
  'writeHighWaterMark',
  'signal',
  'label',
  'world',
  'secureSocket',
];

/** Reads a configuration. @throws TcpError `ECONFIG` - naming the key */
export function readClientConfiguration(config: ClientConfiguration = {}): ClientSettings {
  const options = readObject('config', config);
  refuseUnknownKeys('ClientConfiguration', options, clientKeys);
  const { localHost, localPort, connectTimeout = '30s', signal, label, world } = options;
  return {
    wire: readWireSettings(options),
    socket: readSocketSettings(options),
    connect: limitOf(readTimeLimit('connectTimeout', connectTimeout)),
    localHost: localHost === undefined ? undefined : readHost('localHost', localHost),
    localPort: localPort === undefined ? 0 : readPort('localPort', localPort, 0),
    signal: signal === undefined ? undefined : readSignal('signal', signal),
    label: label === undefined ? undefined : readText('label', label),
    world: readWorld(world),
    secure:
      options['secureSocket'] === undefined
        ? undefined
        : readClientSecureSocket(options['secureSocket']),
  };
}

/**
 * Brings together what a URL and what a configuration say about TLS.
 *
 * @throws TcpError `ECONFIG` - they contradict each other
 */
export function secureAsAsked(
  { scheme }: Remote,
  settings: ClientSettings,
  asked: unknown,
): SecureSettings | undefined {
  const { secure } = settings;
  if (scheme === 'tls' && secure === undefined) {
    if (asked === undefined) return readClientSecureSocket({});
    throw refusal('url', 'the URL asks for TLS, and secureSocket.enable is false');
  }
  if (scheme === 'tcp' && secure !== undefined) {
    throw refusal('url', 'the URL asks for plain TCP, and secureSocket for TLS: use tls://');
  }
  return secure;
}

/** Reads what an open connection needs. */
export function readWireSettings(options: Record<string, unknown>): WireSettings {
  const {
    timeout = '300s',
    writeTimeout = '300s',
    closeTimeout = '1s',
    idleTimeout = 0,
    allowHalfOpen = false,
    readHighWaterMark = 65_536,
    writeHighWaterMark = 65_536,
  } = options;
  return {
    read: limitOf(readTimeLimit('timeout', timeout)),
    write: limitOf(readTimeLimit('writeTimeout', writeTimeout)),
    closeTimeoutUs: toMicroseconds(readTimeLimit('closeTimeout', closeTimeout)),
    idleTimeoutUs: toMicroseconds(readTimeLimit('idleTimeout', idleTimeout)),
    allowHalfOpen: readFlag('allowHalfOpen', allowHalfOpen),
    readHighWaterMark: readCount('readHighWaterMark', readHighWaterMark, 1),
    writeHighWaterMark: readCount('writeHighWaterMark', writeHighWaterMark, 1),
  };
}

/** Reads the options of a socket. */
export function readSocketSettings(options: Record<string, unknown>): SocketSettings {
  const { noDelay = true, keepAlive = false } = options;
  const on = typeof keepAlive === 'boolean' ? keepAlive : undefined;
  return {
    noDelay: readFlag('noDelay', noDelay),
    keepAlive: on ?? true,
    keepAliveInitialDelay: on === undefined ? readDuration('keepAlive', keepAlive) : 0,
  };
}

/** A world that was given, or the one of this process. */
export function readWorld(world: unknown): World {
  if (world === undefined) return defaultWorld();
  if (typeof world !== 'object' || world === null || !('network' in world)) {
    throw configError('world', 'a World, such as realWorld()', world);
  }
  return world as World;
}

/**
 * Reads who is dialled: host and port, an object with both, or a URL `tcp://host:port` or `tls://host:port`.
 *
 * @throws TcpError `ECONFIG` - field `remoteHost`, `remotePort` or `url`
 */
export function readRemote(target: unknown, port: unknown): Remote {
  if (typeof target === 'object' && target !== null) {
    const { host, port: itsPort } = target as Record<string, unknown>;
    return { host: readHost('remoteHost', host), port: readPort('remotePort', itsPort) };
  }
  const url = typeof target === 'string' ? /^([a-z]+):\/\/(.*)$/i.exec(target) : null;
  if (url === null || typeof port === 'number') {
    return { host: readHost('remoteHost', target), port: readPort('remotePort', port) };
  }
  const [, name = '', rest = ''] = url;
  const scheme = name.toLowerCase();
  if (scheme !== 'tcp' && scheme !== 'tls') {
    throw configError('url', 'tcp://host:port or tls://host:port', target);
  }
  const { host, port: named } = readHostPort('url', rest);
  return { host, port: readPort('url', named), scheme };
}
