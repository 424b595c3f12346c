/**
 * Numbers connections per world in the order in which they are made.
 *
 * The dialling end is `c1`, the accepting end `s1`; both ends of one connection share the number.
 */
export class ConnectionIds {
  #last = 0;

  /** The number of a connection that is being made. */
  next(): number {
    this.#last++;
    return this.#last;
  }

  /** Name of the end that dials. */
  dialled(number: number): string {
    return `c${number}`;
  }

  /** Name of the end that accepts. */
  accepted(number: number): string {
    return `s${number}`;
  }
}
