import type { PresetName } from '../certs/preset-names';
import type { World } from '../network/world';
import type { MockCertificate } from './mock-certificates';

/**
 * A certificate of the mock's own. What makes one is loaded late, since most mocks need none.
 *
 * @param preset - what is special about it; it is signed by an authority that nobody knows
 */
export async function ownKey(
  world: World,
  hosts: readonly string[],
  preset: PresetName | undefined,
): Promise<MockCertificate> {
  const key = world.kind === 'simulated' ? 'ed25519' : 'ec';
  if (preset === undefined) {
    const { throwAwayKey } = require('../certs/throw-away') as typeof import('../certs/throw-away');
    return await throwAwayKey(key, hosts);
  }
  const { Authority } = require('../certs/authority') as typeof import('../certs/authority');
  const random = world.random.fork('certificate of a mock');
  const authority = await Authority.create({ key, random });
  return await authority.issue({ names: hosts, key, preset });
}
