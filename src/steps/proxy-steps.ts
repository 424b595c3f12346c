/** Sentences about proxies; what they break is in `fault-steps.ts`. */
import { resolve } from 'node:path';
import { TcpError } from '../base/errors';
import { referencedValue } from './command-values';
import type { EndpointWords } from './endpoint-words';
import { stepFailure } from './failure-message';
import { interpolate } from './interpolation';
import type { EntityReference } from './named-entities';
import { proxyConnectSteps } from './proxy-connect-steps';
import { serverAddress } from './proxy-connecting';
import { expectCarried } from './proxy-expectations';
import { proxyLogSteps } from './proxy-log-steps';
import { record } from './proxy-recording';
import { proxies, ScenarioProxy } from './scenario-proxy';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';
import { tlsProxySteps } from './tls-proxy-steps';
import { tlsRecordSteps } from './tls-record-steps';

export const proxySteps: readonly Step[] = [
  step({
    id: 'proxy.before.server',
    group: 'proxy',
    level: 'core',
    keyword: 'Given',
    expression: 'a {proxy} in front of the {server}',
    example: 'a proxy "flaky" in front of the listener "echo"',
    summary: 'starts a proxy on a free port that leads there',
    failure: 'could not listen: reason',
    run: (world, proxy, server) => start(world, proxy, serverAddress(world, server)),
  }),
  step({
    id: 'proxy.before.endpoint',
    group: 'proxy',
    level: 'core',
    keyword: 'Given',
    expression: 'a {proxy} in front of {endpoint}',
    example: 'a proxy in front of 127.0.0.1:5432',
    summary: 'the same, before any server; it need not run yet',
    failure: 'could not listen: reason',
    run: (world, proxy, endpoint) => start(world, proxy, endpoint),
  }),
  ...proxyConnectSteps,
  step({
    id: 'proxy.down',
    group: 'proxy',
    level: 'core',
    keyword: 'When',
    expression: 'the {proxy} goes down',
    example: 'the proxy goes down',
    summary: 'stops accepting, resets open connections, keeps its port in mind',
    failure: 'it is down already',
    run: (world, proxy) => goDown(proxies(world).get(proxy)),
  }),
  step({
    id: 'proxy.back',
    group: 'proxy',
    level: 'core',
    keyword: 'When',
    expression: 'the {proxy} comes back',
    example: 'the proxy comes back',
    summary: 'listens again on the same port',
    failure: 'it is not down; the port was taken meanwhile',
    run: (world, proxy) => comeBack(world, proxies(world).get(proxy)),
  }),
  step({
    id: 'proxy.leads',
    group: 'proxy',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {proxy} leads to the {server}',
    example: 'the proxy leads to the listener "other"',
    summary: 'dials another server from now on; open connections get FIN',
    failure: 'there is no such server',
    run: (world, proxy, server) => proxies(world).get(proxy).leadTo(serverAddress(world, server)),
  }),
  step({
    id: 'proxy.records',
    group: 'proxy',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} records to {string}',
    example: 'the proxy records to "tapes/login.pcapng"',
    summary:
      'keeps the conversations with its server, from now until the scenario ends: as pcapng, or as a script when the path ends otherwise; it starts from the working folder',
    failure: 'cannot write file',
    run: (world, proxy, name) =>
      record(
        world,
        proxies(world).get(proxy),
        resolve(interpolate(name, (reference) => referencedValue(world, reference))),
      ),
  }),
  step({
    id: 'proxy.carried',
    group: 'proxy',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the {proxy} carried {size} {direction}',
    example: 'the proxy carried 12 bytes upstream',
    summary: 'bytes that it has sent on in that direction since it was started',
    failure: 'carried n bytes, and on which connections',
    run: (world, proxy, size, direction) =>
      expectCarried(world, proxies(world).get(proxy), size, direction),
  }),
  ...proxyLogSteps,
  ...tlsProxySteps,
  ...tlsRecordSteps,
];

async function start(
  world: StepWorld,
  reference: EntityReference,
  target: EndpointWords,
): Promise<void> {
  const proxy = new ScenarioProxy(world, proxies(world).newName(reference), target);
  await listening(world, `${proxy.title} could not listen`, () => proxy.start());
  proxies(world).add(proxy, world.step.place);
}

async function goDown({ proxy, title }: ScenarioProxy): Promise<void> {
  if (!proxy.enabled) throw new Error(`${title} is down already`);
  await proxy.disable({ how: 'reset' });
}

async function comeBack(world: StepWorld, { proxy, title }: ScenarioProxy): Promise<void> {
  if (proxy.enabled) throw new Error(`${title} is not down`);
  const { host, port } = proxy.listen;
  await listening(world, `${title} could not come back`, () => proxy.enable(), { host, port });
}

/** Says why it cannot listen, and who of the scenario holds the port. */
async function listening(
  world: StepWorld,
  what: string,
  listen: () => Promise<void>,
  at?: EndpointWords,
): Promise<void> {
  try {
    await listen();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    const holder = at === undefined ? undefined : holderOf(world, at);
    const held = holder === undefined ? '' : ` (${holder} of this scenario holds it)`;
    throw stepFailure(world, {
      headline: `${what}: ${error.message}${held}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}

/** Who took the port of a proxy that is down. */
function holderOf(world: StepWorld, { host, port }: EndpointWords): string | undefined {
  for (const kind of ['listener', 'mock'] as const) {
    const taker = world
      .named(kind)
      .all.find(({ address }) => address?.host === host && address.port === port);
    if (taker !== undefined) return `${kind} "${taker.name}"`;
  }
  return undefined;
}
