/**
 * Actions, compiled: what a mock does, in order.
 *
 * `action-runner.ts` runs them on a connection.
 */
import { suggestion } from '../base/closest-word';
import { readHostPort } from '../base/option-reader';
import { compileBytes } from './bytes-source';
import type { Compiling } from './compiling';
import { type Delivery, readDelivery } from './delivery';
import { handlerOf } from './handler-files';
import type { Action, Actions, Handler, Scalar } from './mock-model';
import { compileTemplate, type Template } from './template';
import type { BytesSource } from './template-scope';
import { readWait, type WaitTime } from './wait-time';

/** One thing to do. */
export type Act =
  | {
      readonly kind: 'send';
      readonly raw: boolean;
      readonly source: BytesSource;
      readonly delivery: Delivery;
    }
  | { readonly kind: 'echo'; readonly delivery: Delivery }
  | { readonly kind: 'wait'; readonly time: WaitTime }
  | { readonly kind: 'set'; readonly values: readonly (readonly [string, Scalar | Template])[] }
  | { readonly kind: 'goto' | 'notify' | 'await' | 'fail'; readonly text: string }
  | { readonly kind: 'startTls'; readonly certificate?: string }
  | { readonly kind: 'pause'; readonly on: boolean }
  | { readonly kind: 'close'; readonly how: CloseHow }
  | { readonly kind: 'handler'; readonly run: Handler; readonly place: Compiling }
  | {
      readonly kind: 'push';
      readonly raw: boolean;
      readonly source: BytesSource;
      readonly to: PushTarget;
    }
  | {
      readonly kind: 'forward';
      readonly to: { readonly host: string; readonly port: number } | undefined;
    }
  | { readonly kind: 'repeat'; readonly times: number; readonly acts: readonly Act[] };

/** How a mock ends a connection: FIN both ways, FIN one way, RST. */
export type CloseHow = 'end' | 'half' | 'reset';

/** Who gets pushed bytes, seen from the connection that pushes. */
export type PushTarget = 'all' | 'others' | 'self';

/** Compiles actions. What is wrong with them is kept in `place.problems`. */
export function compileActions(actions: Actions | undefined, place: Compiling): readonly Act[] {
  if (actions === undefined) return [];
  if (typeof actions === 'string')
    return place.attempt(() => compileAction({ send: actions }, place), []);
  if (!isList(actions)) return compileAction(actions, place);
  return actions.flatMap((action, index) => {
    const own = place.at(index);
    return typeof action === 'string'
      ? own.attempt(() => compileAction({ send: action }, own), [])
      : compileAction(action, own);
  });
}

/** Whether one of the actions starts TLS, so that nothing may be read behind its trigger. */
export function startsTls(acts: readonly Act[]): boolean {
  return acts.some(
    (act) => act.kind === 'startTls' || (act.kind === 'repeat' && startsTls(act.acts)),
  );
}

function isList(
  actions: Action | readonly (string | Action)[],
): actions is readonly (string | Action)[] {
  return Array.isArray(actions);
}

type Key = keyof Action;
type KeyCompiler = (action: Action, place: Compiling) => Act | undefined;

/** The keys in the order in which they run. */
const keys: readonly (readonly [Key, KeyCompiler])[] = [
  ['set', ({ set = {} }, place) => ({ kind: 'set', values: compileValues(set, place) })],
  ['wait', ({ wait = 0 }, place) => ({ kind: 'wait', time: readWait(wait, place.path) })],
  ['send', (action, place) => sendAct(action, false, place)],
  ['raw', (action, place) => sendAct(action, true, place)],
  ['echo', (action, place) => ({ kind: 'echo', delivery: readDelivery(action, place) })],
  [
    'push',
    ({ push }, place) =>
      push && {
        kind: 'push',
        raw: push.raw ?? false,
        to: push.to,
        source: compileBytes(push.send, place.at('send')),
      },
  ],
  [
    'forward',
    ({ forward = 'upstream' }, place) => ({
      kind: 'forward',
      to: forward === 'upstream' ? undefined : readHostPort(place.path, forward),
    }),
  ],
  [
    'handler',
    ({ handler = '' }, place) => ({ kind: 'handler', run: handlerOf(handler, place), place }),
  ],
  [
    'repeat',
    ({ repeat }, place) =>
      repeat && {
        kind: 'repeat',
        times: repeat.times,
        acts: compileActions(repeat.do, place.at('do')),
      },
  ],
  [
    'startTls',
    ({ startTls }) =>
      typeof startTls === 'string'
        ? { kind: 'startTls', certificate: startTls }
        : { kind: 'startTls' },
  ],
  ['goto', ({ goto = '' }) => ({ kind: 'goto', text: goto })],
  ['pause', ({ pause = true }) => ({ kind: 'pause', on: pause })],
  ['notify', ({ notify = '' }) => ({ kind: 'notify', text: notify })],
  ['await', ({ await: name = '' }) => ({ kind: 'await', text: name })],
  ['close', ({ close = true }) => ({ kind: 'close', how: close === true ? 'end' : close })],
  ['fail', ({ fail = '' }) => ({ kind: 'fail', text: fail })],
];

/** Keys that say how another one is done, or that nothing is. */
const otherKeys = ['chunks', 'every', 'rate', 'truncate', 'flip', 'silence'];
const knownKeys: readonly string[] = [...keys.map(([key]) => key), ...otherKeys];

function compileAction(action: Action, place: Compiling): readonly Act[] {
  for (const key of Object.keys(action)) {
    if (knownKeys.includes(key)) continue;
    place.problem(`unknown property "${key}"${suggestion(key, knownKeys)}`);
  }
  return keys.flatMap(([key, compile]) => {
    if (action[key] === undefined) return [];
    const own = place.at(key);
    const act = own.attempt(() => compile(action, own), undefined);
    return act === undefined ? [] : [act];
  });
}

function sendAct(action: Action, raw: boolean, place: Compiling): Act {
  const source = compileBytes((raw ? action.raw : action.send) ?? '', place);
  return { kind: 'send', raw, source, delivery: readDelivery(action, place) };
}

/** Text values are templates. */
function compileValues(
  set: NonNullable<Action['set']>,
  place: Compiling,
): readonly (readonly [string, Scalar | Template])[] {
  return Object.entries(set).map(([name, value]) =>
    typeof value === 'string' && value.includes('${')
      ? [name, compileTemplate(value, 'text', place.names)]
      : [name, value],
  );
}
