import type { TcpError } from '../base/errors';
import type { Random } from '../base/random';
import type { TlsInfo } from '../network/tls-info';
import type { World } from '../network/world';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import type { Barriers } from './barriers';
import type { Delivery } from './delivery';
import type { Journal } from './journal';
import type { MockFaults } from './mock-faults';
import type { MockPlan } from './mock-plan';
import type { MockState } from './mock-state';
import type { RegexLimit } from './subject';

/** What the connections of one mock share. */
export interface MockHost {
  readonly world: World;
  /** Changes when rules are replaced. */
  readonly plan: MockPlan;
  readonly journal: Journal;
  readonly random: Random;
  readonly barriers: Barriers;
  readonly regexLimit: RegexLimit;
  /** How often each rule matched, by label. */
  readonly counts: Map<string, number>;
  readonly sharedState: MockState;
  readonly exchanges: readonly MockPeer[];
  readonly warnings: string[];
  /** Absent where there are none. */
  readonly faults: MockFaults | undefined;
  onChange(listener: () => void): () => void;
  /** Numbers of the template name `counter`. */
  nextCount(): number;
  /** Keeps what a connection met. */
  meet(error: TcpError): void;
  /** Keeps a failure that verification reports. */
  fail(failure: MockFailure): void;
  /** What to show after `startTls`. @throws TcpError `ECONFIG` - there is none of that name */
  tlsFor(certificate: string | undefined): Promise<ListenerSecureSocket>;
  /** Something happened that somebody may wait for. */
  changed(): void;
}

/** A connection of a mock, as the others see it. */
export interface MockPeer {
  readonly number: number;
  readonly isOpen: boolean;
  enqueue(work: () => Promise<void>): Promise<void>;
  readonly stage: {
    send(bytes: Uint8Array, raw: boolean, delivery: Delivery | undefined): Promise<void>;
  };
}

/** Something that went wrong while a mock ran. */
export interface MockFailure {
  readonly text: string;
  readonly connection: number;
  /** Whether it counts in a lenient mock, too. */
  readonly always: boolean;
  /** What it is told of. */
  readonly error?: TcpError;
}

/** Whether TLS is on a connection, and who the client is. */
export function clientNames(info: TlsInfo | undefined): readonly string[] {
  const certificate = info?.peerCertificate;
  if (certificate === undefined) return [];
  const name = /CN=([^,\n/+]+)/.exec(certificate.subject)?.[1];
  const fingerprint = certificate.fingerprint256;
  return [name ?? certificate.subject, fingerprint, fingerprint.replaceAll(':', '').toLowerCase()];
}
