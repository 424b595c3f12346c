import { relative } from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';
import { paint, print, showsColour } from '../src/cli/print';

/** The part of an event of node:test that is reported here; the same on Node 20 and 24. */
export interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly file?: string | undefined;
    readonly message?: string;
    readonly skip?: string | boolean | undefined;
    readonly details?: {
      readonly duration_ms: number;
      readonly type?: string | undefined;
      readonly error?: { readonly cause?: unknown; readonly failureType?: string };
    };
  };
}

interface FileResult {
  passed: number;
  failed: number;
  skipped: number;
  durationMs: number;
  /** What the file printed; shown when something in it failed. */
  output: string;
}

interface Failure {
  readonly title: string;
  readonly place: string;
  readonly text: string;
}

/** Reports a run of node:test: one line per file while it runs, failures in full at the end. */
export class TestReport {
  readonly #files: Map<string, FileResult>;
  readonly #all: boolean;
  readonly #failures: Failure[] = [];
  /** Why tests were left out. */
  readonly #reasons = new Set<string>();
  readonly #started = performance.now();
  #open: string | undefined;

  constructor(files: readonly string[], options: { readonly all: boolean }) {
    this.#files = new Map(
      files.map((file) => [file, { passed: 0, failed: 0, skipped: 0, durationMs: 0, output: '' }]),
    );
    this.#all = options.all;
  }

  /** Takes one event of the stream that `run` returns. */
  see({ type, data }: TestEvent): void {
    const file = data.file === undefined ? undefined : this.#files.get(data.file);
    if (file === undefined || data.file === undefined) return;
    if (type === 'test:stdout' || type === 'test:stderr') file.output += data.message ?? '';
    if (type !== 'test:pass' && type !== 'test:fail') return;
    if (this.#open !== undefined && this.#open !== data.file) this.#printFile(this.#open);
    this.#open = data.file;
    if (data.nesting === 0) file.durationMs += data.details?.duration_ms ?? 0;
    const onlyGroups = data.details?.error?.failureType === 'subtestsFailed';
    const wholeFile = type === 'test:pass' && data.name === data.file;
    if (data.details?.type === 'suite' || onlyGroups || wholeFile) return;
    this.#count(file, type, data);
  }

  #count(file: FileResult, type: string, data: TestEvent['data']): void {
    const title = data.name ?? '';
    const place = shortPath(data.file ?? '');
    if (type === 'test:fail') {
      file.failed++;
      this.#failures.push({ title, place, text: describeError(data.details?.error) });
    } else if (data.skip !== undefined && data.skip !== false) {
      file.skipped++;
      if (typeof data.skip === 'string') this.#reasons.add(data.skip);
    } else file.passed++;
    if (!this.#all) return;
    print(`  ${type === 'test:fail' ? paint('red', '✗') : paint('green', '✓')} ${title}`);
  }

  /** Prints failures and totals; `true` when every file ran and nothing failed. */
  finish(): boolean {
    if (this.#open !== undefined) this.#printFile(this.#open);
    for (const [path, file] of this.#files) {
      if (file.passed + file.failed + file.skipped > 0) continue;
      file.failed = 1;
      const text = file.output === '' ? 'it holds no test' : file.output;
      this.#failures.push({ title: 'the file ran no test', place: shortPath(path), text });
    }
    this.#printFailures();
    const files = [...this.#files.values()];
    const sum = (key: 'passed' | 'failed' | 'skipped') =>
      files.reduce((total, file) => total + file[key], 0);
    const seconds = ((performance.now() - this.#started) / 1_000).toFixed(1);
    const skipped = sum('skipped');
    for (const reason of this.#reasons) print(`${paint('yellow', '-')} skipped: ${reason}`);
    print(
      paint(
        'dim',
        `\n${files.length} files, ${seconds} s${skipped > 0 ? `, ${skipped} skipped` : ''}`,
      ),
    );
    const failed = sum('failed');
    print(paint(failed > 0 ? 'red' : 'green', `${sum('passed')} passed, ${failed} failed`));
    return failed === 0;
  }

  #printFile(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    const mark = file.failed > 0 ? paint('red', '✗') : paint('green', '✓');
    const count = [
      `${file.passed + file.failed}`.padStart(4),
      file.failed > 0 ? paint('red', ` ${file.failed} failed`) : '',
      file.skipped > 0 ? paint('yellow', ` ${file.skipped} skipped`) : '',
    ].join('');
    const time = paint('dim', `${Math.round(file.durationMs)} ms`);
    print(`${mark} ${shortPath(path).padEnd(56)} ${count}  ${time}`);
  }

  #printFailures(): void {
    for (const { title, place, text } of this.#failures) {
      print(`\n${paint('red', '✗')} ${paint('bold', title)}\n  ${paint('dim', place)}`);
      print(text.replace(/^/gm, '    '));
    }
    for (const [path, file] of this.#files) {
      if (file.failed === 0 || file.output === '') continue;
      print(`\n${paint('dim', `output of ${shortPath(path)}`)}\n${file.output.trimEnd()}`);
    }
  }
}

/** The message and the place of an error; the assertion's own comparison is part of its message. */
function describeError(error: { readonly cause?: unknown } | undefined): string {
  const cause = error?.cause ?? error;
  if (typeof cause === 'string') return cause;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
  const inner = cause instanceof Error && cause.cause !== undefined ? describeError(cause) : '';
  const own = text
    .split('\n')
    .filter((line) => !/^\s+at .*(node:|ts-node)/.test(line))
    .join('\n');
  const whole = inner === '' || own.includes(inner) ? own : `${own}\ncaused by ${inner}`;
  return showsColour(process.stdout) ? whole : stripVTControlCharacters(whole);
}

function shortPath(path: string): string {
  return relative(process.cwd(), path);
}
