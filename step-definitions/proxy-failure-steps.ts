/** What proxies and sets of proxies refuse, for the sentences "that fails with …". */
import { ProxySet } from '../src/proxy/index';
import { proxies, type Step, type StepWorld } from '../src/steps/index';
import { keepFailure, own, perScenario } from './own';

const sets = perScenario<{ set?: ProxySet }>(() => ({}));

export const proxyFailureSteps: readonly Step[] = [
  own(
    'When',
    'the {proxy} is given the fault {string} in vain',
    'the proxy is given the fault "latancy" in vain',
    (world, proxy, type) =>
      keepFailure(world, () => proxies(world).get(proxy).proxy.addToxic({ type })),
  ),
  own(
    'When',
    'the fault {string} of the {proxy} is removed in vain',
    'the fault "latency" of the proxy is removed in vain',
    (world, name, proxy) =>
      keepFailure(world, () => proxies(world).get(proxy).proxy.removeToxic(name)),
  ),
  own(
    'Given',
    'a set of proxies with a proxy {string} in front of {endpoint}',
    'a set of proxies with a proxy "db" in front of 127.0.0.1:5432',
    (world, name, { host, port }) => setOf(world).create({ name, upstream: `${host}:${port}` }),
  ),
  own(
    'When',
    'a second proxy {string} is put into the set in vain',
    'a second proxy "db" is put into the set in vain',
    (world, name) =>
      keepFailure(world, () => setOf(world).create({ name, upstream: '127.0.0.1:1' })),
  ),
  own(
    'When',
    'the set is asked for the proxy {string} in vain',
    'the set is asked for the proxy "bd" in vain',
    (world, name) => keepFailure(world, () => setOf(world).proxy(name)),
  ),
];

/** The set of a scenario, closed behind it. */
function setOf(world: StepWorld): ProxySet {
  const kept = sets(world);
  if (kept.set === undefined) {
    const set = new ProxySet({ world: world.world });
    kept.set = set;
    world.atEnd(() => set.close());
  }
  return kept.set;
}
