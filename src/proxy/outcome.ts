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
