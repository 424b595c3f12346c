import type { Endpoint, Network } from '../network/network';

const loopback = '127.0.0.1';

/**
 * Ports reserved by `a free port "web"`: name → number.
 *
 * Each is held, so that no other program on the machine gets it, until somebody here is about to
 * use it. The same number is never given out twice.
 *
 * @source docs/processes.md#ports
 */
export class FreePorts extends Map<string, number> {
  readonly #held = new Map<string, Endpoint>();

  /**
   * Reserves a port under a name.
   *
   * @throws Error the name is taken, or the system has no port left
   */
  async reserve(name: string, network: Network): Promise<number> {
    if (this.has(name)) throw new Error(`free port "${name}" already exists`);
    const taken = new Set(this.values());
    const doubles: Endpoint[] = [];
    for (;;) {
      const endpoint = await this.#listen(name, network);
      const { port } = endpoint.address;
      if (taken.has(port)) {
        // Kept until another one is found, or the system might offer it again.
        doubles.push(endpoint);
        continue;
      }
      await Promise.all(doubles.map((double) => double.close()));
      this.set(name, port);
      this.#held.set(name, endpoint);
      return port;
    }
  }

  /** Lets go of a port because it is about to be used. Whoever listens next in this turn gets it. */
  async release(name: string): Promise<void> {
    const endpoint = this.#held.get(name);
    this.#held.delete(name);
    await endpoint?.close();
  }

  /** Lets go of all. */
  async close(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((name) => this.release(name)));
  }

  async #listen(name: string, network: Network): Promise<Endpoint> {
    const label = `free port "${name}"`;
    try {
      return await network.listen({ host: loopback, port: 0, label }, (stray) => stray.destroy());
    } catch (error) {
      throw new Error(`no free port: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}
