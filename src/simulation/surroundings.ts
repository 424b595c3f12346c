import type { Random } from '../base/random';
import type { Clock } from '../network/clock';
import { Audit, type AuditReport } from './audit';
import type { Place } from './context';
import type { Engine } from './engine';
import { type EscapeMode, guardEscapes, setEscapePolicy } from './escapes';
import { endGlobals, installGlobals, lendGlobals, type VirtualGlobals } from './globals';
import type { SimulationEscape } from './verdicts';

/** What a world does with what lies around it. */
export interface SurroundingsSettings {
  readonly globals: 'none' | 'installed';
  readonly seedCrypto: boolean;
  readonly escapes: EscapeMode;
  readonly audit: boolean;
}

/** The world, as far as programs get something from it. */
export interface Lender {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly place: Place;
}

/** Guards, globals and audit of one world: in place while it is driven. */
export class Surroundings {
  readonly #settings: SurroundingsSettings;
  readonly #source: Lender;
  readonly #escapes: SimulationEscape[] = [];
  readonly #audit: Audit | undefined;
  #lent: VirtualGlobals | undefined;

  constructor(settings: SurroundingsSettings, source: Lender) {
    this.#settings = settings;
    this.#source = source;
    if (settings.audit) this.#audit = new Audit(source.place.world);
    setEscapePolicy(source.place.world, { mode: settings.escapes, escapes: this.#escapes });
  }

  /** Puts everything in place while a body is driven. */
  async around<T>(body: () => Promise<T>): Promise<T> {
    const { globals, escapes, seedCrypto } = this.#settings;
    const restore: (() => void)[] = [];
    if (globals === 'installed' || this.#audit !== undefined) {
      this.#lent ??= lendGlobals({
        ...this.#source,
        seedCrypto,
        virtual: globals === 'installed',
        count: (what) => this.#audit?.count(what),
      });
      restore.push(installGlobals());
    }
    if (escapes !== 'allow') restore.push(guardEscapes());
    this.#audit?.start();
    try {
      return await body();
    } finally {
      this.#audit?.stop();
      for (const undo of restore.reverse()) undo();
    }
  }

  /** The world has ended. */
  end(): void {
    if (this.#lent !== undefined) endGlobals(this.#lent);
    this.#lent = undefined;
  }

  get escapes(): readonly SimulationEscape[] {
    return this.#escapes;
  }

  report(unhandled: readonly Error[]): AuditReport | undefined {
    return this.#audit?.report(this.#escapes, unhandled);
  }
}
