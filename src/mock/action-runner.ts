/** Runs actions on a connection, one after the other. */
import type { CaptureValue } from '../base/byte-pattern-result';
import { TcpError } from '../base/errors';
import type { Random } from '../base/random';
import { type Act, type CloseHow, compileActions, type PushTarget } from './actions';
import type { Delivery } from './delivery';
import type { Handler, HandlerContext, Scalar } from './mock-model';
import type { TemplateScope } from './template-scope';

/** What actions act on. */
export interface Stage {
  readonly random: Random;
  /** Whether the connection is over, so that nothing more is to be done. */
  readonly isOver: boolean;
  send(bytes: Uint8Array, raw: boolean, delivery: Delivery | undefined): Promise<void>;
  sleep(ms: number): Promise<void>;
  close(how: CloseHow): Promise<void>;
  /** Stops reading before TLS starts. */
  holdReading(): Promise<void>;
  startTls(certificate: string | undefined): Promise<void>;
  pause(on: boolean): void;
  goto(state: string): void;
  set(name: string, value: Scalar): void;
  notify(name: string): void;
  reached(name: string): Promise<void>;
  push(bytes: Uint8Array, raw: boolean, to: PushTarget): Promise<void>;
  forward(
    frame: Uint8Array,
    to: { readonly host: string; readonly port: number } | undefined,
  ): Promise<void>;
  fail(text: string): void;
}

/** The frame that is answered, and what was caught. */
export interface Moment {
  readonly frame: Uint8Array;
  readonly captures: Readonly<Record<string, CaptureValue>>;
  readonly scope: TemplateScope;
  context(): HandlerContext;
}

/** Runs actions to the end, or until the connection is over. */
export async function runActs(acts: readonly Act[], stage: Stage, moment: Moment): Promise<void> {
  for (const act of acts) {
    if (stage.isOver) return;
    await runAct(act, stage, moment);
  }
}

async function runAct(act: Act, stage: Stage, moment: Moment): Promise<void> {
  switch (act.kind) {
    case 'send':
      return await stage.send(act.source.bytes(moment.scope), act.raw, act.delivery);
    case 'echo':
      return await stage.send(moment.frame, false, act.delivery);
    case 'wait':
      return await stage.sleep(act.time(stage.random));
    case 'set':
      for (const [name, value] of act.values) {
        stage.set(name, typeof value === 'function' ? textOf(value(moment.scope)) : value);
      }
      return;
    case 'push':
      return await stage.push(act.source.bytes(moment.scope), act.raw, act.to);
    case 'forward':
      return await stage.forward(moment.frame, act.to);
    case 'handler':
      return await runHandler(act, stage, moment);
    case 'repeat':
      for (let round = 0; round < act.times; round++) await runActs(act.acts, stage, moment);
      return;
    case 'startTls':
      return await stage.startTls(act.certificate);
    case 'close':
      return await stage.close(act.how);
    default:
      return await runPlain(act, stage);
  }
}

type PlainAct = Extract<Act, { readonly kind: 'goto' | 'pause' | 'notify' | 'await' | 'fail' }>;

async function runPlain(act: PlainAct, stage: Stage): Promise<void> {
  if (act.kind === 'pause') stage.pause(act.on);
  else if (act.kind === 'goto') stage.goto(act.text);
  else if (act.kind === 'notify') stage.notify(act.text);
  else if (act.kind === 'await') await stage.reached(act.text);
  else stage.fail(act.text);
}

async function runHandler(
  act: Extract<Act, { readonly kind: 'handler' }>,
  stage: Stage,
  moment: Moment,
): Promise<void> {
  const answer = await answerOf(act.run, stage, moment);
  if (answer === undefined) return;
  if (answer instanceof Uint8Array) return await stage.send(answer, false, undefined);
  const place = act.place.with(Object.keys(moment.captures));
  const before = place.problems.length;
  const acts = compileActions(answer, place);
  const [problem] = place.problems.splice(before);
  if (problem !== undefined) return stage.fail(`handler answered wrongly: ${problem.message}`);
  await runActs(acts, stage, moment);
}

async function answerOf(
  run: Handler,
  stage: Stage,
  moment: Moment,
): Promise<Awaited<ReturnType<Handler>>> {
  try {
    return await run(moment.context());
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!stage.isOver || !TcpError.is(error)) stage.fail(`handler failed: ${text}`);
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
