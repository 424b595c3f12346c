/** Sentences by which a client connects to a proxy, or through one. */

import type { EntityReference } from './named-entities';
import { connectThrough, proxyAddress, proxyBefore, serverNamed } from './proxy-connecting';
import { mentioned, newClient } from './scenario-clients';
import { proxies } from './scenario-proxy';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';
import { trust } from './tls-connect-steps';

/** Connecting and a handshake last at most this long by the connector's own limits. */
const limit = (): number => 40_000;

export const proxyConnectSteps: readonly Step[] = [
  step({
    id: 'proxy.connected',
    group: 'proxy',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to the {proxy}',
    example: 'a client "alice" connected to the proxy "flaky"',
    summary: 'opens a connection to the proxy; it is there when the server behind has it too',
    failure: 'could not connect to the proxy: reason',
    limit,
    run: (world, client, proxy) =>
      connectThrough(world, newClient(world, client), proxies(world).get(proxy)),
  }),
  step({
    id: 'proxy.connects',
    group: 'proxy',
    level: 'core',
    keyword: 'When',
    expression: '{client} connects to the {proxy}',
    example: 'client "alice" connects to the proxy "flaky"',
    summary: 'the same; a client that is closed connects anew',
    failure: 'could not connect to the proxy: reason',
    limit,
    run: (world, client, proxy) =>
      connectThrough(world, mentioned(world, client), proxies(world).get(proxy)),
  }),
  step({
    id: 'proxy.tries',
    group: 'proxy',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to the {proxy}',
    example: 'client tries to connect to the proxy "flaky"',
    summary: 'connects and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit,
    run: (world, client, proxy) =>
      mentioned(world, client).tryToConnect(proxyAddress(world, proxy)),
  }),
  step({
    id: 'proxy.through',
    group: 'proxy',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} connects to the {server} through the {proxy}',
    example: 'client connects to the listener "echo" through the proxy "flaky"',
    summary: 'dials the proxy, which must be in front of that server',
    failure: 'the proxy is in front of another server',
    limit,
    run: (world, client, server, proxy) =>
      connectThrough(world, mentioned(world, client), proxyBefore(world, server, proxy)),
  }),
  step({
    id: 'proxy.through.tls',
    group: 'proxy',
    level: 'core',
    keyword: 'When',
    expression:
      '{client} connects to the {server} through the {proxy} over TLS trusting {certificate}',
    example:
      'client connects to the listener "echo" through the proxy "flaky" over TLS trusting certificate "ca"',
    summary:
      'dials the proxy and does the handshake with the server, whose name is asked for: localhost',
    failure: 'what went wrong in the handshake, and the alert if there was one',
    limit,
    run: (world, client, server, proxy, trusted) =>
      connectThrough(world, mentioned(world, client), proxyBefore(world, server, proxy), {
        ...nameOf(world, server),
        ...trust(world, trusted),
      }),
  }),
  step({
    id: 'proxy.tries.tls',
    group: 'proxy',
    level: 'advanced',
    keyword: 'When',
    expression:
      '{client} tries to connect to the {server} through the {proxy} over TLS trusting {certificate}',
    example:
      'client tries to connect to the listener "echo" through the proxy "flaky" over TLS trusting certificate "ca"',
    summary: 'does the same and keeps the failure for a later "sees"',
    failure: 'the proxy is in front of another server',
    limit,
    run: (world, client, server, proxy, trusted) =>
      mentioned(world, client).tryToConnect(proxyBefore(world, server, proxy).proxy.listen, {
        ...nameOf(world, server),
        ...trust(world, trusted),
      }),
  }),
];

/** The name of the host that a server is on. */
function nameOf(world: StepWorld, reference: EntityReference): { readonly servername: string } {
  const { host = 'local' } = serverNamed(world, reference);
  return { servername: host === 'local' ? 'localhost' : host };
}
