import type { ClockTimer } from '../network/clock';
import type { TlsLine } from '../network/tls-gate';

type Done = (error?: Error | null) => void;

/** Writes to a connection in order: at once, later, or a few bytes at a time. */
export class PacedLine {
  readonly #line: TlsLine;
  readonly #waiting: Buffer[] = [];
  #pieceBytes = Number.POSITIVE_INFINITY;
  #everyUs = 0;
  #timer: ClockTimer | undefined;
  /** Writes that the connection has not taken yet. */
  #writing = 0;
  readonly #drained: Done[] = [];
  #end: Done | undefined;

  constructor(line: TlsLine) {
    this.#line = line;
    line.raw.once('close', () => this.#stop());
  }

  write(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#go();
  }

  /** Calls back once the connection has taken everything, or is over. */
  drained(done: Done): void {
    if (this.#idle || this.#line.raw.destroyed) done();
    else this.#drained.push(done);
  }

  /** FIN, once the connection has taken everything. */
  end(done: Done): void {
    this.#end = done;
    this.#settle();
  }

  /** Writes nothing for a while. */
  hold(us: number): void {
    this.#wait(us);
  }

  /** From now on writes so many bytes at a time, each after a while. */
  drip(bytes: number, everyUs: number): void {
    this.#pieceBytes = bytes;
    this.#everyUs = everyUs;
  }

  get #idle(): boolean {
    return this.#waiting.length === 0 && this.#writing === 0;
  }

  #go(): void {
    if (this.#timer !== undefined || this.#line.raw.destroyed) return;
    if (this.#everyUs > 0) this.#wait(this.#everyUs);
    else this.#flush();
  }

  #flush(): void {
    for (let first = this.#waiting.shift(); first !== undefined; first = this.#waiting.shift()) {
      const piece = first.subarray(0, this.#pieceBytes);
      if (piece.length < first.length) this.#waiting.unshift(first.subarray(piece.length));
      this.#writing++;
      this.#line.write(piece, () => {
        this.#writing--;
        this.#settle();
      });
      if (this.#everyUs > 0) break;
    }
    if (this.#waiting.length > 0) this.#wait(this.#everyUs);
  }

  #settle(): void {
    if (!this.#idle) return;
    for (const done of this.#drained.splice(0)) done();
    const end = this.#end;
    this.#end = undefined;
    if (end !== undefined) this.#line.raw.end((error?: Error | null) => end(error));
  }

  #wait(us: number): void {
    const { clock, raw } = this.#line;
    this.#timer?.cancel();
    this.#timer = clock.after(
      us,
      () => {
        this.#timer = undefined;
        if (!raw.destroyed) this.#flush();
      },
      `held bytes of ${raw.id}`,
    );
  }

  #stop(): void {
    this.#timer?.cancel();
    for (const done of this.#drained.splice(0)) done();
    this.#end?.();
    this.#end = undefined;
  }
}
