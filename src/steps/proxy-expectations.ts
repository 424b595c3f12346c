import { formatByteCount } from '../base/size';
import type { Stream } from '../faults/fault';
import { counted, stepFailure } from './failure-message';
import type { ScenarioProxy } from './scenario-proxy';
import type { StepWorld } from './step-world';
import { printTimes, type Times } from './times-words';
import { either } from './wait-for';

/** Needs a proxy to have sent on so many bytes, and no more once it is quiet. @throws StepFailure */
export async function expectCarried(
  world: StepWorld,
  proxy: ScenarioProxy,
  size: number,
  stream: Stream | 'both directions',
): Promise<void> {
  if (stream === 'both directions') throw new Error('bytes are carried upstream or downstream');
  const carried = (): number => proxy.proxy.counters[stream].sent;
  await world.settle();
  const { trace } = world.world;
  const source = { onChange: (listener: () => void) => trace.subscribe(listener) };
  await world.waitFor(either(source, proxy), () => (carried() >= size ? true : undefined));
  await world.settle();
  const actual = carried();
  if (actual === size) return;
  throw stepFailure(world, {
    headline: `${proxy.title} carried ${formatByteCount(actual)} ${stream}, expected ${formatByteCount(size)}`,
    expected: size,
    actual,
    body: proxy.connections.map(({ id, bytes }) => {
      const { received, sent } = bytes[stream];
      return `${id}: ${formatByteCount(received)} came, ${formatByteCount(sent)} went on`;
    }),
    connections: proxy.legs.map(({ client }) => client),
  });
}

/** Needs a fault to have acted on so many connections. @throws StepFailure */
export async function expectActed(
  world: StepWorld,
  proxy: ScenarioProxy,
  name: string,
  times: Times,
): Promise<void> {
  if (proxy.timesActed(name) === undefined) {
    throw new Error(`${proxy.title} never had a fault "${name}"`);
  }
  await world.settle();
  const acted = (): number => proxy.timesActed(name) ?? 0;
  await world.waitFor(proxy, () => (acted() >= times.min ? true : undefined));
  if (times.max !== Number.POSITIVE_INFINITY) await world.settle();
  const actual = acted();
  if (actual >= times.min && actual <= times.max) return;
  throw stepFailure(world, {
    headline: `the fault "${name}" of ${proxy.title} acted on ${actual} of ${counted(proxy.connections.length, 'connection')}, expected ${printTimes(times)}`,
    expected: times,
    actual,
    connections: proxy.legs.map(({ client }) => client),
  });
}
