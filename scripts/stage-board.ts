import { cursorTo, moveCursor } from 'node:readline';
import { paint, print } from '../src/cli/print';
import type { StageResult, StageWatcher } from './stage-runner';
import type { Stage } from './stages';

const nameWidth = 20;

/**
 * Shows stages while they run: on a terminal one line each that is drawn again as it moves, else
 * one line when a stage has ended.
 */
export class StageBoard implements StageWatcher {
  readonly #live = process.stdout.isTTY === true;
  readonly #lines = new Map<Stage, { readonly since: number; text: string }>();
  #drawn = 0;

  started(stage: Stage): void {
    this.#lines.set(stage, { since: performance.now(), text: '' });
    this.#draw();
  }

  printed(stage: Stage, text: string): void {
    const line = this.#lines.get(stage);
    if (line === undefined) return;
    line.text = text;
    this.#draw();
  }

  ended(result: StageResult): void {
    this.#lines.delete(result.stage);
    this.#erase();
    print(describeResult(result));
    this.#draw();
  }

  #erase(): void {
    if (!this.#live || this.#drawn === 0) return;
    moveCursor(process.stdout, 0, -this.#drawn);
    cursorTo(process.stdout, 0);
    process.stdout.write('\u001b[0J');
    this.#drawn = 0;
  }

  #draw(): void {
    if (!this.#live) return;
    this.#erase();
    for (const [stage, { since, text }] of this.#lines) {
      const head = `… ${stage.script.padEnd(nameWidth)} ${seconds(performance.now() - since)}`;
      const room = Math.max(0, process.stdout.columns - head.length - 4);
      print(`${paint('cyan', head)}  ${paint('dim', text.slice(0, room))}`);
    }
    this.#drawn = this.#lines.size;
  }
}

/** One row of the table: mark, stage, time, and what it counted. */
export function describeResult({ stage, verdict, ms, totals }: StageResult): string {
  const mark = {
    passed: paint('green', '✓'),
    failed: paint('red', '✗'),
    skipped: paint('yellow', '-'),
  }[verdict];
  const counts = totals === undefined ? '' : `${totals.passed} passed, ${totals.failed} failed`;
  return `${mark} ${stage.script.padEnd(nameWidth)} ${seconds(ms)}  ${counts}`.trimEnd();
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`.padStart(7);
}
