import type { BytePattern } from '../base/byte-pattern';
import type { ByteRegex } from '../base/byte-regex';
import type { FramingDefinition } from '../framing/framer-names';
import type { FailureClass } from './failure-classes';
import type { EntityReference } from './named-entities';

/** How often: both inclusive, `max` may be `Infinity`. */
export interface Times {
  readonly min: number;
  readonly max: number;
}

/** A place to connect to. */
export interface EndpointWords {
  readonly host: string;
  readonly port: number;
}

/** What each placeholder gives to a step. */
export interface ParameterValues {
  readonly bytes: Uint8Array;
  readonly pattern: BytePattern;
  readonly regex: ByteRegex;
  /** Milliseconds; may carry a fraction. */
  readonly duration: number;
  /** Bytes. */
  readonly size: number;
  readonly times: Times;
  readonly endpoint: EndpointWords;
  /** 0 means any. */
  readonly port: number;
  readonly failure: FailureClass;
  readonly framing: FramingDefinition;
  readonly client: EntityReference;
  readonly listener: EntityReference;
  readonly command: EntityReference;
  /** What stands between the backticks, neither split nor interpolated. */
  readonly commandline: string;
  readonly channel: 'stdout' | 'stderr' | 'output';
  readonly int: number;
  readonly string: string;
}
