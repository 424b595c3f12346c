import { formatAddress } from '../base/address';
import { formatDuration } from '../base/duration';
import type { ScriptEvent } from '../capture/script';
import { printEvent } from '../capture/script-verbs';
import { reasonOf } from '../capture/wire-log-body';
import { errorWords, faultText, timeoutWords } from '../capture/wire-words';
import type { WireEvent } from '../network/wire-event';
import type { DraftItem } from './draft-item';
import type { Participants } from './timeline-lanes';
import type { ItemKind } from './timeline-model';
import { faultWords, wordsIn, wordsOf } from './timeline-words';

/** Everything but bytes: openings, ends, faults, failures, notes. */
export function momentItems(
  events: readonly WireEvent[],
  participants: Participants,
  network: 'real' | 'simulated',
): readonly DraftItem[] {
  return new MomentReader(events, participants, network).items();
}

class MomentReader {
  readonly #events: readonly WireEvent[];
  readonly #participants: Participants;
  readonly #network: 'real' | 'simulated';
  /** Connection, direction and kind → the row that shows it already. */
  readonly #shown = new Map<string, DraftItem>();
  /** Connection and direction in which some end reports RST. */
  readonly #resets = new Set<string>();
  readonly #paused = new Map<string, DraftItem>();
  /** Connection → index of the last bytes of each direction. */
  readonly #lastBytes = new Map<string, number>();
  /** Connection and direction → when bytes were written. */
  readonly #writes = new Map<string, number[]>();

  constructor(
    events: readonly WireEvent[],
    participants: Participants,
    network: 'real' | 'simulated',
  ) {
    this.#events = events;
    this.#participants = participants;
    this.#network = network;
    for (const event of events) {
      const way = `${participants.connectionOf(event.connection)} ${event.direction}`;
      if (event.kind === 'rst') this.#resets.add(way);
      if (event.kind === 'write' || event.kind === 'data') this.#lastBytes.set(way, event.index);
      if (event.kind !== 'write') continue;
      const written = this.#writes.get(way);
      if (written === undefined) this.#writes.set(way, [event.atUs]);
      else written.push(event.atUs);
    }
  }

  items(): readonly DraftItem[] {
    const items: DraftItem[] = [];
    for (const event of this.#events) {
      const item = this.#itemOf(event);
      if (item !== undefined) items.push(item);
    }
    return items.flatMap((item) => (item.k === 'pause' ? this.#pausesOf(item) : [item]));
  }

  #itemOf(event: WireEvent): DraftItem | undefined {
    const { detail = {} } = event;
    switch (event.kind) {
      case 'syn':
      case 'established':
      case 'accepted':
        return this.#open(event);
      case 'refused':
        return this.#once(event, 'refused', () =>
          this.#across(event, 'refused', 'in', { p: 'refused' }, failed('connection refused')),
        );
      case 'fin':
      case 'rst':
        return this.#end(event);
      case 'timeout': {
        const { ms } = detail;
        const virtual = this.#network === 'simulated' ? ' (virtual)' : '';
        const after = typeof ms === 'number' ? ` after ${formatDuration(ms)}${virtual}` : '';
        const words = timeoutWords(event);
        return this.#at(event, 'timeout', { p: `${words}${after}` }, failed(words));
      }
      case 'error':
        return this.#error(event);
      case 'fault':
        return this.#fault(event);
      case 'note':
        return this.#note(event);
      case 'control':
        return this.#at(event, 'control', wordsOf(detail, 'control'));
      case 'tls':
        return this.#tls(event);
      case 'pause':
      case 'resume':
        return this.#pause(event);
      case 'lookup':
        return this.#lookup(event);
      case 'window':
      case 'timer':
        return this.#at(event, 'internal', { p: event.kind, q: wordsIn(detail, []) });
      default:
        return undefined;
    }
  }

