/** Sentences by which a proxy breaks what goes through it. */
import { formatDuration } from '../base/duration';
import { faultByteSteps } from './fault-byte-steps';
import { faultDataSteps } from './fault-data-steps';
import type { EntityReference } from './named-entities';
import { type Direction, put } from './proxy-faults';
import { proxies } from './scenario-proxy';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

export const faultSteps: readonly Step[] = [
  step({
    id: 'fault.delays',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} delays {direction} by {duration}',
    example: 'the proxy delays both directions by 500 ms',
    summary: '`latency` on each chunk, order kept',
    failure: 'a part of a millisecond',
    run: (world, proxy, direction, ms) => delay(world, proxy, direction, ms, 0),
  }),
  step({
    id: 'fault.delays.jitter',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} delays {direction} by {duration} with {duration} of jitter',
    example: 'the proxy delays downstream by 500 ms with 50 ms of jitter',
    summary: '`latency` with as much uniform jitter either way',
    failure: 'jitter above the delay',
    run: (world, proxy, direction, ms, jitter) => delay(world, proxy, direction, ms, jitter),
  }),
  step({
    id: 'fault.limits',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} limits {direction} to {rate}',
    example: 'the proxy limits upstream to 16 KiB/s',
    summary: '`bandwidth` without bursts',
    failure: 'a rate of 0: say "goes down"',
    run: (world, proxy, direction, rate) =>
      put(world, proxy, direction, 'bandwidth', {
        bytes_per_second: Math.max(1, Math.round(rate)),
      }),
  }),
  step({
    id: 'fault.cuts',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} cuts the connection after {size} {direction}',
    example: 'the proxy cuts the connection after 100 bytes downstream',
    summary: '`truncate`: exactly so many bytes of the direction, then FIN to both sides',
    failure: '(never)',
    run: (world, proxy, after, direction) =>
      put(world, proxy, direction, 'truncate', { after, how: 'close' }),
  }),
  step({
    id: 'fault.resets',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} resets the connection after {duration}',
    example: 'the proxy resets the connection after 1 s',
    summary: '`limit_time`: RST to both sides, so long after the client was accepted',
    failure: '(never)',
    run: (world, proxy, time) =>
      put(world, proxy, 'downstream', 'limit_time', { time, how: 'reset' }),
  }),
  step({
    id: 'fault.slices',
    group: 'fault',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} slices {direction} into {size} pieces',
    example: 'the proxy slices downstream into 1 byte pieces',
    summary: '`segments`: every write is of that size, 1 ms apart',
    failure: 'pieces of 0 bytes',
    run: (world, proxy, direction, size) => put(world, proxy, direction, 'segments', { size }),
  }),
  step({
    id: 'fault.half-closes',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} half-closes {direction} after {size}',
    example: 'the proxy half-closes downstream after 10 bytes',
    summary: '`half_close`: FIN in that direction only; what follows in it is dropped',
    failure: '"both directions"',
    run(world, proxy, direction, after) {
      if (direction === 'both directions') throw new Error('a half-close has one direction');
      return put(world, proxy, direction, 'half_close', { after });
    },
  }),
  ...faultByteSteps,
  ...faultDataSteps,
  step({
    id: 'fault.heals',
    group: 'fault',
    level: 'core',
    keyword: 'When',
    expression: 'the {proxy} heals',
    example: 'the proxy "flaky" heals',
    summary: 'takes every fault away, and comes back if it was down',
    failure: 'the port was taken meanwhile',
    run: (world, proxy) => proxies(world).get(proxy).proxy.heal(),
  }),
];

function delay(
  world: StepWorld,
  proxy: EntityReference,
  direction: Direction,
  latency: number,
  jitter: number,
): void {
  if (jitter > latency) {
    const words = `${formatDuration(jitter)} of jitter is more than the delay of ${formatDuration(latency)}`;
    throw new Error(words);
  }
  for (const ms of [latency, jitter]) {
    if (!Number.isInteger(ms))
      throw new Error(`a proxy delays by whole milliseconds, got ${ms} ms`);
  }
  put(world, proxy, direction, 'latency', { latency, jitter });
}
