import type { CaptureValue } from '../base/byte-pattern-result';
import { asBuffer } from '../base/bytes';
import { printIsoTime } from '../base/iso-time';
import type { TlsInfo } from '../network/tls-info';
import type { Moment } from './action-runner';
import { clientNames, type MockHost } from './mock-host';
import type { MockState } from './mock-state';
import type { Subject } from './subject';
import type { TemplateValue } from './template-scope';

interface Conversation {
  readonly number: number;
  readonly host: MockHost;
  readonly state: MockState;
  readonly kept: Readonly<Record<string, CaptureValue>>;
  readonly caller: {
    readonly id: string;
    readonly remoteHost: string;
    readonly remotePort: number;
  };
}

/** What templates and handlers see while a frame is answered. */
export function momentOf(
  { host, caller, number, kept, state }: Conversation,
  frame: Uint8Array,
  captures: Readonly<Record<string, CaptureValue>>,
): Moment {
  const remote = `${caller.remoteHost}:${caller.remotePort}`;
  const { clock } = host.world;
  const builtIn: Readonly<Record<string, () => TemplateValue>> = {
    'conn.id': () => caller.id,
    'conn.n': () => number,
    'conn.remote': () => remote,
    frame: () => frame,
    now: () => Math.floor(clock.wallTime()),
    iso: () => printIsoTime(clock.wallTime()),
    counter: () => host.nextCount(),
  };
  return {
    frame,
    captures,
    scope: {
      value(name) {
        if (Object.hasOwn(captures, name)) return captures[name];
        if (Object.hasOwn(kept, name)) return kept[name];
        if (state.vars.has(name)) return state.vars.get(name);
        return Object.hasOwn(builtIn, name) ? builtIn[name]?.() : undefined;
      },
      random: (length) => host.random.bytes(length),
    },
    context: () => ({
      bytes: frame,
      text: Buffer.from(frame).toString('utf8'),
      captures: readable({ ...kept, ...captures }),
      state: state.name,
      vars: Object.fromEntries(state.vars),
      connection: { id: caller.id, n: number, remote },
    }),
  };
}

/** A frame of a connection, as predicates see it. */
export function subjectOn(
  on: {
    readonly number: number;
    readonly host: MockHost;
    readonly state: MockState;
    readonly caller: { readonly tls: TlsInfo | undefined };
    moment(frame: Uint8Array, captures: Readonly<Record<string, CaptureValue>>): Moment;
  },
  bytes: Uint8Array,
): Subject {
  const { number, host, state, caller } = on;
  return {
    bytes,
    state: state.name,
    connection: number,
    secured: caller.tls !== undefined,
    clientCert: clientNames(caller.tls),
    context: (captures) => on.moment(bytes, captures).context(),
    regexLimit: { ...host.regexLimit },
  };
}

/** Bytes as buffers, which read as text where a text is made of them. */
function readable(
  captures: Readonly<Record<string, CaptureValue>>,
): Readonly<Record<string, CaptureValue>> {
  return Object.fromEntries(
    Object.entries(captures).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? asBuffer(value) : value,
    ]),
  );
}
