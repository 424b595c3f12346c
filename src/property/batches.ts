import { seededRandom } from '../base/random';

/** Cases of one batch, by network; a shard takes whole batches. */
export const batchSize = { simulated: 100, real: 20 } as const;

/**
 * The seed of a batch, which depends on the campaign's seed, the property and the batch alone, so
 * that the shards of a campaign need not talk to each other.
 */
export function batchSeed(seed: number, property: string, batch: number): number {
  return seededRandom(seed).fork(`${property}/${batch}`).u32() & 0x7fff_ffff;
}

/** The numbers of the batches of one shard, from 0. */
export function* batchesOf(shard: {
  readonly index: number;
  readonly count: number;
}): Generator<number, never, undefined> {
  for (let batch = shard.index - 1; ; batch += shard.count) yield batch;
}
