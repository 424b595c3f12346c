import type { AttributeRule } from './attribute-rules';
import type { DelayStage, FaultStage, Side } from './fault';

/**
 * A kind of fault: its attributes, and what it does.
 *
 * @source docs/add-a-fault.md
 */
export interface FaultType<V extends object = object> {
  /** Its name in data, such as `slow_close`. */
  readonly type: string;
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  /** Refuses values that do not fit together, with a text. */
  check?(values: V): string | undefined;
  /** Acts on the bytes of one direction. */
  stage?(values: V): FaultStage;
  /** Acts on the bytes of one direction by delaying them, side by side. */
  delay?(values: V): DelayStage;
  /** Acts when a connection is accepted, before the upstream is dialled. */
  admit?(values: V, c: AdmissionContext): Admission | undefined;
  /** Acts on the whole connection once it is older than that. */
  life?(values: V, chance: () => number): Life;
  /** Stops the listener while it is there. */
  readonly refuses?: true;
}

/** What decides about an accepted connection is told. */
export interface AdmissionContext {
  readonly connection: number;
  readonly remote: string;
  /** Connections open now, this one not counted. */
  readonly open: number;
  /** Connections seen since the fault was added or updated, this one counted; per remote too. */
  readonly seen: number;
  readonly seenOfRemote: number;
}

/** What happens to an accepted connection before the upstream is dialled. */
export type Admission =
  | { readonly do: 'end'; readonly how: 'fin' | 'reset' | 'dialFailure'; readonly afterUs?: number }
  | { readonly do: 'wait'; readonly forUs: number; readonly unread?: boolean }
  | { readonly do: 'never' }
  /** Until less than `below` connections are open. */
  | { readonly do: 'queue'; readonly below: number };

/** How long a connection lives, and how it ends. */
export interface Life {
  readonly afterUs: number;
  readonly since: 'connection' | 'firstByte' | 'toxic';
  readonly how: 'fin' | 'half' | Side;
}

/** Keeps the types of the values while a kind is written down. */
export function faultType<V extends object>(type: FaultType<V>): FaultType<V> {
  return type;
}
