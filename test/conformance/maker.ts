import type { World } from '../../src/network/world';

/** Makes the worlds of one network, for contracts that every network must keep. */
export interface Maker {
  /** Names the network in the titles of a run. */
  readonly name: string;
  readonly simulated: boolean;
  /** A fresh world whose trace keeps bytes. */
  makeWorld(): Promise<World>;
  /** Drives the world until the body settles. Default: the body just runs. */
  run?<T>(world: World, body: () => Promise<T>): Promise<T>;
}

type Body = (world: World) => Promise<void>;

/** Something that every network promises, and the check that fails when one does not keep it. */
export interface Claim {
  readonly claim: string;
  readonly check: (maker: Maker) => Promise<void>;
}

/** Collects claims; each is checked in a world of its own. */
export function contract(
  define: (claim: (text: string, body: Body) => void) => void,
): readonly Claim[] {
  const claims: Claim[] = [];
  define((claim, body) => claims.push({ claim, check: (maker) => inWorld(maker, body) }));
  return claims;
}

/** Runs a body in a fresh world, which is ended afterwards, whatever happened. */
export async function inWorld(maker: Maker, body: Body): Promise<void> {
  const world = await maker.makeWorld();
  try {
    await (maker.run?.(world, () => body(world)) ?? body(world));
  } finally {
    await world.scope[Symbol.asyncDispose]();
  }
}

/**
 * Lets what is under way on a loopback arrive.
 *
 * Several short waits: each lets the event loop take in what has come, however busy the machine is.
 */
export async function settle(world: World): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await world.clock.sleep(2);
}
