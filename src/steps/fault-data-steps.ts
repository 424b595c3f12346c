/** Sentences that reach every kind of fault, with trigger, schedule, target and toxicity. */
import type { Toxic, ToxicChange } from '../proxy/toxic';
import { faultFrom, readFaultList, readFaultTable } from './fault-table';
import { expectActed } from './proxy-expectations';
import { attach } from './proxy-faults';
import { proxies, type ScenarioProxy } from './scenario-proxy';
import { type Step, step } from './step';

const failure = 'what the kind does not have or take, and the nearest word that it does';
const noFault = 'it has no such fault';

export const faultDataSteps: readonly Step[] = [
  step({
    id: 'fault.has',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} has the fault {string}',
    example: 'the proxy has the fault "blackhole"',
    summary: 'a kind of [the catalogue](proxies.md#faults-are-data), as it is without attributes',
    failure,
    run(world, reference, kind) {
      const proxy = proxies(world).get(reference);
      attach(world, proxy, kind, () => proxy.proxy.addToxic(faultFrom(kind, {})));
    },
  }),
  step({
    id: 'fault.has.table',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} has the fault {string}:',
    argument: 'table',
    example: 'the proxy has the fault "truncate":',
    exampleArgument:
      '| stream          | downstream |\n| after           | 0          |\n| how             | reset      |\n| trigger.stream  | upstream   |\n| trigger.pattern | "COMMIT"   |',
    summary:
      'a kind of [the catalogue](proxies.md#faults-are-data) with attributes, and with `name`, `stream`, `toxicity`, `trigger.…`, `schedule.…`, `connections.…`',
    failure,
    run(world, reference, kind, table) {
      const proxy = proxies(world).get(reference);
      const keys = readFaultTable(table);
      attach(world, proxy, kind, () => proxy.proxy.addToxic(faultFrom(kind, keys)));
    },
  }),
  step({
    id: 'fault.has.data',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} has the faults:',
    argument: 'docString',
    example: 'the proxy has the faults:',
    exampleArgument:
      '"""\n[{ "type": "latency", "stream": "upstream", "attributes": { "latency": 100 } }]\n"""',
    summary: 'faults as JSON, such as the toxics of a file',
    failure,
    run(world, reference, text) {
      const proxy = proxies(world).get(reference);
      for (const fault of readFaultList(text)) {
        attach(world, proxy, String(fault.type), () => proxy.proxy.addToxic(fault));
      }
    },
  }),
  step({
    id: 'fault.changes',
    group: 'fault',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {proxy} changes the fault {string}:',
    argument: 'table',
    example: 'the proxy changes the fault "latency":',
    exampleArgument: '| latency | 10 ms |',
    summary:
      'other attributes, `toxicity`, `trigger.…`, `schedule.…` or `connections.…` of a fault by its name or kind, on open connections too',
    failure: noFault,
    run(world, reference, name, table) {
      const proxy = proxies(world).get(reference);
      const keys = readFaultTable(table);
      for (const toxic of meant(proxy, name)) {
        attach(world, proxy, name, () =>
          proxy.proxy.updateToxic(toxic.name, changeOf(toxic, keys)),
        );
      }
    },
  }),
  step({
    id: 'fault.loses',
    group: 'fault',
    level: 'core',
    keyword: 'When',
    expression: 'the {proxy} loses the fault {string}',
    example: 'the proxy loses the fault "hold"',
    summary: 'takes a fault away by its name or kind; what waits in it leaves at once',
    failure: noFault,
    run(world, reference, name) {
      const proxy = proxies(world).get(reference);
      for (const toxic of meant(proxy, name)) proxy.proxy.removeToxic(toxic.name);
    },
  }),
  step({
    id: 'fault.releases',
    group: 'fault',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {proxy} releases what it holds',
    example: 'the proxy releases what it holds',
    summary: 'lets everything go that waits in a fault, in order; what comes later is held again',
    failure: '(never)',
    run(world, reference) {
      for (const connection of proxies(world).get(reference).proxy.connections) {
        connection.release();
      }
    },
  }),
  step({
    id: 'fault.profile',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} behaves like a/an {string} network',
    example: 'the proxy behaves like a "3g" network',
    summary:
      'rates, delays and losses of [a profile](proxies.md#profiles), in place of the one before',
    failure: 'an unknown profile, and the nearest one',
    run(world, reference, name) {
      const proxy = proxies(world).get(reference);
      attach(world, proxy, name, () => proxy.proxy.applyProfile(name));
    },
  }),
  step({
    id: 'fault.used',
    group: 'fault',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the {proxy} used the fault {string} {times}',
    example: 'the proxy used the fault "reset" once',
    summary: 'on how many connections a fault, by its name or kind, has acted',
    failure: 'acted on n connections',
    run: (world, proxy, name, times) => expectActed(world, proxies(world).get(proxy), name, times),
  }),
];

/** The faults of a name, or else all of a kind. @throws Error there is none */
function meant({ proxy, title }: ScenarioProxy, name: string): readonly Toxic[] {
  const named = proxy.toxics.filter((toxic) => toxic.name === name);
  const found = named.length > 0 ? named : proxy.toxics.filter(({ type }) => type === name);
  if (found.length > 0) return found;
  const all = proxy.toxics.map((toxic) => `"${toxic.name}"`).join(', ');
  throw new Error(`${title} has no fault "${name}" (it has ${all === '' ? 'none' : all})`);
}

/** What a table changes of a fault: what it does not tell stays. */
function changeOf(toxic: Toxic, keys: Readonly<Record<string, unknown>>): ToxicChange {
  for (const key of ['name', 'stream']) {
    if (Object.hasOwn(keys, key)) throw new Error(`a fault keeps its ${key}`);
  }
  const { attributes, toxicity, trigger, schedule, connections } = faultFrom(toxic.type, {
    ...toxic.attributes,
    ...keys,
  });
  return {
    ...(attributes && { attributes }),
    ...(toxicity !== undefined && { toxicity }),
    ...(trigger && { trigger }),
    ...(schedule && { schedule }),
    ...(connections && { connections }),
  };
}
