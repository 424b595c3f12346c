/** Named networks: faults for both directions, applied and removed together. */
import { suggestion } from '../base/closest-word';
import type { Distribution } from './distribution';
import type { Fault, Stream } from './fault';
import { invalidFault } from './invalid-fault';

/** One way of a profile: bytes a second, ms, share of chunks that come late. */
interface Way {
  readonly down: number;
  readonly up: number;
  readonly latency: number;
  readonly jitter: number;
  readonly distribution: Distribution;
  readonly loss: number;
}

function way(
  down: number,
  up: number,
  latency: number,
  jitter: readonly [number, Distribution],
  loss: number,
): Way {
  return { down, up, latency, jitter: jitter[0], distribution: jitter[1], loss };
}

const table: Readonly<Record<string, Way>> = {
  gprs: way(6_250, 2_500, 250, [50, 'normal'], 0.02),
  edge: way(30_000, 25_000, 420, [60, 'normal'], 0.01),
  '3g-slow': way(50_000, 50_000, 200, [40, 'normal'], 0.01),
  '3g': way(200_000, 96_000, 150, [30, 'normal'], 0.005),
  '4g': way(1_125_000, 1_125_000, 85, [15, 'normal'], 0.002),
  lte: way(1_500_000, 1_500_000, 35, [10, 'normal'], 0.001),
  dsl: way(187_500, 48_000, 25, [3, 'uniform'], 0),
  cable: way(625_000, 125_000, 14, [2, 'uniform'], 0),
  wifi: way(3_750_000, 3_750_000, 2, [3, 'pareto'], 0.001),
  'wifi-bad': way(125_000, 125_000, 20, [40, 'pareto'], 0.05),
  satellite: way(1_250_000, 125_000, 300, [20, 'normal'], 0.005),
  'satellite-low-orbit': way(12_500_000, 1_250_000, 25, [10, 'normal'], 0.005),
};

/**
 * The networks that come with Brine, by name; values are one way.
 *
 * @source docs/proxies.md#profiles
 */
export const profiles: Readonly<Record<string, readonly Fault[]>> = {
  ...Object.fromEntries(Object.entries(table).map(([name, row]) => [name, faultsOf(row)])),
  offline: [
    { type: 'bandwidth', stream: 'upstream', attributes: { rate: 0 } },
    { type: 'bandwidth', stream: 'downstream', attributes: { rate: 0 } },
  ],
};

/**
 * The faults of a profile, under names of their own: `profile:<name>:<n>`.
 *
 * @throws TcpError `EINVALIDFAULT` - there is no such profile
 */
export function profileFaults(
  name: string,
  own: Readonly<Record<string, readonly Fault[]>> = {},
): readonly Fault[] {
  const known = { ...profiles, ...own };
  const faults = Object.hasOwn(known, name) ? known[name] : undefined;
  if (faults === undefined) {
    const near = suggestion(name, Object.keys(known));
    throw invalidFault('profile', `unknown profile "${name}"${near}`);
  }
  return faults.map((fault, index) => ({ ...fault, name: `profile:${name}:${index + 1}` }));
}

function faultsOf({ down, up, latency, jitter, distribution, loss }: Way): readonly Fault[] {
  const oneWay = (stream: Stream, rate: number): readonly Fault[] => [
    { type: 'latency', stream, attributes: { latency, jitter, distribution } },
    { type: 'bandwidth', stream, attributes: { bytes_per_second: rate } },
    ...(loss === 0
      ? []
      : [{ type: 'retransmit', stream, attributes: { probability: loss } } satisfies Fault]),
  ];
  return [...oneWay('downstream', down), ...oneWay('upstream', up)];
}
