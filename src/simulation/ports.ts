/** First and last port that a host gives out by itself. */
const firstPort = 49_152;
const lastPort = 65_535;

/** The ports of one host that are taken, and the next one to give out. */
export class Ports {
  readonly #taken = new Map<number, number>();
  #next = firstPort;

  /**
   * Takes the next free port of the range, ascending and around.
   *
   * @returns `undefined` when all are taken
   */
  takeFree(nowUs: number): number | undefined {
    for (let tries = firstPort; tries <= lastPort; tries++) {
      const port = this.#next;
      this.#next = port === lastPort ? firstPort : port + 1;
      if (this.take(port, nowUs)) return port;
    }
    return undefined;
  }

  /** Takes a certain port. Returns whether it was free. */
  take(port: number, nowUs: number): boolean {
    const until = this.#taken.get(port);
    if (until !== undefined && until > nowUs) return false;
    this.#taken.set(port, Number.POSITIVE_INFINITY);
    return true;
  }

  /** Gives a port back, at once or when its TIME_WAIT is over. */
  giveBack(port: number, nowUs: number, timeWaitUs = 0): void {
    if (timeWaitUs === 0) this.#taken.delete(port);
    else this.#taken.set(port, nowUs + timeWaitUs);
  }
}
