import type { Random } from '../../src/base/random';
import type { Fault } from '../../src/faults/fault';
import type { Proxy } from '../../src/proxy/proxy';

/** Faults that change when bytes come, and nothing else. */
const delaying = (random: Random): readonly Fault[] => [
  { type: 'latency', attributes: { latency: random.below(40), jitter: random.below(20) } },
  { type: 'bandwidth', attributes: { rate: random.below(3) * 40 } },
  { type: 'slicer', attributes: { average_size: 200 + random.below(800), size_variation: 100 } },
  { type: 'segments', attributes: { size: 500 + random.below(2_000), gap: 1 } },
  { type: 'coalesce', attributes: { size: 4_000, time: 1 + random.below(30) } },
  { type: 'throttle_burst', attributes: { hold: 10 + random.below(40) } },
  { type: 'retransmit', attributes: { probability: 0.2, delay: 10 } },
  { type: 'hold', attributes: { after: random.below(20_000) } },
  { type: 'stop_reading', attributes: { after: random.below(20_000) } },
  { type: 'latency', attributes: { latency: 20 }, trigger: { byte: random.below(9_000) } },
];

/** Faults that end connections, for a few of them. */
const ending = (random: Random): readonly Fault[] => [
  { type: 'reset', attributes: { after: random.below(9_000) } },
  { type: 'truncate', attributes: { after: random.below(9_000), how: 'close' } },
  { type: 'limit_data', attributes: { bytes: random.below(9_000) } },
  { type: 'reset_peer', attributes: { timeout: random.below(30) } },
  { type: 'limit_time', attributes: { time: 1_000 + random.below(4_000), how: 'reset' } },
  { type: 'close_at_accept', attributes: { how: 'reset' } },
];

const streams = ['upstream', 'downstream', 'both'] as const;
const mostToxics = 6;

/** One change of a proxy by chance: a fault comes, gets other values, or goes. */
export function changeFaults(proxy: Proxy, random: Random): void {
  const { toxics } = proxy;
  const some = toxics[random.below(Math.max(1, toxics.length))];
  const what = random.below(3);
  if (some === undefined || (what === 0 && toxics.length < mostToxics)) {
    const harsh = random.below(4) === 0;
    const faults = harsh ? ending(random) : delaying(random);
    const fault = faults[random.below(faults.length)];
    if (fault === undefined) return;
    const name = `t${random.u32()}`;
    const toxicity = harsh ? 0.01 : (1 + random.below(10)) / 10;
    proxy.addToxic({ ...fault, name, toxicity, stream: streams[random.below(3)] ?? 'both' });
  } else if (what === 1) {
    proxy.updateToxic(some.name, { toxicity: Math.min(some.toxicity, random.below(11) / 10) });
  } else proxy.removeToxic(some.name);
}
