import type { Script } from '../capture/script';
import { parseScript } from '../capture/script-parser';
import type { BytesDefinition } from './bytes-definition';
import type {
  Action,
  Actions,
  Handler,
  HandlerContext,
  ScriptTurn,
  SendModifiers,
} from './mock-model';
import { turnsOfScript } from './script-import';

/** One thing a builder is told to do; more can be said about it. */
export class ActionStep {
  readonly action: Action;

  /** @internal */
  constructor(action: Action) {
    this.action = action;
  }

  /** The same, after a wait. */
  after(wait: NonNullable<Action['wait']>): ActionStep {
    return new ActionStep({ wait, ...this.action });
  }

  /** The same, and then another state. */
  goto(state: string): ActionStep {
    return new ActionStep({ ...this.action, goto: state });
  }
}

/** What may be replied: bytes, an action, or what a function makes of a frame. */
export type Reply =
  | BytesDefinition
  | Action
  | ActionStep
  | ((match: HandlerContext) => ReturnType<Handler>);

/** Sends bytes through the framing. */
export function send(bytes: BytesDefinition, modifiers: SendModifiers = {}): ActionStep {
  return new ActionStep({ send: bytes, ...modifiers });
}

/** The same as {@link send}, where a list of replies reads better so. */
export function reply(bytes: BytesDefinition, modifiers: SendModifiers = {}): ActionStep {
  return send(bytes, modifiers);
}

/** Sends exact bytes, past the framing. */
export function sendRaw(bytes: BytesDefinition, modifiers: SendModifiers = {}): ActionStep {
  return new ActionStep({ raw: bytes, ...modifiers });
}

/** Sends the frame back. */
export function echo(modifiers: SendModifiers = {}): ActionStep {
  return new ActionStep({ echo: true, ...modifiers });
}

/** Waits on the world's clock. */
export function wait(time: NonNullable<Action['wait']>): ActionStep {
  return new ActionStep({ wait: time });
}

/** Ends the connection with FIN; `half` goes on reading. */
export function close(how: 'end' | 'half' = 'end'): ActionStep {
  return new ActionStep({ close: how });
}

/** Ends the connection with RST. */
export function reset(): ActionStep {
  return new ActionStep({ close: 'reset' });
}

/** Starts TLS, with the certificate of the mock or a named one. */
export function startTls(certificate?: string): ActionStep {
  return new ActionStep({ startTls: certificate ?? true });
}

/** Goes to another state. */
export function goto(state: string): ActionStep {
  return new ActionStep({ goto: state });
}

/** Answers nothing, and counts as matched. */
export function silence(): ActionStep {
  return new ActionStep({ silence: true });
}

/** Fails the run. */
export function fail(text: string = 'this frame must not come'): ActionStep {
  return new ActionStep({ fail: text });
}

/** Replies as the data of a file. */
export function actionsOf(replies: readonly Reply[]): Actions {
  const actions = replies.map(actionOf);
  const [only] = actions;
  return only !== undefined && actions.length === 1 ? only : actions;
}

function actionOf(reply: Reply): Action {
  if (reply instanceof ActionStep) return reply.action;
  if (typeof reply === 'function') return { handler: reply };
  if (typeof reply === 'string' || reply instanceof Uint8Array) return { send: reply };
  const forms = ['text', 'line', 'hex', 'base64', 'file', 'random', 'concat', 'fields'];
  const isBytes =
    forms.some((key) => key in reply) ||
    ('repeat' in reply && reply.repeat !== undefined && 'of' in reply.repeat);
  return isBytes ? { send: reply as BytesDefinition } : (reply as Action);
}

/** The turns of a script in text. @throws TcpError `ECONFIG` */
export function scriptOf(text: string): readonly ScriptTurn[] {
  const script: Script = parseScript(text);
  return turnsOfScript(script);
}
