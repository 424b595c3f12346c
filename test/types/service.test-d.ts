/** What the types of a service accept and refuse (rows G3 to G6, cases 35 to 39 and 46). */
import { expectTypeOf } from 'expect-type';
import { crlf } from '../../src/framing/delimiter';
import { resp } from '../../src/framing/resp';
import {
  type Awaitable,
  type Caller,
  type CloseInfo,
  type ConnectionService,
  defineConnectionService,
  defineService,
  type FrameHandlers,
  framed,
  type Listener,
  type Service,
  type TcpError,
} from '../../src/tcp';

declare const listener: Listener;
const onBytes = (): void => undefined;

// The documented template of a service (G6, case 46).
listener.attach({
  onConnect(_caller) {
    return {
      onBytes(data, _caller) {
        return data;
      },
      onError(_error, _caller) {},
      onEnd(_caller) {},
      onClose(_info) {},
    };
  },
});

// A service may be the function alone, may answer later, and may leave the reading to others.
listener.attach(() => ({ onBytes: (data) => data }));
listener.attach(async () => ({ onBytes: async (data) => data }));
listener.attach({ onConnect: () => undefined });
listener.attach(async (caller) => {
  expectTypeOf(caller).toEqualTypeOf<Caller>();
});

// The parameters have their types without being written.
listener.attach((caller) => ({
  onBytes(data, sameCaller) {
    expectTypeOf(data).toEqualTypeOf<Uint8Array>();
    expectTypeOf(sameCaller).toEqualTypeOf<Caller>();
    expectTypeOf(caller).toEqualTypeOf(sameCaller);
  },
  onError: (error) => void expectTypeOf(error).toEqualTypeOf<TcpError>(),
  onClose: (info) => void expectTypeOf(info).toEqualTypeOf<CloseInfo>(),
}));

// @ts-expect-error a service must have onConnect (D17)
listener.attach({});

// @ts-expect-error a handler that nobody calls (G7, case 31)
listener.attach({ onConnect: () => undefined, onMessage: () => undefined });

// @ts-expect-error onBytes gets bytes, not one number (G3, case 35)
defineConnectionService({ onBytes: (_data: number) => undefined });

// @ts-expect-error onBytes gets a Uint8Array, not an array of numbers (G5, case 37)
defineConnectionService({ onBytes: (_data: number[]) => undefined });

// @ts-expect-error the second parameter is the Caller (G5)
defineConnectionService({ onBytes: (_data: Uint8Array, _name: string) => undefined });

// @ts-expect-error onError gets a TcpError, not unrelated data (G5, case 36)
defineConnectionService({ onBytes, onError: (_error: { readonly weight: number }) => undefined });

// @ts-expect-error onBytes must be there (G2)
defineConnectionService({ onClose: () => undefined });

// @ts-expect-error text is no answer: it has no bytes without an encoding (G10)
defineConnectionService({ onBytes: () => 'text' });

// @ts-expect-error an answer that comes later must be bytes too (G10)
defineConnectionService({ onBytes: async () => [1, 2, 3] });

// @ts-expect-error three parameters are one too many (G8)
defineConnectionService({ onBytes: (_data: Uint8Array, _caller: Caller, _more: number) => {} });

// @ts-expect-error onClose gets the CloseInfo alone (G9)
defineConnectionService({ onBytes, onClose: (_info: CloseInfo, _caller: Caller) => undefined });

// Handlers may be typed through an alias of ours (G5, case 39).
type Bytes = Uint8Array;
type Failure = TcpError;
type Peer = Caller;
const aliased = defineConnectionService({
  onBytes: (data: Bytes, _peer: Peer): Bytes => data,
  onError: (_failure: Failure, _peer: Peer): void => undefined,
});
expectTypeOf(aliased).toExtend<ConnectionService>();

// @ts-expect-error an alias of a number is a number (G5, case 39)
defineConnectionService({ onBytes, onError: (_code: Code) => undefined });
type Code = number;

// What is defined keeps its own type, so that helpers stay reachable.
const counting = defineConnectionService({ count: 0, onBytes() {} });
expectTypeOf(counting.count).toEqualTypeOf<number>();
const greeter = defineService({ greeting: 'hello', onConnect: () => undefined });
expectTypeOf(greeter.greeting).toEqualTypeOf<string>();
expectTypeOf(greeter).toExtend<Service>();

// A framed service has the type of the messages of its framer.
expectTypeOf(framed(crlf(), { onFrame: (line) => line })).toEqualTypeOf<ConnectionService>();
framed(crlf(), {
  onFrame(line, caller) {
    expectTypeOf(line).toEqualTypeOf<Uint8Array>();
    expectTypeOf(caller).toEqualTypeOf<Caller>();
  },
});
framed(resp(), { onFrame: (value) => void expectTypeOf(value).not.toBeAny() });

// @ts-expect-error a message of this framer is bytes, not text
framed(crlf(), { onFrame: () => 'line' });

// @ts-expect-error onFrame stands in the place of onBytes
framed(crlf(), { onFrame: () => undefined, onBytes: () => undefined });

expectTypeOf<FrameHandlers<number>['onFrame']>().parameters.toEqualTypeOf<[number, Caller]>();
expectTypeOf<ConnectionService['onBytes']>().returns.toEqualTypeOf<
  // biome-ignore lint/suspicious/noConfusingVoidType: as the contract has it
  Awaitable<Uint8Array | void>
>();
