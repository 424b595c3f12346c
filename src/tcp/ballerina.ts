/** The door for those who come from Ballerina: its field names, and seconds. Nothing imports it. */
import { configError } from '../base/errors';
import { readObject, refuseUnknownKeys } from '../base/option-reader';
import type { ClientConfiguration } from './client-configuration';
import type { ListenerConfiguration } from './listener-configuration';

/** Ballerina's `tcp:ClientConfiguration`. */
export interface BallerinaClientConfiguration {
  readonly localHost?: string;
  /** Seconds, may have a fraction; `0` and less mean no limit; default 300. */
  readonly timeout?: number;
  /** Seconds, as `timeout`; default 300. */
  readonly writeTimeout?: number;
}

/** Ballerina's `tcp:ListenerConfiguration`. */
export interface BallerinaListenerConfiguration {
  /** Default `127.0.0.1`, not every interface. */
  readonly localHost?: string;
}

/**
 * Turns a configuration of the Ballerina connector into one of Brine.
 *
 * @throws TcpError `ECONFIG` - an unknown key, or a limit that is no number of seconds
 * @source docs/clients.md
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

function clientConfiguration(config: BallerinaClientConfiguration): ClientConfiguration {
  const options = readObject('config', config);
  refuseUnknownKeys('BallerinaClientConfiguration', options, [
    'localHost',
    'timeout',
    'writeTimeout',
  ]);
  return {
    ...localHostOf(config),
    timeout: millisecondsOf('timeout', config.timeout),
    writeTimeout: millisecondsOf('writeTimeout', config.writeTimeout),
  };
}

function listenerConfiguration(config: BallerinaListenerConfiguration): ListenerConfiguration {
  const options = readObject('config', config);
  refuseUnknownKeys('BallerinaListenerConfiguration', options, ['localHost']);
  return localHostOf(config);
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
