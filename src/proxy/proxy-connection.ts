import type { Address } from '../base/address';
import { deferred } from '../base/deferred';
import type { Side, Stream } from '../faults/fault';
import type { Connection } from '../network/connection';
import { BothEnds } from './both-ends';
import type { ConnectionHome } from './connection-home';
import { ConnectionSlots } from './connection-slots';
import { LinkPair } from './link-pair';
import { faultOutcome, type LinkBytes, type Outcome, type ProxyConnectionState } from './outcome';
import { ProxyLink } from './proxy-link';
import type { Toxic } from './toxic';
import { UpstreamDial } from './upstream-dial';

type Home = ConnectionHome<ProxyConnection>;

/** One client and its upstream. */
export class ProxyConnection {
  /** Such as `mail#3`. */
  readonly id: string;
  /** In the order of accept, from 1. */
  readonly number: number;
  readonly client: Address;
  /** The world's clock at accept. */
  readonly startedUs: number;
  /** How it ended; resolves when both sides are closed. */
  readonly closed: Promise<Outcome>;
  /** When the first byte of either direction was read. @internal */
  firstByteUs: number | undefined;
  readonly #home: Home;
  readonly #ends: BothEnds;
  readonly #done = deferred<Outcome>();
  readonly #links = new LinkPair();
  #state: ProxyConnectionState = 'accepted';
  #outcome: Outcome | undefined;
  #open = 1;

