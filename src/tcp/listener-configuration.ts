import { type Duration, readTimeLimit } from '../base/duration';
import {
  readCount,
  readFlag,
  readHost,
  readObject,
  readOneOf,
  readPort,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { World } from '../network/world';
import { type CallLimit, limitOf } from './call-options';
import {
  readSocketSettings,
  readWireSettings,
  readWorld,
  type SocketSettings,
} from './client-configuration';
import {
  type ListenerSecureSocket,
  readListenerSecureSocket,
  type SecureSettings,
} from './secure-socket';
import type { WireSettings } from './wire-settings';

/**
 * Where a listener listens and how its connections behave. Everything may be left out.
 *
 * Limits of time are milliseconds or text with a unit; `0` and `Infinity` mean none.
 *
 * @source docs/listeners.md
 */
export interface ListenerConfiguration {
  /** Address to listen on; default `'127.0.0.1'`. Any other must be written, also `'0.0.0.0'`. */
  readonly localHost?: string;
  /** Limit of each read of a Caller, from its call; default `'300s'`. */
  readonly timeout?: Duration;
  /** Limit of each write, replies included; default `'300s'`. */
  readonly writeTimeout?: Duration;
  /** Ends a connection on which nothing moved for so long; default none. */
  readonly idleTimeout?: Duration;
  /** How long a close waits for the peer's FIN after ours; default `'1s'`. */
  readonly closeTimeout?: Duration;
  /** How long `gracefulStop` waits before it resets; default `'10s'`. */
  readonly drainTimeout?: Duration;
  /** How long a stop waits for handlers after it has reset; default `'1s'`. */
  readonly handlerGrace?: Duration;
  /** Open connections; one above is accepted and reset. Default `Infinity`. */
  readonly maxConnections?: number;
  /** Connections that wait to be accepted; default 511. */
  readonly backlog?: number;
  /** Default `true`: small writes leave at once. */
  readonly noDelay?: boolean;
  /** Default `false`; a duration is the silence before the first probe. */
  readonly keepAlive?: boolean | Duration;
  /** Whether our side stays open when the peer has ended; default `false`. */
  readonly allowHalfOpen?: boolean;
  /** Bytes taken from the network that no handler or read has got; default 65,536. */
  readonly readHighWaterMark?: number;
  /** Bytes handed to the network and not flushed; default 65,536. */
  readonly writeHighWaterMark?: number;
  /** What ends a connection whose onConnect failed; default `'close'`. */
  readonly onConnectFailure?: 'close' | 'reset';
  /** What becomes of a connection whose onBytes failed; default `'keep'`. */
  readonly onHandlerFailure?: 'keep' | 'close' | 'reset';
  /** Whether the process may end while it listens; default `false`. */
  readonly unref?: boolean;
  /** Name in traces; default: the name given to `attach`, else `listener`. */
  readonly label?: string;
  /** TLS on top of TCP; absent: plain TCP. */
  readonly secureSocket?: ListenerSecureSocket;
  /** Default: the real world of this process. */
  readonly world?: World;
}

/** A configuration, read: everything is there. */
export interface ListenerSettings {
  readonly port: number;
  readonly localHost: string;
  readonly wire: WireSettings;
  readonly socket: SocketSettings;
  readonly drain: CallLimit;
  readonly grace: CallLimit;
  readonly maxConnections: number;
  readonly backlog: number;
  readonly onConnectFailure: 'close' | 'reset';
  readonly onHandlerFailure: 'keep' | 'close' | 'reset';
  readonly unref: boolean;
  readonly label: string | undefined;
  readonly world: World;
  /** `undefined`: plain TCP. */
  readonly secure: SecureSettings | undefined;
}

const listenerKeys = [
  'localHost',
  'timeout',
  'writeTimeout',
  'idleTimeout',
  'closeTimeout',
  'drainTimeout',
  'handlerGrace',
  'maxConnections',
  'backlog',
  'noDelay',
  'keepAlive',
  'allowHalfOpen',
  'readHighWaterMark',
  'writeHighWaterMark',
  'onConnectFailure',
  'onHandlerFailure',
  'unref',
  'label',
  'world',
  'secureSocket',
];

/** Reads a configuration. @throws TcpError `ECONFIG` - naming the key */
export function readListenerConfiguration(
  localPort: number,
  config: ListenerConfiguration = {},
): ListenerSettings {
  const options = readObject('config', config);
  refuseUnknownKeys('ListenerConfiguration', options, listenerKeys);
  const {
    localHost = '127.0.0.1',
    drainTimeout = '10s',
    handlerGrace = '1s',
    maxConnections = Number.POSITIVE_INFINITY,
    backlog = 511,
    onConnectFailure = 'close',
    onHandlerFailure = 'keep',
    unref = false,
    label,
    world,
    secureSocket,
  } = options;
  return {
    port: readPort('localPort', localPort, 0),
    localHost: readHost('localHost', localHost),
    wire: readWireSettings(options),
    socket: readSocketSettings(options),
    drain: limitOf(readTimeLimit('drainTimeout', drainTimeout)),
    grace: limitOf(readTimeLimit('handlerGrace', handlerGrace)),
    maxConnections: readCount('maxConnections', maxConnections, 1, true),
    backlog: readCount('backlog', backlog, 1),
    onConnectFailure: readOneOf('onConnectFailure', onConnectFailure, ['close', 'reset']),
    onHandlerFailure: readOneOf('onHandlerFailure', onHandlerFailure, ['keep', 'close', 'reset']),
    unref: readFlag('unref', unref),
    label: label === undefined ? undefined : readText('label', label),
    world: readWorld(world),
    secure: secureSocket === undefined ? undefined : readListenerSecureSocket(secureSocket),
  };
}
