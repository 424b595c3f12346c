import { clearLine, cursorTo } from 'node:readline';
import type { Progress } from '../property/campaign-options';

const width = 16;

/** One line on a terminal that says how far a campaign is; nothing elsewhere. */
export class FuzzProgress {
  readonly #title: string;
  readonly #stream: NodeJS.WriteStream;

  constructor(title: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#title = title;
    this.#stream = stream;
  }

  show(progress: Progress): void {
    if (this.#stream.isTTY !== true) return;
    cursorTo(this.#stream, 0);
    this.#stream.write(describeProgress(this.#title, progress));
    clearLine(this.#stream, 1);
  }

  hide(): void {
    if (this.#stream.isTTY !== true) return;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }
}

/** `P3 echo  ████████░░░░░░░░  50 %  300 runs  612/s  298 different`. */
export function describeProgress(title: string, progress: Progress): string {
  const { property, runs, share, runsPerSecond, traces, shrinking } = progress;
  const full = Math.round(share * width);
  const bar = '█'.repeat(full) + '░'.repeat(width - full);
  const parts = [
    `${property} ${title}`,
    bar,
    `${Math.round(share * 100)} %`,
    `${runs} runs`,
    `${Math.round(runsPerSecond)}/s`,
    ...(traces > 0 ? [`${traces} different`] : []),
    ...(shrinking === undefined ? [] : [`making it smaller: step ${shrinking.steps}`]),
  ];
  return parts.join('  ');
}
