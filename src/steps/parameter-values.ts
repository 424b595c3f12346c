import type { BytePattern } from '../base/byte-pattern';
import type { ByteRegex } from '../base/byte-regex';
import type { TlsPhase } from '../base/tls-phase';
import type { PresetName } from '../certs/preset-names';
import type { FramingDefinition } from '../framing/framing-definition';
import type { TlsVersion } from '../network/tls-settings';
import type { EndpointWords } from './endpoint-words';
import type { FailureClass } from './failure-classes';
import type { EntityReference } from './named-entities';
import type { Times } from './times-words';

/** What each placeholder gives to a step. */
export interface ParameterValues {
  readonly bytes: Uint8Array;
  readonly pattern: BytePattern;
  readonly regex: ByteRegex;
  /** Milliseconds; may carry a fraction. */
  readonly duration: number;
  /** Bytes. */
  readonly size: number;
  /** Bytes per second. */
  readonly rate: number;
  /** 0 to 1. */
  readonly percentage: number;
  readonly times: Times;
  readonly endpoint: EndpointWords;
  /** 0 means any. */
  readonly port: number;
  readonly failure: FailureClass;
  readonly framing: FramingDefinition;
  readonly client: EntityReference;
  readonly listener: EntityReference;
  readonly command: EntityReference;
  readonly proxy: EntityReference;
  /** A client, a listener or a proxy. */
  readonly party: EntityReference;
  /** A listener or a mock. */
  readonly server: EntityReference;
  /** The name of a host of the simulated network. */
  readonly host: string;
  /** The name of a certificate or an authority. */
  readonly certificate: string;
  readonly certpreset: PresetName;
  readonly tlsphase: TlsPhase;
  readonly tlsversion: TlsVersion;
  readonly direction: 'upstream' | 'downstream' | 'both directions';
  /** What stands between the backticks, neither split nor interpolated. */
  readonly commandline: string;
  readonly channel: 'stdout' | 'stderr' | 'output';
  readonly int: number;
  readonly float: number;
  readonly word: string;
  readonly string: string;
}
