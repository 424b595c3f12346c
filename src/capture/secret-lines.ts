/** Connections that are over whose lines are still kept: their last packets may come behind them. */
const mostOver = 64;

/**
 * The key log of the connections that a capture holds, each line once.
 *
 * Lines of a connection are forgotten some time after it has ended, so that a capture of many
 * connections stays small.
 */
export class SecretLines {
  /** Number of a connection → its lines. */
  readonly #lines = new Map<string, Set<string>>();
  readonly #over = new Set<string>();

  /** Whether a line is new: both ends of a connection report the same ones. */
  add(connection: string, line: string): boolean {
    const key = numberOf(connection);
    const known = this.#lines.get(key) ?? new Set();
    if (known.has(line)) return false;
    this.#lines.set(key, known.add(line));
    return true;
  }

  /** No more records of a connection will follow, but for those that are on their way. */
  end(connection: string): void {
    const key = numberOf(connection);
    if (!this.#lines.has(key)) return;
    this.#over.add(key);
    for (const oldest of this.#over) {
      if (this.#over.size <= mostOver) return;
      this.#over.delete(oldest);
      this.#lines.delete(oldest);
    }
  }

  /** What the next file must begin with. */
  get all(): readonly string[] {
    return [...this.#lines.values()].flatMap((lines) => [...lines]);
  }
}

/** Both ends of a connection have the same number. */
function numberOf(connection: string): string {
  return connection.replace(/^[a-z]+/, '');
}
