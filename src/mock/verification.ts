import { formatByteCount } from '../base/size';
import type { JournalEntry } from './journal-entry';
import { bytesWords } from './journal-words';
import type { MockRuntime } from './mock-runtime';
import { type PredicateLike, type ReadPredicate, readPredicate } from './predicate-like';
import { countOf, subjectOf } from './received-frames';
import { ruleTitle } from './rule-matching';
import { atLeast, never, type Times, timesInWords } from './times';
import type { VerificationError } from './verification-error';
import { nearestRule, verificationError } from './verification-failures';

/**
 * Claims about what a mock met. Each method checks one and returns the same object.
 *
 * @source docs/mocks.md#verification
 */
export class Verification {
  readonly #runtime: MockRuntime;
  readonly #collects: boolean;
  readonly #failures: string[] = [];
  #wanted: ReadPredicate | undefined;

  /** @internal */
  constructor(runtime: MockRuntime, collects: boolean) {
    this.#runtime = runtime;
    this.#collects = collects;
  }

  /**
   * A frame came so often.
   *
   * @param times - default: at least once
   */
  received(predicate: PredicateLike, times: Times = atLeast(1)): this {
    const wanted = readPredicate(predicate);
    const count = countOf(this.#runtime, wanted.predicate);
    if (typeof count === 'string') return this.#fail([count], wanted);
    if (count >= times.min && count <= times.max) return this;
    const expected =
      times.min === 1 && times.max === Number.POSITIVE_INFINITY ? '' : ` ${timesInWords(times)}`;
    const headline =
      count === 0
        ? `${this.#title} did not receive ${wanted.words}${expected}`
        : `${this.#title} received ${wanted.words} ${timesInWords({ min: count, max: count })}, expected ${timesInWords(times)}`;
    return this.#fail([headline], wanted);
  }

  /** No such frame came. */
  never(predicate: PredicateLike): this {
    return this.received(predicate, never());
  }

  /** Frames came in this order on one connection; others may lie between. */
  inOrder(...predicates: readonly PredicateLike[]): this {
    const { journal } = this.#runtime;
    if (journal.dropped > 0) {
      return this.#fail([
        `the journal dropped ${journal.dropped} entries; raise limits.journalEvents`,
      ]);
    }
    const wanted = predicates.map(readPredicate);
    const frames = journal.unmasked({ kind: 'frame' });
    const numbers = [...new Set(frames.map(({ connection }) => connection))];
    const progress = numbers.map((number) =>
      this.#progress(
        wanted,
        frames.filter(({ connection }) => connection === number),
      ),
    );
    const most = Math.max(0, ...progress);
    const missing = wanted[most];
    if (missing === undefined) return this;
    const behind = most === 0 ? '' : ` behind ${wanted[most - 1]?.words}`;
    return this.#fail(
      [
        `${this.#title} did not receive ${missing.words}${behind} (item ${most + 1} of ${wanted.length} in order)`,
      ],
      missing,
    );
  }

  /** So many connections were accepted. */
  connections(count: number): this {
    const { accepted } = this.#runtime;
    if (accepted === count) return this;
    return this.#fail([`${this.#title} accepted ${accepted} connections, expected ${count}`]);
  }

  /** The mock, or one of its connections, is in a state. */
  state(name: string, connection?: number): this {
    const state = this.#runtime.stateOf(connection).name;
    if (state === name) return this;
    return this.#fail([`${this.#title} is in state "${state}", expected "${name}"`]);
  }

  /** Every frame was answered by a rule, a turn or by hand, and no bytes are left over. */
  nothingUnexpected(): this {
    const { journal, exchanges } = this.#runtime;
    const unmatched = journal
      .unmasked({ kind: 'unmatched' })
      .map((entry) => this.#unmatchedWords(entry));
    const untaken = exchanges.flatMap((one) =>
      one.inbox
        .peek()
        .flatMap((item) =>
          item.kind === 'frame' && !(item.bytes.length === 0)
            ? [
                `${this.#title} received ${bytesWords({ bytes: item.bytes } as JournalEntry)} on connection ${one.number}, which nothing took`,
              ]
            : [],
        ),
    );
    const left = exchanges.flatMap((one) => {
      const bytes = one.leftover.length + one.stream.length;
      if (bytes === 0) return [];
      const reason =
        one.leftover.length === 0
          ? `${formatByteCount(bytes)} that no turn took`
          : `an ${journal.entries({ connection: one.number }).find(({ kind, reason }) => (kind === 'end' || kind === 'reset') && reason !== undefined)?.reason}`;
      return [`${this.#title} was left with ${reason} on connection ${one.number}`];
    });
    return this.#fail([...unmatched, ...untaken, ...left]);
  }

  /**
   * Every connection played its script to the end.
   *
   * @param which - `last`: only the last connection
   */
  scriptFinished(which: 'all' | 'last' = 'all'): this {
    const { exchanges, plan } = this.#runtime;
    if (plan.script.length === 0) return this;
    const stopped = exchanges
      .slice(which === 'last' ? -1 : 0)
      .filter(({ player, interactive }) => !player.finished && !interactive)
      .map(({ player, number }) => {
        const turn = player.current;
        return `${this.#title} did not finish its script on connection ${number}: stopped at turn ${turn?.number} (${turn?.words})`;
      });
    const none =
      exchanges.length === 0 ? [`${this.#title} did not play its script: nobody connected`] : [];
    return this.#fail([...stopped, ...none]);
  }

  /** Rules matched as often as their `times` say, and nothing failed while the mock ran. */
  promisesKept(): this {
    const { plan, counts, failures } = this.#runtime;
    const rare = plan.rules
      .filter(({ label, min }) => (counts.get(label) ?? 0) < min)
      .map(({ label, min, max }) => {
        const times = timesInWords({ min, max });
        return `${this.#title}: ${ruleTitle(label)} matched ${counts.get(label) ?? 0} times, expected ${times}`;
      });
    const counted = failures.filter(({ always }) => always || plan.mode === 'strict');
    return this.#fail([
      ...rare,
      ...counted.map(
        ({ text, connection }) =>
          `${this.#title}${connection === 0 ? '' : `, connection ${connection}`}: ${text}`,
      ),
    ]);
  }

  /** No connection is open. */
  allClosed(): this {
    const open = this.#runtime.exchanges.filter(({ isOpen }) => isOpen).map(({ number }) => number);
    if (open.length === 0) return this;
    return this.#fail([
      `${this.#title} has ${open.length === 1 ? 'a connection' : 'connections'} open: ${open.join(', ')}`,
    ]);
  }

  /** What the mode of the mock asks for: a strict one that nothing is unexpected, unfinished or open. */
  all(): this {
    const collecting = this.#collects ? this : new Verification(this.#runtime, true);
    collecting.promisesKept();
    if (this.#runtime.plan.mode === 'strict') {
      collecting.nothingUnexpected().scriptFinished().allClosed();
    }
    if (collecting !== this) collecting.settle();
    return this;
  }

  /** What failed so far, one line each. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Throws when something failed. @internal */
  settle(): void {
    if (this.#failures.length > 0)
      throw verificationError(this.#runtime, this.#failures, this.#wanted);
  }

  /** @internal */
  error(failure: string, wanted?: ReadPredicate): VerificationError {
    return verificationError(this.#runtime, [failure], wanted);
  }

  get #title(): string {
    return `mock "${this.#runtime.plan.name}"`;
  }

  #fail(failures: readonly string[], wanted?: ReadPredicate): this {
    if (failures.length === 0) return this;
    this.#failures.push(...failures);
    this.#wanted ??= wanted;
    if (!this.#collects) this.settle();
    return this;
  }

  #progress(wanted: readonly ReadPredicate[], frames: readonly JournalEntry[]): number {
    let found = 0;
    for (const frame of frames) {
      if (wanted[found]?.predicate.match(subjectOf(this.#runtime, frame)) !== undefined) found++;
    }
    return found;
  }

  #unmatchedWords(entry: JournalEntry): string {
    const where = `on connection ${entry.connection}`;
    const masked = {
      ...entry,
      bytes: this.#runtime.plan.redact(entry.bytes ?? new Uint8Array(), 'in'),
    };
    const why = entry.reason ?? nearestRule(this.#runtime, entry);
    const tail =
      why === undefined ? '' : `: ${entry.reason === undefined ? 'nearest is ' : ''}${why}`;
    return `${this.#title} received ${bytesWords(masked)} ${where}, which no rule takes${tail}`;
  }
}
