/** Sentences about the hosts, links and names of a simulated network. */
import { formatAddress } from '../base/address';
import { formatDuration } from '../base/duration';
import { counted, stepFailure } from './failure-message';
import type { EntityReference } from './named-entities';
import { mentioned } from './scenario-clients';
import { ScenarioHosts } from './scenario-hosts';
import { listeners } from './scenario-listener';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

const hosts = (world: StepWorld): ScenarioHosts => ScenarioHosts.of(world);

export const networkSteps: readonly Step[] = [
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
    summary: 'places a client or a listener; without it they run on the host "local"',
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
    id: 'network.cut',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: '{host} is cut off from {host}',
    example: 'host "app" is cut off from host "db"',
    summary: 'both ways; nothing is lost: data waits, as if it were sent again until it arrives',
    failure: 'it is cut off already',
    run: (world, one, other) => hosts(world).cut(one, other, 'both'),
  }),
  step({
    id: 'network.cut.one-way',
    group: 'network',
    level: 'advanced',
    keyword: 'When',
    expression: '{host} can no longer reach {host}',
    example: 'host "app" can no longer reach host "db"',
    summary: 'the same, one way only',
    failure: 'it is cut off already',
    run: (world, one, other) => hosts(world).cut(one, other, 'a→b'),
  }),
  step({
    id: 'network.reach',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: '{host} can reach {host} again',
    example: 'host "app" can reach host "db" again',
    summary: 'heals that pair, both ways; what waited flows',
    failure: 'it was not cut off',
    run: (world, one, other) => hosts(world).mend(one, other),
  }),
  step({
    id: 'network.partition',
    group: 'network',
    level: 'advanced',
    keyword: 'When',
    expression: 'the network is partitioned for {duration}',
    example: 'the network is partitioned for 2 s',
    summary: 'cuts every host off from every other; heals by itself',
    failure: 'it is cut already',
    run: (world, duration) => hosts(world).partition(duration),
  }),
  step({
    id: 'network.heals',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: 'the network heals',
    example: 'the network heals',
    summary: 'heals every pair and releases what was held back',
    failure: '(never)',
    run: (world) => hosts(world).heal(),
  }),
  step({
    id: 'network.held',
    group: 'network',
    level: 'advanced',
    keyword: 'When',
    expression: 'data from {host} to {host} is held back',
    example: 'data from host "app" to host "db" is held back',
    summary: 'one way; keeps the order',
    failure: 'the same host twice',
    run: (world, from, to) => hosts(world).hold(from, to),
  }),
  step({
    id: 'network.released',
    group: 'network',
    level: 'advanced',
    keyword: 'When',
    expression: 'data from {host} to {host} flows again',
    example: 'data from host "app" to host "db" flows again',
    summary: 'releases what was held back',
    failure: 'nothing was held back',
    run: (world, from, to) => hosts(world).release(from, to),
  }),
  step({
    id: 'network.crash',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: '{host} crashes',
    example: 'host "db" crashes',
    summary:
      'no FIN, no RST; what is sent to it is lost until it restarts, and answered with RST then',
    failure: 'the host is down',
    run: (world, host) => hosts(world).crash(host),
  }),
  step({
    id: 'network.restart',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: '{host} restarts',
    example: 'host "db" restarts',
    summary: 'its listeners come back on their ports; old connections answer RST',
    failure: 'the host is up',
    async run(world, name) {
      const host = hosts(world).down(name);
      const there = listeners(world).all.filter((listener) => listener.host === host.name);
      await host.restart();
      for (const listener of there) await listener.startAgain();
    },
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
  step({
    id: 'network.settles',
    group: 'network',
    level: 'core',
    keyword: 'When',
    expression: 'the network settles',
    example: 'the network settles',
    summary: 'until nothing is on its way; the real network waits for quiet',
    failure: 'still busy after 100,000 events, and with what',
    run: (world) => world.settle(),
  }),
  step({
    id: 'network.nothing-pending',
    group: 'network',
    level: 'advanced',
    keyword: 'Then',
    expression: 'nothing is pending',
    example: 'nothing is pending',
    summary:
      'no bytes are on their way, no timer runs, no read or write waits (a connected client reads)',
    failure: 'each with its label',
    run: (world) => expectNothingPending(world),
  }),
];

/** Puts a client or a listener on a host. */
async function place(
  world: StepWorld,
  party: EntityReference,
  host: { readonly name: string },
): Promise<void> {
  if (party.kind === 'listener') await listeners(world).get(party).moveTo(host.name);
  else mentioned(world, party).moveTo(host.name);
}

async function expectNothingPending(world: StepWorld): Promise<void> {
  const { connections, timers, pendingReads, pendingWrites } = world.world.scope.leaks();
  const body = [
    ...connections.flatMap(({ id, label, unsent, inFlight, unreadInReceiveBuffer }) => {
      const bytes = [unsent, inFlight, unreadInReceiveBuffer].reduce(
        (sum, count) => sum + Math.max(0, count),
        0,
      );
      return bytes === 0 ? [] : [`${counted(bytes, 'byte')} on the way at ${id} of ${label}`];
    }),
    ...timers.map(({ label }) => `a timer runs: ${label}`),
    ...pendingReads.map((label) => `a read waits: ${label}`),
    ...pendingWrites.map((label) => `a write waits: ${label}`),
  ];
  if (body.length === 0) return;
  throw stepFailure(world, {
    headline: `${counted(body.length, 'thing')} pending`,
    body,
    expected: 0,
    actual: body.length,
  });
}
