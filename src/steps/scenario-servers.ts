/** What listeners and mocks of a scenario have in common: both are servers of Brine's own. */
import type { TcpError } from '../base/errors';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import type { EndpointWords } from './endpoint-words';
import type { MetFailure } from './met-failures';
import type { Entity, EntityReference } from './named-entities';
import { listeners } from './scenario-listener';
import { mocks } from './scenario-mock';
import type { StepWorld } from './step-world';
import type { Changing } from './wait-for';

/** A server of a scenario. */
export interface ScenarioServer extends Entity, Changing {
  /** `mock "mail"`. */
  readonly title: string;
  /** The host of the simulated network that it is on. */
  readonly host: string;
  readonly facts: string;
  /** What its connections met, in order. */
  readonly failures: readonly MetFailure[];
  /** The first failure that no step has seen and that fits; it counts as seen then. */
  seeFailure(fits: (error: TcpError) => boolean): MetFailure | undefined;
  /** Whether a connection from that port of a client has come to it. */
  hasAccepted(port: number): boolean;
  /** Whether it speaks TLS, or is to. */
  readonly speaksTls: boolean;
  /** Whether a step lets it speak TLS behind some bytes. */
  readonly upgrades: boolean;
  /** Sets what its TLS is like. @throws Error it has accepted a connection already */
  speakTls(settings: Partial<ListenerSecureSocket>): Promise<void>;
  /** Puts TLS on a connection once these bytes have come and were answered. */
  upgradeAfter(bytes: Uint8Array, key: ListenerSecureSocket['key']): unknown;
  /** Puts it on a host of the simulated network. @throws Error it has accepted a connection already */
  moveTo(host: string): Promise<void>;
  /** Listens again on its port, after its host was down. */
  startAgain(): Promise<void>;
}

/** The server that a noun means. @throws Error there is none of that name */
export function serverOf(world: StepWorld, reference: EntityReference): ScenarioServer {
  return reference.kind === 'mock' ? mocks(world).get(reference) : listeners(world).get(reference);
}

/** All servers of a scenario. */
export function serversOf(world: StepWorld): readonly ScenarioServer[] {
  return [...listeners(world).all, ...mocks(world).all];
}

/**
 * Where a server listens.
 *
 * @throws Error there is none of that name
 */
export function serverAddress(world: StepWorld, reference: EntityReference): EndpointWords {
  const { address, title } = serverOf(world, reference);
  if (address === undefined) throw new Error(`${title} does not listen`);
  return address;
}
