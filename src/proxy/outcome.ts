import type { Address } from '../base/address';

/** Where a proxied connection stands. */
export type ProxyConnectionState = 'accepted' | 'dialling' | 'open' | 'halfClosed' | 'closed';

/** How a proxied connection ended. */
export interface Outcome {
  readonly how: 'closed' | 'reset' | 'dialFailed' | 'fault';
  /** Who began it. */
  readonly by: 'client' | 'upstream' | 'proxy';
  /** Name of the fault. */
  readonly toxic?: string;
}

/** Bytes of a direction. */
export interface LinkBytes {
  readonly received: number;
  readonly sent: number;
}

/** The end by a fault. */
export function faultOutcome(toxic: string | undefined): Outcome {
  return { how: 'fault', by: 'proxy', ...(toxic === undefined ? {} : { toxic }) };
}

/** A connection that is over. */
interface OverConnection {
  readonly id: string;
  readonly number: number;
  readonly client: Address;
  readonly upstream: Address | undefined;
  readonly bytes: { readonly upstream: LinkBytes; readonly downstream: LinkBytes };
  readonly startedUs: number;
}

/** What the event of its end tells of a connection beside how it ended. */
export function closedFacts(
  over: OverConnection,
  nowUs: number,
): Readonly<Record<string, unknown>> {
  const { id, number, client, upstream, bytes, startedUs } = over;
  return { connection: id, number, client, upstream, bytes, ageUs: nowUs - startedUs };
}
