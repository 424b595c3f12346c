import { paint } from '../../src/cli/print';
import type { WireTotals } from './wire-totals';

/** The messages of a Cucumber run that are read here. */
export interface Envelope {
  readonly gherkinDocument?: {
    readonly uri: string;
    readonly feature?: { readonly name: string; readonly description: string };
  };
  readonly pickle?: Pickle;
  readonly testCase?: {
    readonly id: string;
    readonly pickleId: string;
    readonly testSteps: readonly { readonly id: string; readonly pickleStepId?: string }[];
  };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string };
  readonly testStepFinished?: {
    readonly testCaseStartedId: string;
    readonly testStepId: string;
    readonly testStepResult: {
      readonly status: string;
      readonly message?: string;
      readonly duration: { readonly seconds: number; readonly nanos: number };
    };
  };
  readonly attachment?: { readonly mediaType: string; readonly body: string };
  readonly testCaseFinished?: { readonly testCaseStartedId: string };
}

interface Pickle {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly steps: readonly PickleStep[];
}

interface PickleStep {
  readonly id: string;
  readonly text: string;
  /** `Context`, `Action` or `Outcome`. */
  readonly type?: string;
  readonly argument?: {
    readonly docString?: { readonly content: string };
    readonly dataTable?: {
      readonly rows: readonly { readonly cells: readonly { readonly value: string }[] }[];
    };
  };
}

interface Running {
  readonly pickle: Pickle;
  /** Step of the test case → step of the pickle. */
  readonly steps: ReadonlyMap<string, string | undefined>;
  readonly lines: string[];
  verdict: 'passed' | 'failed' | 'skipped';
  ms: number;
  /** Keyword of the step before. */
  keyword: string;
}

const keywords: Readonly<Record<string, string>> = {
  Context: 'Given',
  Action: 'When',
  Outcome: 'Then',
};
const marks: Readonly<Record<string, string>> = { PASSED: '✓', SKIPPED: '-' };

/** Tells a run of Cucumber while it goes on: features, scenarios, steps, and why one failed. */
export class Story {
  readonly totals: WireTotals[] = [];
  readonly verdicts = { passed: 0, failed: 0, skipped: 0 };
  #steps = 0;
  readonly #tell: (text: string) => void;
  readonly #features = new Map<string, { readonly name: string; readonly description: string }>();
  readonly #pickles = new Map<string, Pickle>();
  readonly #cases = new Map<
    string,
    { readonly pickle: Pickle; readonly steps: Running['steps'] }
  >();
  readonly #running = new Map<string, Running>();
  #feature = '';

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** How many steps have run. */
  get steps(): number {
    return this.#steps;
  }

  /** Takes one message. */
  see(envelope: Envelope): void {
    const { gherkinDocument, pickle, testCase, testCaseStarted, attachment } = envelope;
    if (gherkinDocument?.feature !== undefined) {
      this.#features.set(gherkinDocument.uri, gherkinDocument.feature);
    }
    if (pickle !== undefined) this.#pickles.set(pickle.id, pickle);
    if (testCase !== undefined) this.#plan(testCase);
    if (testCaseStarted !== undefined) this.#begin(testCaseStarted);
    if (envelope.testStepFinished !== undefined) this.#step(envelope.testStepFinished);
    if (attachment?.mediaType === 'application/x.brine.wire-totals+json') {
      this.totals.push(JSON.parse(attachment.body));
    }
    if (envelope.testCaseFinished !== undefined) this.#end(envelope.testCaseFinished);
  }

  #plan({ id, pickleId, testSteps }: NonNullable<Envelope['testCase']>): void {
    const pickle = this.#pickles.get(pickleId);
    if (pickle === undefined) return;
    this.#cases.set(id, {
      pickle,
      steps: new Map(testSteps.map((step) => [step.id, step.pickleStepId])),
    });
  }

  #begin({ id, testCaseId }: NonNullable<Envelope['testCaseStarted']>): void {
    const planned = this.#cases.get(testCaseId);
    if (planned === undefined) return;
    this.#running.set(id, { ...planned, lines: [], verdict: 'passed', ms: 0, keyword: '' });
    const { uri } = planned.pickle;
    if (uri === this.#feature) return;
    this.#feature = uri;
    const { name, description } = this.#features.get(uri) ?? { name: uri, description: '' };
    this.#tell(`\n${paint('bold', name)}  ${paint('dim', uri)}`);
    if (description.trim() !== '') this.#tell(paint('dim', description.replace(/^\s*/gm, '  ')));
  }

  #step({
    testCaseStartedId,
    testStepId,
    testStepResult,
  }: NonNullable<Envelope['testStepFinished']>): void {
    const running = this.#running.get(testCaseStartedId);
    if (running === undefined) return;
    const { status, message, duration } = testStepResult;
    running.ms += duration.seconds * 1_000 + duration.nanos / 1e6;
    const bad = status !== 'PASSED' && status !== 'SKIPPED';
    if (bad) running.verdict = 'failed';
    else if (status === 'SKIPPED' && running.verdict === 'passed') running.verdict = 'skipped';
    const stepId = running.steps.get(testStepId);
    const step = running.pickle.steps.find(({ id }) => id === stepId);
    if (step !== undefined) {
      this.#steps++;
      const colour = bad ? 'red' : status === 'PASSED' ? 'green' : 'yellow';
      const keyword = keywords[step.type ?? ''] ?? '*';
      const shown = (keyword === running.keyword ? 'And' : keyword).padEnd(5);
      running.keyword = keyword;
      running.lines.push(
        `${paint(colour, marks[status] ?? '✗')} ${paint('dim', shown)} ${step.text}`,
      );
      running.lines.push(...argumentLines(step).map((line) => paint('dim', `          ${line}`)));
    }
    if (!bad) return;
    const reason = (message ?? status.toLowerCase()).split('\n');
    running.lines.push(...reason.map((line) => paint('red', `    ${line}`)));
  }

  #end({ testCaseStartedId }: NonNullable<Envelope['testCaseFinished']>): void {
    const running = this.#running.get(testCaseStartedId);
    if (running === undefined) return;
    this.#running.delete(testCaseStartedId);
    this.verdicts[running.verdict]++;
    const time = paint(
      'dim',
      `${running.ms < 10 ? running.ms.toFixed(1) : Math.round(running.ms)} ms`,
    );
    const colour = { passed: 'cyan', failed: 'red', skipped: 'yellow' } as const;
    const name = paint(colour[running.verdict], running.pickle.name);
    this.#tell(`\n  ${name}  ${time}`);
    for (const line of running.lines) this.#tell(`    ${line}`);
  }
}

/** What stands below a step: its doc string, or the rows of its table. */
function argumentLines({ argument }: PickleStep): readonly string[] {
  const { docString, dataTable } = argument ?? {};
  if (docString !== undefined) return docString.content.split('\n');
  const rows = dataTable?.rows ?? [];
  return rows.map(({ cells }) => `${cells.map(({ value }) => `| ${value} `).join('')}|`);
}
