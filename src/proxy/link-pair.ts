import type { Stream } from '../faults/fault';
import type { LinkBytes } from './outcome';
import type { ProxyLink } from './proxy-link';
import type { Toxic } from './toxic';

const streams: readonly Stream[] = ['upstream', 'downstream'];
const none: LinkBytes = { received: 0, sent: 0 };

/** The two directions of a proxied connection, once its upstream was reached. */
export class LinkPair {
  #upstream: ProxyLink | undefined;
  #downstream: ProxyLink | undefined;

  get there(): boolean {
    return this.#upstream !== undefined;
  }

  get bytes(): { readonly upstream: LinkBytes; readonly downstream: LinkBytes } {
    return { upstream: bytesOf(this.#upstream), downstream: bytesOf(this.#downstream) };
  }

  get queued(): { readonly upstream: number; readonly downstream: number } {
    return { upstream: this.#upstream?.queued ?? 0, downstream: this.#downstream?.queued ?? 0 };
  }

  /** Takes both directions; what acts on them is put in before they start. */
  open(upstream: ProxyLink, downstream: ProxyLink): void {
    this.#upstream = upstream;
    this.#downstream = downstream;
    upstream.other = downstream;
    downstream.other = upstream;
  }

  start(): void {
    this.#upstream?.start();
    this.#downstream?.start();
  }

  of(stream: Stream): ProxyLink | undefined {
    return stream === 'upstream' ? this.#upstream : this.#downstream;
  }

  /** FIN in a direction, now; whether there was one to end. */
  end(stream: Stream): boolean {
    const link = this.of(stream);
    if (link === undefined || link.over) return false;
    link.end();
    return true;
  }

  /** What acts in a direction. */
  toxics(stream: Stream): Iterable<Toxic> {
    return this.of(stream)?.toxics ?? [];
  }

  /** What a side sends. */
  from(side: 'client' | 'upstream'): ProxyLink | undefined {
    return side === 'client' ? this.#upstream : this.#downstream;
  }

  /** What a side gets. */
  towards(side: 'client' | 'upstream'): ProxyLink | undefined {
    return side === 'client' ? this.#downstream : this.#upstream;
  }

  /** A fault has acted, which others may wait for. */
  acted(name: string): void {
    for (const stream of streams) this.of(stream)?.acted(name);
  }

  release(stream: Stream | undefined): void {
    for (const each of stream === undefined ? streams : [stream]) this.of(each)?.release();
  }

  /** Calls for each direction in which a fault acts and which still passes something on. */
  each(toxic: Toxic, work: (link: ProxyLink, stream: Stream) => void): void {
    for (const stream of streams) {
      const link = this.of(stream);
      if (link !== undefined && !link.over && toxic.isIn(stream)) work(link, stream);
    }
  }

  drop(): void {
    this.#upstream?.drop();
    this.#downstream?.drop();
  }
}

function bytesOf(link: ProxyLink | undefined): LinkBytes {
  return link === undefined ? none : { received: link.received, sent: link.sent };
}
