import type { Connection } from '../../src/network/connection';
import type { StepWorld } from '../../src/steps/step-world';

/**
 * Listens in the world of a scenario and lets a function deal with each connection.
 *
 * @returns `127.0.0.1:40321`, as a step names it
 */
export async function scriptedPeer(
  world: StepWorld,
  serve: (connection: Connection) => void,
): Promise<string> {
  const endpoint = await world.world.network.listen({ port: 0, label: 'peer' }, (connection) => {
    // A reset is what some scenarios are about.
    connection.on('error', () => undefined);
    serve(connection);
  });
  return `${endpoint.address.host}:${endpoint.address.port}`;
}

/** A failure text with ports, times and seed made equal. */
export function steady(message: string): string {
  return message
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/@[\d.]+ m?s */g, '@T ')
    .replace(/after [\d.]+ m?s:/g, 'after T:')
    .replace(/stopped (at once|after T):/g, 'stopped after T:')
    .replace(/seed \d+/g, 'seed N');
}
