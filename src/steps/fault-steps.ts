/** Sentences by which a proxy breaks what goes through it. */
import { printBytes } from '../base/byte-literal-printer';
import { formatDuration } from '../base/duration';
import type { Attributes, Fault, Stream } from '../faults/fault';
import { faultDataSteps } from './fault-data-steps';
import type { EntityReference } from './named-entities';
import { attach } from './proxy-faults';
import { proxies } from './scenario-proxy';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

type Direction = Stream | 'both directions';

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
    id: 'fault.drops',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} drops {percentage} of the chunks {direction}',
    example: 'the proxy drops 10% of the chunks upstream',
    summary:
      '`drop`: whole chunks vanish from the stream, which is not what loss of packets looks like',
    failure: 'more than 100%',
    run: (world, proxy, probability, direction) =>
      put(world, proxy, direction, 'drop', { probability }),
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
    id: 'fault.flips',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} flips bit {int} of byte {int} {direction}',
    example: 'the proxy flips bit 3 of byte 17 downstream',
    summary: '`corrupt`: byte and bit are counted from 0, in that direction of each connection',
    failure: 'bit must be 0 to 7, byte 0 or more',
    run(world, proxy, bit, offset, direction) {
      if (bit < 0 || bit > 7) throw new Error(`bit must be 0 to 7, got ${bit}`);
      if (offset < 0) throw new Error(`byte must be 0 or more, got ${offset}`);
      return put(world, proxy, direction, 'corrupt', { offset, bit }, `byte ${offset} bit ${bit}`);
    },
  }),
  step({
    id: 'fault.replaces',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} replaces {bytes} with {bytes} {direction}',
    example: 'the proxy replaces "STARTTLS" with "XXXXXXXX" downstream',
    summary: '`replace`: also where a chunk ends within a match; lengths may differ',
    failure: 'nothing to search for',
    run(world, proxy, find, replace, direction) {
      if (find.byteLength === 0) throw new Error('the bytes to replace must not be empty');
      const attributes = { find: dataOf(find), replace: dataOf(replace) };
      return put(world, proxy, direction, 'replace', attributes, printBytes(find));
    },
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

/**
 * Attaches a fault to each direction meant, under the name of the sentence: said again with other
 * values, that changes the one that is there.
 */
function put(
  world: StepWorld,
  reference: EntityReference,
  direction: Direction,
  type: string,
  attributes: Attributes,
  what = '',
): void {
  const proxy = proxies(world).get(reference);
  const streams: readonly Stream[] =
    direction === 'both directions' ? ['upstream', 'downstream'] : [direction];
  for (const stream of streams) {
    const name = `${type}_${stream}${what === '' ? '' : ` ${what}`}`;
    const fault: Fault & { readonly name: string } = { type, name, stream, attributes };
    attach(world, proxy, type, () => proxy.put(fault));
  }
}

function dataOf(bytes: Uint8Array): { readonly hex: string } {
  return { hex: Buffer.from(bytes).toString('hex') };
}
