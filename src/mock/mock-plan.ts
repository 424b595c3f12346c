import { resolve } from 'node:path';
import { readDuration } from '../base/duration';
import type { FaultSettings } from '../faults/fault-reader';
import type { Framer } from '../framing/framer';
import { type Act, compileActions } from './actions';
import { Compiling, throwProblems } from './compiling';
import { compileFaults } from './mock-faults';
import type { MockDefinition, MockMode, RepeatedActions, Scalar } from './mock-model';
import {
  isStream,
  type Limits,
  readFraming,
  readLimits,
  readListen,
  readUpstream,
} from './mock-settings';
import { compileTls, type TlsPlan } from './mock-tls';
import { compileRedactor, type Redactor } from './redactor';
import type { ReplayDefinition } from './replay-definition';
import { compileRules, type Rule } from './rules';
import { compileScript, type Turn } from './script-turns';
import { templateNames } from './template-names';

/** A mock, compiled: everything is read, nothing runs yet. */
export interface MockPlan {
  readonly definition: MockDefinition;
  readonly folder: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly framer: Framer;
  /** Whether there is no framing: scripts match on the stream. */
  readonly isStream: boolean;
  readonly mode: MockMode;
  readonly state: {
    readonly initial: string;
    readonly scope: 'connection' | 'mock';
    readonly vars: Readonly<Record<string, Scalar>>;
  };
  readonly onConnect: readonly Act[];
  readonly script: readonly Turn[];
  readonly rules: readonly Rule[];
  readonly unmatched: readonly Act[] | undefined;
  readonly onClose: readonly Act[];
  readonly every: readonly Repeated[];
  readonly upstream: { readonly host: string; readonly port: number } | undefined;
  readonly limits: Limits;
  readonly tls: TlsPlan | undefined;
  readonly faults: readonly FaultSettings[];
  /** Path of the pcapng file that its connections go into. */
  readonly capture: string | undefined;
  readonly redact: Redactor;
}

/** Whether anything of a mock answers frames; one that only greets leaves them to whoever takes them. */
export function answersFrames({ script, rules, unmatched }: MockPlan): boolean {
  return script.length + rules.length > 0 || unmatched !== undefined;
}

/** Actions that repeat. */
export interface Repeated {
  readonly intervalMs: number;
  readonly acts: readonly Act[];
  readonly scope: 'connection' | 'mock';
}

/** Where a definition stands. */
export interface PlanOptions {
  /** Relative files are below it; default: the working folder. */
  readonly folder?: string;
  /** Path of the definition for messages; default: the name of the mock. */
  readonly path?: string;
}

/**
 * Compiles a mock.
 *
 * @throws TcpError `ECONFIG` - every mistake, one a line, each with its path
 */
export function planMock(definition: MockDefinition, options: PlanOptions = {}): MockPlan {
  const place = new Compiling(options.path ?? definition.name, options.folder ?? process.cwd());
  const plan = compileMock(definition, place);
  throwProblems(place.problems);
  return plan;
}

/** As {@link planMock}, but what is wrong is kept in `place.problems`. */
export function compileMock(definition: MockDefinition, root: Compiling): MockPlan {
  const place = root.with(templateNames(definition));
  const { state = {}, unmatched, every = [] } = definition;
  const limits = readLimits(definition.limits ?? {}, place.at('limits'));
  return {
    definition,
    folder: place.folder,
    name: definition.name,
    ...readListen(definition.listen, place.at('listen')),
    framer: readFraming(definition, limits.frame, place.at('framing')),
    isStream: isStream(definition.framing),
    mode: definition.mode ?? 'strict',
    state: {
      initial: state.initial ?? 'start',
      scope: state.scope ?? 'connection',
      vars: state.vars ?? {},
    },
    onConnect: compileActions(definition.onConnect, place.at('onConnect')),
    script: compileScript(definition.script ?? [], place.at('script'), paceOf(definition.replay)),
    rules: compileRules(definition.rules ?? [], place.at('rules')),
    unmatched:
      unmatched === undefined ? undefined : compileActions(unmatched, place.at('unmatched')),
    onClose: compileActions(definition.onClose, place.at('onClose')),
    every: every.map((one, index) => compileRepeated(one, place.at('every').at(index))),
    upstream: readUpstream(definition.upstream, place.at('upstream')),
    limits,
    tls: compileTls(definition.tls, place.at('tls'), definition.capture !== undefined),
    faults: compileFaults(definition.faults ?? [], place.at('faults')),
    capture:
      definition.capture === undefined ? undefined : resolve(place.folder, definition.capture),
    redact: compileRedactor(definition.redact ?? [], place.at('redact')),
  };
}

/** What the waits of a script's turns are multiplied with. */
function paceOf({ timing, scale }: ReplayDefinition = {}): number {
  if (timing === 'none') return 0;
  return timing === 'recorded' ? 1 : (scale ?? 1);
}

function compileRepeated(one: RepeatedActions, place: Compiling): Repeated {
  const interval = place.at('interval');
  return {
    intervalMs: interval.attempt(
      () => Math.max(0.001, readDuration(interval.path, one.interval)),
      1,
    ),
    acts: compileActions(one.do, place.at('do')),
    scope: one.scope ?? 'connection',
  };
}
