import type { SimulatedWorld } from '../../src/simulation/world';
import { Listener } from '../../src/tcp/listener';
import type { Service } from '../../src/tcp/service';

/** A service on a host of a simulated world, which can be killed and come back. */
export interface HostedService {
  /** Listens again, on a host that was killed. */
  restart(): Promise<void>;
}

/** Listens on a host of a simulated world, which is added to it. */
export async function serveOnHost(
  { world, host, port }: { world: SimulatedWorld; host: string; port: number },
  onConnect: Service['onConnect'],
): Promise<HostedService> {
  const start = async (): Promise<void> => {
    const listener = new Listener(port, { world, localHost: host, label: host });
    // A client that gives up leaves a reset; what it means is told on the client's side.
    listener.attach(onConnect).on('handlerError', () => {});
    await listener.start();
  };
  const simulated = world.simulation.host(host);
  await world.simulation.on(host, start);
  return { restart: () => simulated.restart(start) };
}