  /** @internal */
  constructor(home: Home, client: Connection, number: number) {
    this.#home = home;
    this.number = number;
    this.id = `${home.settings.name}#${number}`;
    this.client = client.remote;
    this.startedUs = home.world.clock.now();
    this.closed = this.#done.promise;
    this.#ends = new BothEnds(client, home.world.clock, `close of ${this.id}`);
    client.on('error', () => this.#broken('client'));
    client.on('close', () => this.#gone('client'));
  }

  get state(): ProxyConnectionState {
    return this.#state;
  }

  /** Address of the upstream, once it was reached. */
  get upstream(): Address | undefined {
    return this.#links.there ? this.#ends.upstream?.remote : undefined;
  }

  get bytes(): { readonly upstream: LinkBytes; readonly downstream: LinkBytes } {
    return this.#links.bytes;
  }

  /** Bytes that wait in each direction. */
  get queued(): { readonly upstream: number; readonly downstream: number } {
    return this.#links.queued;
  }

  /** How it ended, once that is decided. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Why a direction is not read now, or nothing. */
  stopped(stream: Stream): 'peer' | 'queue' | 'toxic' | undefined {
    return this.#links.of(stream)?.stopped;
  }

  /** Faults that act on the bytes of a direction. */
  toxics(stream: Stream): readonly Toxic[] {
    return [...this.#links.toxics(stream)];
  }

  /** Stops reading a direction. */
  pause(stream: Stream): void {
    this.#links.of(stream)?.pause();
  }

  /** Reads a direction again. */
  resume(stream: Stream): void {
    this.#links.of(stream)?.resume();
  }

  /** Lets go of what faults hold back, in order. */
  release(stream?: Stream): void {
    this.#links.release(stream);
  }

  /** Sends bytes in a direction, in front of what is queued in it. */
  inject(stream: Stream, bytes: Uint8Array): void {
    this.#links.of(stream)?.inject(bytes);
  }

  /** FIN in one direction, or in both; what is queued in it is dropped. */
  end(stream?: Stream): void {
    if (stream === undefined) this.#close({ how: 'closed', by: 'proxy' });
    else if (this.#links.end(stream)) this.#passedFin(stream, undefined);
  }

  /** RST to one side, or to both. A side that gets none gets FIN. */
  reset(side: Side = 'both'): void {
    this.#reset(side, { how: 'reset', by: 'proxy' });
  }

  /** Dials, now. @internal */
  dial(): void {
    if (this.#state !== 'accepted') return;
    this.#state = 'dialling';
    const { world, settings, upstreamLabel: label } = this.#home;
    const dial = new UpstreamDial(
      world,
      settings,
      { ...this.#home.target(), label },
      {
        reached: (upstream, dialUs) => this.#dialled(upstream, dialUs),
        failed: (code) => this.#dialFailed(code),
        broken: () => this.#broken('upstream'),
        closed: () => this.#gone('upstream'),
      },
    );
    this.#ends.upstream = dial.connection;
    this.#open++;
    this.#home.counts.watched.add(this);
  }

  /** Sees what the client does before the links begin, without taking its bytes. @internal */
  watchClient(): void {
    this.#ends.client.read(0);
    if (!this.#home.settings.halfClose) this.#ends.client.once('end', () => this.#endedEarly());
  }

  /** Ends it by a fault on the whole connection. @internal */
  expire(how: 'fin' | 'half' | Side, toxic: string): void {
    const outcome: Outcome = { how: 'fault', by: 'proxy', toxic };
    if (how === 'fin') this.#close(outcome);
    else if (how !== 'half') this.#reset(how, outcome);
    else if (this.#links.of('downstream')?.over === false) {
      this.#links.of('downstream')?.end();
      this.#passedFin('downstream', toxic);
    }
  }

  /** A fault was added to the proxy or has changed. @internal */
  put(toxic: Toxic): void {
    this.#links.each(toxic, (link, stream) => link.put(toxic, this.isHit(toxic, stream)));
  }

  /** A fault was removed. @internal */
  take(toxic: Toxic): void {
    this.#links.each(toxic, (link) => link.take(toxic));
  }

  /** Takes a decision about this connection. @internal */
  decide(stream: Stream | 'both', toxic: string, purpose: string, n: number): number {
    return this.#home.decisions.take({ connection: this.number, stream, toxic, purpose, n });
  }

  /** Id of the client's end in the trace. @internal */
  get traceId(): string {
    return this.#ends.client.id;
  }

  /** The end that dials the upstream, once it does. @internal */
  get upstreamEnd(): Connection | undefined {
    return this.#ends.upstream;
  }

  /** Whether a fault hits this connection. @internal */
  isHit(toxic: Toxic, stream: Stream): boolean {
    const facts = { number: this.number, id: this.id, remote: this.client.host };
    return toxic.isHitting(facts, () =>
      // A fault of both directions is rolled once for both.
      this.decide(toxic.stream === 'both' ? 'both' : stream, toxic.name, 'toxicity', 0),
    );
  }

  #dialled(upstream: Connection, dialUs: number): void {
    if (this.#state !== 'dialling' || this.#home.leadsBack(this, upstream.remote)) return;
    this.#state = 'open';
    const { client } = this.#ends;
    const there = this.#makeLink('upstream', client, upstream);
    this.#links.open(there, this.#makeLink('downstream', upstream, client));
    const { events, toxics } = this.#home;
    events.tell('connection.dialled', { connection: this.id, upstream: upstream.remote, dialUs });
    for (const toxic of toxics.all) this.put(toxic);
    this.#links.start();
  }

  #makeLink(stream: Stream, source: Connection, destination: Connection): ProxyLink {
    const from = stream === 'upstream' ? 'client' : 'upstream';
    return new ProxyLink({
      stream,
      source,
      destination,
      clock: this.#home.world.clock,
      label: `${this.id} ${stream}`,
      maxQueuedBytes: this.#home.settings.maxQueuedBytes,
      home: new ConnectionSlots(this.#home, this, this.#links),
      onFirst: () => this.#firstByte(),
      onFin: (by) => this.#passedFin(stream, by),
      onBroken: () => this.#passReset(from),
      onEnd: (by) => this.#close(faultOutcome(by)),
      onReset: (side, by) => this.#reset(side, faultOutcome(by)),
    });
  }

  #firstByte(): void {
    if (this.firstByteUs !== undefined) return;
    this.firstByteUs = this.#home.world.clock.now();
    this.#home.firstByte(this);
  }

  #dialFailed(code: string): void {
    if (this.#state !== 'dialling') return;
    this.#home.events.tell('connection.dialFailed', { connection: this.id, code });
    const outcome: Outcome = { how: 'dialFailed', by: 'upstream' };
    this.#ends.upstream?.destroy();
    if (this.#home.settings.onDialFailure === 'close') this.#close(outcome);
    else this.#reset('both', outcome);
  }

  /** FIN of the client before there is an upstream, where a FIN closes everything. */
  #endedEarly(): void {
    if (this.#links.there) return;
    this.#ends.upstream?.destroy();
    this.#close({ how: 'closed', by: 'client' });
  }

  /** A FIN has gone on in a direction. */
  #passedFin(stream: Stream, by: string | undefined): void {
    const from = stream === 'upstream' ? 'client' : 'upstream';
    this.#home.events.tell('connection.halfClosed', { connection: this.id, stream, toxic: by });
    this.#outcome ??= by === undefined ? { how: 'closed', by: from } : faultOutcome(by);
    if (!this.#home.settings.halfClose) this.#close(this.#outcome);
    else if (this.#state === 'open') this.#state = 'halfClosed';
  }

  /** A side was reset. Before there is an upstream, that ends the dial. */
  #broken(side: 'client' | 'upstream'): void {
    if (this.#ends.ending) return;
    const link = this.#links.from(side);
    if (link === undefined) {
      this.#outcome ??= { how: 'reset', by: side };
      this.#ends.upstream?.destroy();
      return;
    }
    // Nothing can be written to that side any more.
    this.#links.towards(side)?.drop();
    if (link.over) this.#passReset(side);
    else link.broken();
  }

  /** The RST of a side has come through: the other side gets one. */
  #passReset(from: 'client' | 'upstream'): void {
    this.#outcome = this.#outcome?.how === 'fault' ? this.#outcome : { how: 'reset', by: from };
    this.#reset(from === 'client' ? 'upstream' : 'client', this.#outcome);
  }

  #reset(side: Side, outcome: Outcome): void {
    if (this.#state === 'closed') return;
    this.#outcome = outcome;
    this.#links.drop();
    this.#ends.reset(side);
  }

  /** FIN to both sides; what is queued is dropped, what was written still leaves. */
  #close(outcome: Outcome): void {
    if (this.#state === 'closed' || this.#ends.ending) return;
    this.#outcome = outcome;
    this.#links.drop();
    this.#ends.close();
  }

  /** An end is closed for good. */
  #gone(side: 'client' | 'upstream'): void {
    this.#open--;
    if (this.#open > 0 && this.#ends.wasTaken(side)) {
      const other = side === 'client' ? 'upstream' : 'client';
      this.#reset(other, { how: 'closed', by: 'proxy' });
    }
    if (this.#open > 0 || this.#state === 'closed') return;
    this.#ends.over();
    this.#links.drop();
    this.#state = 'closed';
    const outcome = this.#outcome ?? { how: 'closed', by: side === 'client' ? 'client' : 'proxy' };
    this.#outcome = outcome;
    this.#home.closed(this, outcome);
    this.#done.resolve(outcome);
  }
}