  /** The first report opens the row; a later one of either end is its arrival. */
  #open(event: WireEvent): DraftItem | undefined {
    const known = this.#shown.get(this.#key(event, 'open'));
    if (known !== undefined) {
      if (event.kind !== 'syn' && event.atUs >= known.t) known.e ??= event.atUs;
      known.events = [...known.events, event];
      return undefined;
    }
    return this.#once(event, 'open', () => {
      const { local, remote, connection } = event;
      const isDialled = connection === this.#participants.pairOf(connection)?.dialled;
      const [from, to] = isDialled ? [local, remote] : [remote, local];
      const source = from === undefined || from.port === 0 ? '' : formatAddress(from);
      const target = to === undefined ? '' : ` → :${to.port}`;
      const verb = this.#participants.pairOf(connection)?.accepted === undefined;
      const more = { p: `connect ${source}${target}`.trim(), ...(to && { q: formatAddress(to) }) };
      return this.#across(event, 'open', 'out', more, { verb: verb ? 'connect' : 'accept' });
    });
  }

  #end(event: WireEvent): DraftItem | undefined {
    const { kind, direction, detail = {} } = event;
    if (direction === '-') return undefined;
    const way = `${this.#participants.connectionOf(event.connection)} ${direction}`;
    // The kernel made RST of this FIN, and the other end says so.
    if (kind === 'fin' && detail['mayBeReset'] === true && this.#resets.has(way)) return undefined;
    const known = this.#shown.get(this.#key(event, kind));
    if (known !== undefined) {
      if (event.atUs >= known.t) known.e ??= event.atUs;
      known.events = [...known.events, event];
      return undefined;
    }
    return this.#once(event, kind, () => {
      const reason = reasonOf(event);
      const more = kind === 'rst' ? { p: 'RST', ...(reason && { q: reason }) } : { p: 'FIN' };
      return this.#across(event, kind as ItemKind, direction, more, this.#endVerb(event));
    });
  }

  /** On the wire a half-close is a close; it was one when the other side went on sending. */
  #endVerb({ kind, direction, connection, index }: WireEvent): ScriptEvent {
    const isOut = direction === 'out';
    if (kind === 'rst') return { verb: isOut ? 'peer resets' : 'reset' };
    const other = `${this.#participants.connectionOf(connection)} ${isOut ? 'in' : 'out'}`;
    const goesOn = (this.#lastBytes.get(other) ?? -1) > index;
    if (isOut) return { verb: goesOn ? 'peer half-closes' : 'peer closes' };
    return { verb: goesOn ? 'half-close' : 'close' };
  }

  /** What the wire has shown already is not told again. */
  #error(event: WireEvent): DraftItem | undefined {
    const { detail = {} } = event;
    const words = errorWords(event);
    const c = this.#participants.connectionOf(event.connection);
    const isShown =
      (words === 'connection reset' &&
        ['out', 'in'].some((way) => this.#resets.has(`${c} ${way}`))) ||
      (words === 'connection refused' && this.#shown.has(this.#key(event, 'refused')));
    if (isShown) return undefined;
    const { code, message } = detail;
    const facts = [code, message].filter((one) => one !== undefined && one !== words).join(', ');
    return this.#at(event, 'error', { p: words, q: facts }, failed(words));
  }

  /** On the lane of the proxy that says so, else of the end that tells. */
  #fault(event: WireEvent): DraftItem {
    const proxy = event.detail?.['proxy'];
    const lane = proxy === undefined ? undefined : this.#participants.proxyLane(String(proxy));
    const script: ScriptEvent = { verb: 'fault', text: faultText(event) };
    const item = this.#at(event, 'fault', faultWords(event), script);
    return lane === undefined ? item : { ...item, f: lane, o: lane };
  }

  #tls(event: WireEvent): DraftItem | undefined {
    const { detail = {} } = event;
    if (detail['event'] === 'failed') {
      const { kind = 'unknown' } = detail;
      const more = { p: `TLS failed: ${kind}`, q: wordsIn(detail, ['event', 'kind']) };
      return this.#at(event, 'error', more);
    }
    if (detail['event'] !== 'fault') return undefined;
    const fault = String(detail['fault'] ?? 'TLS fault');
    return this.#at(
      event,
      'fault',
      { p: fault, q: wordsIn(detail, ['event', 'fault']) },
      { verb: 'fault', text: fault },
    );
  }

  #note(event: WireEvent): DraftItem {
    const { detail = {} } = event;
    const mark = detail['mark'];
    return mark === undefined
      ? this.#at(event, 'note', { p: wordsIn(detail, []) || 'note' })
      : this.#at(event, 'mark', { p: String(mark) }, { verb: 'mark', text: String(mark) });
  }

  #lookup(event: WireEvent): DraftItem {
    const { host, address, code } = event.detail ?? {};
    if (code === undefined) {
      return this.#at(event, 'internal', { p: 'lookup', q: `${host} is ${address}` });
    }
    return this.#at(event, 'error', { p: `unknown host ${host}`, q: String(code) });
  }

  #pause(event: WireEvent): DraftItem | undefined {
    if (event.kind === 'resume') {
      const item = this.#paused.get(event.connection);
      this.#paused.delete(event.connection);
      if (item !== undefined) item.e = event.atUs;
      return undefined;
    }
    if (this.#paused.has(event.connection)) return undefined;
    const isServer = event.connection === this.#participants.pairOf(event.connection)?.accepted;
    const verb: ScriptEvent | undefined = isServer ? { verb: 'stop reading' } : undefined;
    const item = this.#at(event, 'pause', { p: 'reading paused' }, verb);
    this.#paused.set(event.connection, item);
    return item;
  }

  /**
   * An end that read again at once was not paused. One to which nobody sent meanwhile was, but
   * nothing came of it: that is how a client waits which nobody asks to read.
   */
  #pausesOf(item: DraftItem): readonly DraftItem[] {
    const connection = item.events[0]?.connection ?? '';
    const { t, e = Number.POSITIVE_INFINITY } = item;
    if (e === t) return [];
    const isServer = connection === this.#participants.pairOf(connection)?.accepted;
    const way = `${this.#participants.connectionOf(connection)} ${isServer ? 'out' : 'in'}`;
    const sent = this.#writes.get(way) ?? [];
    return [sent.some((us) => us >= t && us <= e) ? item : { ...item, k: 'internal' }];
  }

  #key(event: WireEvent, kind: string): string {
    const way = kind === 'fin' || kind === 'rst' ? event.direction : '';
    return `${this.#participants.connectionOf(event.connection)} ${way} ${kind}`;
  }

  #once(event: WireEvent, kind: string, make: () => DraftItem): DraftItem | undefined {
    const key = this.#key(event, kind);
    if (this.#shown.has(key)) return undefined;
    const item = make();
    this.#shown.set(key, item);
    return item;
  }

  #across(
    event: WireEvent,
    k: ItemKind,
    way: 'out' | 'in',
    more: Partial<DraftItem>,
    script: ScriptEvent,
  ): DraftItem {
    const c = this.#participants.connectionOf(event.connection);
    const { a = 0, b = 0 } = this.#participants.connections[c ?? -1] ?? {};
    const [f, o] = way === 'out' ? [a, b] : [b, a];
    return { ...this.#at(event, k, more, script), f, o };
  }

  #at(event: WireEvent, k: ItemKind, more: Partial<DraftItem>, script?: ScriptEvent): DraftItem {
    const c = this.#participants.connectionOf(event.connection);
    const lane = this.#participants.laneOf(event.from, event.connection);
    return {
      k,
      i: event.index,
      t: event.atUs,
      f: lane,
      o: lane,
      ...(c !== undefined && { c }),
      ...(script !== undefined && { y: `* ${printEvent(script)}` }),
      events: [event],
      ...more,
    };
  }
}

function failed(words: string): ScriptEvent {
  return { verb: 'error', words };
}
