/** How steps connect a client through a proxy. */
import type { ProxyConnection } from '../proxy/proxy-connection';
import type { ClientSecureSocket } from '../tcp/secure-socket';
import { connect } from './client-connecting';
import type { EndpointWords } from './endpoint-words';
import { listed } from './failure-message';
import { type Entity, type EntityReference, entityTitle } from './named-entities';
import type { ScenarioClient } from './scenario-client';
import { proxies, type ScenarioProxy } from './scenario-proxy';
import type { StepWorld } from './step-world';
import { Changes, either } from './wait-for';

/** What a proxy may stand in front of. */
interface Server extends Entity {
  /** Of the simulated network; `local` when it has none. */
  readonly host?: string;
  /** Whether a connection from that port was ever handed over to it. */
  hasAccepted?(port: number): boolean;
}

/** A listener or a mock of the scenario. @throws Error there is none of that name */
export function serverNamed(world: StepWorld, { kind, name }: EntityReference): Server {
  return world.named<Server>(kind).get(name === undefined ? {} : { name });
}

/** Where a listener or a mock listens. @throws Error there is none of that name */
export function serverAddress(world: StepWorld, reference: EntityReference): EndpointWords {
  const { name, address } = serverNamed(world, reference);
  if (address !== undefined) return address;
  throw new Error(`${entityTitle(reference.kind, name)} does not listen`);
}

/** Where a proxy listens. @throws Error there is none of that name */
export function proxyAddress(world: StepWorld, reference: EntityReference): EndpointWords {
  return proxies(world).get(reference).proxy.listen;
}

/** The proxy meant, when it stands in front of that server. @throws Error it does not */
export function proxyBefore(
  world: StepWorld,
  server: EntityReference,
  reference: EntityReference,
): ScenarioProxy {
  const proxy = proxies(world).get(reference);
  const { host, port } = serverAddress(world, server);
  if (proxy.target.host === host && proxy.target.port === port) return proxy;
  const title = entityTitle(server.kind, serverNamed(world, server).name);
  throw new Error(`${proxy.title} is in front of ${proxy.upstream}, not of ${title}`);
}

/**
 * Connects to a proxy, and waits until the server behind it has the connection too: the next step
 * may speak of that. A fault that keeps the proxy from dialling ends the wait.
 */
export async function connectThrough(
  world: StepWorld,
  client: ScenarioClient,
  proxy: ScenarioProxy,
  secureSocket?: ClientSecureSocket,
): Promise<void> {
  const before = proxy.connections.length;
  await connect(world, client, proxy.proxy.listen, secureSocket, () => whatItDid(proxy, before));
  const port = client.localPort;
  if (port === undefined) return;
  const { target } = proxy;
  const server: Server | undefined = world.entityAt(target.host, target.port)?.entity;
  const arrived = (): true | undefined => {
    const connection = proxy.connectionFrom(port);
    if (client.over) return true;
    return connection !== undefined && hasArrived(proxy, connection, server) ? true : undefined;
  };
  const sources = either(proxy, client);
  await world.waitFor(server instanceof Changes ? either(sources, server) : sources, arrived);
}

/** Whether a proxy is to blame for a connection that failed: what its faults did to those since then. */
function whatItDid(proxy: ScenarioProxy, before: number): readonly string[] {
  return proxy.connections.slice(before).map(({ id }) => {
    const acts = proxy.actsOn(id);
    return acts.length === 0
      ? `${proxy.title} changed nothing on ${id}`
      : `faults of ${proxy.title} acted on ${id}: ${listed(acts)}`;
  });
}

function hasArrived(
  { proxy }: ScenarioProxy,
  connection: ProxyConnection,
  server: Server | undefined,
): boolean {
  if (connection.outcome !== undefined) return true;
  if (proxy.toxics.some(({ settings }) => settings.type.admit !== undefined)) return true;
  const port = connection.upstreamEnd?.localPort;
  if (connection.upstream === undefined || port === undefined) return false;
  return server?.hasAccepted?.(port) ?? true;
}
