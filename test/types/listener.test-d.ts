/** What the types of a listener accept and refuse. */
import { expectTypeOf } from 'expect-type';
import type { World } from '../../src/network/world';
import {
  type Address,
  type ByteChannel,
  ballerina,
  type Caller,
  type CloseInfo,
  Listener,
  type ListenerConfiguration,
  type Service,
  type StopReport,
  type TcpError,
  waitUntilListening,
} from '../../src/tcp';

declare const world: World;
declare const signal: AbortSignal;
const listener = new Listener(0, { world });

// @ts-expect-error a port is a number
new Listener('7000');

// @ts-expect-error a port is needed; 0 is any free one
new Listener();

// @ts-expect-error a key that does not exist (A9)
new Listener(0, { maxConnection: 5 });

// @ts-expect-error one of a closed list of words
new Listener(0, { onHandlerFailure: 'ignore' });

// @ts-expect-error a connection whose onConnect failed is not kept
new Listener(0, { onConnectFailure: 'keep' });

// @ts-expect-error only clients have a limit of connecting
new Listener(0, { connectTimeout: '1s' });

// @ts-expect-error this version speaks plain TCP only
new Listener(0, { secureSocket: {} });

// Attaching gives the listener back.
expectTypeOf(listener.attach).parameter(0).toEqualTypeOf<Service | Service['onConnect']>();
expectTypeOf(listener.attach(() => undefined, 'name')).toEqualTypeOf<Listener>();
expectTypeOf(listener.detach(() => undefined)).toEqualTypeOf<Listener>();

// Starting and stopping.
expectTypeOf(listener.start({ signal })).toEqualTypeOf<Promise<Address>>();
expectTypeOf(listener.gracefulStop({ timeout: '1s' })).toEqualTypeOf<Promise<StopReport>>();
expectTypeOf(listener.immediateStop()).toEqualTypeOf<Promise<StopReport>>();
expectTypeOf(listener.state).toEqualTypeOf<'idle' | 'listening' | 'stopping' | 'stopped'>();
expectTypeOf(listener[Symbol.asyncDispose]()).toEqualTypeOf<Promise<void>>();

// @ts-expect-error an immediate stop waits for nothing that could be limited
void listener.immediateStop({ timeout: '1s' });

// @ts-expect-error starting has no limit of time
const started: Parameters<Listener['start']>[0] = { timeout: '1s' };
void started;

// Taking connections.
expectTypeOf(listener.accept({ timeout: 5 })).toEqualTypeOf<Promise<Caller>>();
expectTypeOf(listener).toExtend<AsyncIterable<Caller>>();
expectTypeOf<Caller>().toExtend<ByteChannel>();
expectTypeOf<Caller['mode']>().toEqualTypeOf<'push' | 'pull'>();
expectTypeOf<Caller['remoteName']>().toEqualTypeOf<Promise<string | undefined>>();

// The books are read, not written.
expectTypeOf(listener.connections).toEqualTypeOf<ReadonlyMap<string, Caller>>();
// @ts-expect-error connections come and go by themselves
listener.connections.clear();
// @ts-expect-error the port is given to the constructor
listener.port = 7;

// Every event has its own arguments.
listener
  .on('connection', (caller) => expectTypeOf(caller).toEqualTypeOf<Caller>())
  .on('close', (info, caller) => {
    expectTypeOf(info).toEqualTypeOf<CloseInfo>();
    expectTypeOf(caller).toEqualTypeOf<Caller>();
  })
  .on('handlerError', (error, caller) => {
    expectTypeOf(error).toEqualTypeOf<TcpError>();
    expectTypeOf(caller).toEqualTypeOf<Caller>();
  })
  .on('acceptError', (error) => expectTypeOf(error).toEqualTypeOf<TcpError>());

// @ts-expect-error an event that does not exist
listener.on('error', () => undefined);

// @ts-expect-error nobody comes with an acceptError
listener.on('acceptError', (_error: TcpError, _caller: Caller) => undefined);

// The door for those who come from Ballerina.
expectTypeOf(ballerina.listener({ localHost: '::1' })).toEqualTypeOf<ListenerConfiguration>();
// @ts-expect-error a listener of Ballerina has no timeout
ballerina.listener({ timeout: 1 });

expectTypeOf(waitUntilListening(listener)).toEqualTypeOf<Promise<void>>();
// @ts-expect-error a port alone says not where
void waitUntilListening(7000);
