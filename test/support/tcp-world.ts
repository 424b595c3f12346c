import type { ConnectOptions, ListenOptions, Network } from '../../src/network/network';
import { realWorld } from '../../src/network/real/world';
import type { World } from '../../src/network/world';
import { assertClean } from '../../src/network/world/leak-error';
import { ManualClock } from './manual-clock';

/** A world over kernel sockets whose clock a test moves. */
export type ManualWorld = World & { readonly clock: ManualClock };

/** Runs a test in a real world, which must be clean when it is over. */
export async function inRealWorld(body: (world: World) => Promise<void>): Promise<void> {
  const world = realWorld({ trace: { mode: 'full' } });
  try {
    await body(world);
    assertClean(world.scope);
  } finally {
    await world.scope[Symbol.asyncDispose]();
  }
}

/** Runs a test over kernel sockets with a clock that stands still until it is moved. */
export async function inManualWorld(
  body: (world: ManualWorld) => Promise<void>,
  kind: 'real' | 'virtual' = 'virtual',
): Promise<void> {
  await inRealWorld((world) => body({ ...world, clock: new ManualClock(kind) }));
}

/** The same world, with another network in front of its own. */
export function withNetwork(world: World, changes: Partial<Network>): World {
  const { network } = world;
  const whole: Network = {
    kind: network.kind,
    connect: (options) => network.connect(options),
    listen: (options, accept) => network.listen(options, accept),
    lookup: (host, options) => network.lookup(host, options),
    reverseLookup: (host) => network.reverseLookup(host),
    prepareTls: (side, settings) => network.prepareTls(side, settings),
    startTls: (connection, tls, options) => network.startTls(connection, tls, options),
    ...changes,
  };
  return { ...world, network: whole };
}

/** Keeps what a world's network is asked for. */
export function spyingWorld(world: World): {
  readonly world: World;
  readonly connects: ConnectOptions[];
  readonly listens: ListenOptions[];
} {
  const connects: ConnectOptions[] = [];
  const listens: ListenOptions[] = [];
  const spied = withNetwork(world, {
    connect: (options) => {
      connects.push(options);
      return world.network.connect(options);
    },
    listen: (options, accept) => {
      listens.push(options);
      return world.network.listen(options, accept);
    },
  });
  return { world: spied, connects, listens };
}
