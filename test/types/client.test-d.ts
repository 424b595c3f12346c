/** What the types of a client accept and refuse. */
import { expectTypeOf } from 'expect-type';
import { crlf } from '../../src/framing/delimiter';
import type { World } from '../../src/network/world';
import {
  type Address,
  type BallerinaClientConfiguration,
  type ByteChannel,
  ballerina,
  Client,
  type ClientConfiguration,
  type CloseInfo,
  type CloseReason,
  errorCodes,
  TcpError,
  type TcpErrorCode,
  type TcpPhase,
  waitUntilListening,
} from '../../src/tcp';

declare const client: Client;
declare const address: Address;
declare const world: World;
declare const signal: AbortSignal;

// A client exists only connected.
// @ts-expect-error there is no public constructor
new Client();

expectTypeOf(client).toExtend<ByteChannel>();
expectTypeOf(Client.connect('localhost', 7)).toEqualTypeOf<Promise<Client>>();
expectTypeOf(Client.connect(address)).toEqualTypeOf<Promise<Client>>();
expectTypeOf(Client.connect({ host: 'localhost', port: 7 }, {})).toEqualTypeOf<Promise<Client>>();
expectTypeOf(Client.connect('tcp://localhost:7', { world })).toEqualTypeOf<Promise<Client>>();

// @ts-expect-error a name alone has no port
void Client.connect('localhost');

// @ts-expect-error another scheme
void Client.connect('http://localhost:7');

// @ts-expect-error a port is a number
void Client.connect('localhost', '7');

// @ts-expect-error an address needs a port
void Client.connect({ host: 'localhost' });

// Durations are milliseconds or text; keep-alive also on and off.
const config: ClientConfiguration = {
  timeout: 250,
  writeTimeout: '2s',
  connectTimeout: Number.POSITIVE_INFINITY,
  closeTimeout: 0,
  keepAlive: '30s',
  signal,
  world,
};
expectTypeOf(config).toExtend<ClientConfiguration>();

// @ts-expect-error a key that does not exist (A9)
void Client.connect('localhost', 7, { timeOut: 5 });

// @ts-expect-error a limit is no flag
void Client.connect('localhost', 7, { timeout: true });

void Client.connect('localhost', 7, { secureSocket: {} });

// @ts-expect-error a key of a client needs its certificate
void Client.connect('localhost', 7, { secureSocket: { key: { keyFile: 'k.pem' } } });

// Reading and writing.
expectTypeOf(client.readBytes()).toEqualTypeOf<Promise<Uint8Array>>();
expectTypeOf(client.readBytes(5, { timeout: '1s' })).toEqualTypeOf<Promise<Uint8Array>>();
expectTypeOf(client.readBytes({ signal })).toEqualTypeOf<Promise<Uint8Array>>();
expectTypeOf(client.writeBytes(new ArrayBuffer(1))).toEqualTypeOf<Promise<void>>();
expectTypeOf(client.frames(crlf())).toEqualTypeOf<AsyncIterable<Uint8Array>>();
expectTypeOf(client.closed).toEqualTypeOf<Promise<CloseInfo>>();
expectTypeOf(client[Symbol.asyncDispose]()).toEqualTypeOf<Promise<void>>();
void client.readUntil(Buffer.from('\n'), { maxBytes: 10 });

// @ts-expect-error text has no bytes without an encoding
void client.writeBytes('text');

// @ts-expect-error an array of numbers is no bytes
void client.writeBytes([1, 2]);

// @ts-expect-error only readUntil has a limit of bytes
void client.readBytes({ maxBytes: 10 });

// @ts-expect-error what a connection counts is not set from outside
client.bytesRead = 0;

// @ts-expect-error a connection has one peer
client.remote = address;

// Failures.
expectTypeOf<TcpError['code']>().toEqualTypeOf<TcpErrorCode>();
expectTypeOf<TcpError['phase']>().toEqualTypeOf<TcpPhase>();
expectTypeOf<keyof typeof errorCodes>().toEqualTypeOf<TcpErrorCode>();
expectTypeOf<TcpError['partial']>().toEqualTypeOf<Uint8Array | undefined>();
expectTypeOf(TcpError.is).guards.toEqualTypeOf<TcpError>();
expectTypeOf<CloseInfo['reason']>().toEqualTypeOf<CloseReason>();

// @ts-expect-error a code that is not in the list
new TcpError('no', { code: 'EWRONG', phase: 'read' });

// The door for those who come from Ballerina takes seconds, and gives a configuration of ours.
expectTypeOf(ballerina({ timeout: 0.5 })).toEqualTypeOf<ClientConfiguration>();
expectTypeOf<BallerinaClientConfiguration['timeout']>().toEqualTypeOf<number | undefined>();

// @ts-expect-error text is no number of seconds
ballerina({ timeout: '300s' });

// @ts-expect-error Ballerina has no connect timeout
ballerina({ connectTimeout: 1 });

expectTypeOf(waitUntilListening(address, { timeout: '1s', world })).toEqualTypeOf<Promise<void>>();
void errorCodes;
