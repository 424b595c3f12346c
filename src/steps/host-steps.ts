/** Sentences about the hosts, links and names of a simulated network. */
import { formatAddress } from '../base/address';
import { formatDuration } from '../base/duration';
import type { EntityReference } from './named-entities';
import { mentioned } from './scenario-clients';
import { ScenarioHosts } from './scenario-hosts';
import { listeners } from './scenario-listener';
import { proxies } from './scenario-proxy';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

const hosts = (world: StepWorld): ScenarioHosts => ScenarioHosts.of(world);

export const hostSteps: readonly Step[] = [
  step({
    id: 'network.host',
    group: 'network',
    level: 'core',
    keyword: 'Given',
    expression: 'a {host}',
    example: 'a host "db"',
    summary: 'adds a host; its address is the next of 10.0.0.0/24',
    failure: 'the host exists; real network',
    run: (world, host) => hosts(world).add(host),
  }),
  step({
    id: 'network.runs-on',
    group: 'network',
    level: 'core',
    keyword: 'Given',
    expression: 'the {party} runs on {host}',
    example: 'the listener "mail" runs on host "db"',
    summary: 'places a client, a listener or a proxy; without it they run on the host "local"',
    failure: 'already connected; unknown host',
    run: (world, party, host) => place(world, party, hosts(world).known(host)),
  }),
  step({
    id: 'network.name',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the name {string} points to {host}',
    example: 'the name "mail.test" points to host "db"',
    summary: 'what the name resolves to in this scenario',
    failure: 'the name already points elsewhere',
    run: (world, name, host) => hosts(world).name(name, host),
  }),
  step({
    id: 'network.link.latency',
    group: 'network',
    level: 'core',
    keyword: 'Given',
    expression: 'the link between {host} and {host} takes {duration}',
    example: 'the link between host "app" and host "db" takes 20 ms',
    summary: 'the delay one way, both ways',
    failure: 'unknown host',
    run: (world, one, other, latency) => hosts(world).setLink(one, other, { latency }),
  }),
  step({
    id: 'network.link.jitter',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the link between {host} and {host} takes {duration} with {duration} of jitter',
    example: 'the link between host "app" and host "db" takes 20 ms with 5 ms of jitter',
    summary: 'a delay within ± jitter, as the plan of the seed says',
    failure: 'jitter above the delay',
    run(world, one, other, latency, jitter) {
      if (jitter > latency) {
        const words = `${formatDuration(jitter)} of jitter is more than the delay of ${formatDuration(latency)}`;
        throw new Error(words);
      }
      const uniform = [latency - jitter, latency + jitter] as const;
      hosts(world).setLink(one, other, { latency: { uniform } });
    },
  }),
  step({
    id: 'network.link.bandwidth',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the link between {host} and {host} carries {rate}',
    example: 'the link between host "app" and host "db" carries 64 KiB/s',
    summary: 'the bandwidth, each way',
    failure: 'a rate of 0',
    run: (world, one, other, bandwidth) => hosts(world).setLink(one, other, { bandwidth }),
  }),
  step({
    id: 'network.pieces',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the network delivers data in pieces of {size}',
    example: 'the network delivers data in pieces of 1 byte',
    summary: 'the size of segments on all links',
    failure: 'a size of 0',
    run: (world, each) => world.simulation.link('*', '*').set({ segmenter: { each } }),
  }),
  step({
    id: 'network.split',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'connection {int} is split {direction} at message {int} offset {int}',
    example: 'connection 1 is split upstream at message 0 offset -1',
    summary:
      'one cut: connections count from 1 in the order of dialling, messages from 0, the offset from the end of the message; upstream is from client to server',
    failure: '"both directions", a connection that exists already',
    run(world, connection, direction, unit, offset) {
      if (direction === 'both directions') throw new Error('a split has one direction');
      const way = direction === 'upstream' ? 'out' : 'in';
      world.simulation.cut({ connection, direction: way, unit, offset });
    },
  }),
  step({
    id: 'network.unanswered',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'connections to {endpoint} are never answered',
    example: 'connections to 10.0.0.9:80 are never answered',
    summary: 'attempts to connect get no answer at all',
    failure: '(never)',
    run: (world, endpoint) => world.simulation.unanswered(formatAddress(endpoint)),
  }),
  step({
    id: 'network.clock.ahead',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the clock of {host} is {duration} ahead',
    example: 'the clock of host "db" is 5 minutes ahead',
    summary: 'the wall clock of that host only',
    failure: 'unknown host',
    run: (world, host, skew) => hosts(world).known(host).setSkew(`${skew} ms`),
  }),
  step({
    id: 'network.clock.behind',
    group: 'network',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the clock of {host} is {duration} behind',
    example: 'the clock of host "db" is 5 minutes behind',
    summary: 'the wall clock of that host only',
    failure: 'unknown host',
    run: (world, host, skew) => hosts(world).known(host).setSkew(`-${skew} ms`),
  }),
];

/** Puts a client, a listener or a proxy on a host. */
async function place(
  world: StepWorld,
  party: EntityReference,
  host: { readonly name: string },
): Promise<void> {
  if (party.kind === 'listener') await moveListener(world, party, host.name);
  else if (party.kind === 'proxy') await proxies(world).get(party).moveTo(host.name);
  else mentioned(world, party).moveTo(host.name);
}

/** Proxies in front of a listener go with it. */
async function moveListener(
  world: StepWorld,
  reference: EntityReference,
  host: string,
): Promise<void> {
  const listener = listeners(world).get(reference);
  const before = listener.address;
  await listener.moveTo(host);
  const { address } = listener;
  if (before === undefined || address === undefined) return;
  for (const proxy of proxies(world).all) {
    const { target } = proxy;
    if (target.host === before.host && target.port === before.port) await proxy.leadTo(address);
  }
}
