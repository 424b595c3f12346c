/** Sentences about hosts that lose each other, or themselves. */
import { ScenarioHosts } from './scenario-hosts';
import { serversOf } from './scenario-servers';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

const hosts = (world: StepWorld): ScenarioHosts => ScenarioHosts.of(world);

export const partitionSteps: readonly Step[] = [
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
      const there = serversOf(world).filter((server) => server.host === host.name);
      await host.restart();
      for (const server of there) await server.startAgain();
    },
  }),
];
