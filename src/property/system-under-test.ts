import type { Duration } from '../base/duration';
import type { FramingDefinition } from '../framing/framing-definition';
import type { World } from '../network/world';

/** What a property is asked about: a server, a client, or both. */
export interface SystemUnderTest {
  /** As it is called in messages: `./server.ts`, `127.0.0.1:7000`. */
  readonly name: string;
  /** Where it can run; the first is the default. */
  readonly worlds: readonly World['kind'][];
  readonly features: Features;
  /** Starts the server in a world, and says where it listens. */
  server?(world: World): Promise<RunningServer>;
  /** Connects the client in a world. */
  client?(world: World, endpoint: Endpoint): Promise<FuzzClient>;
  /** How a scenario says that it is there, and what it is called in the sentences that follow. */
  readonly inScenario?: { readonly given: readonly string[]; readonly server: string };
}

/** An address to connect to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A server that listens. */
export interface RunningServer extends Endpoint {
  close(): Promise<void>;
}

/** A client, as far as a property needs it. */
export interface FuzzClient {
  send(bytes: Uint8Array): Promise<void>;
  /** `null` when the peer has ended, or nothing came in time. */
  receive(options?: { readonly timeout?: Duration }): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** What a peer promises; the properties of what it does not promise are left out. */
export interface Features {
  /** A server that returns exactly what it gets. */
  readonly echo?: boolean;
  /** How its messages are framed. */
  readonly framing?: FramingDefinition;
}
