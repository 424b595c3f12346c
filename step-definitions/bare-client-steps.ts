/**
 * Clients without the reader that a scenario's own clients have: the scenario decides when to read.
 * They show what the connector itself promises about pending reads.
 */
import assert from 'node:assert/strict';
import { Client, type ClientConfiguration, TcpError } from '../src/index';
import { addressOf, type Step, type StepWorld } from '../src/steps/index';
import { keepFailure, lastFailure, own, perScenario } from './own';

interface BareClient {
  readonly client: Client;
  /** Reads that were started and not looked at, oldest first. */
  readonly reads: Promise<Uint8Array>[];
  body: Uint8Array;
}

const bareClients = perScenario(() => new Map<string, BareClient>());

export const bareClientSteps: readonly Step[] = [
  own(
    'Given',
    'a bare client {string} connected to the {listener}',
    'a bare client "b" connected to the listener "echo"',
    (world, name, listener) => connect(world, name, addressOf(world, listener)),
  ),
  own(
    'Given',
    'a bare client {string} connected to the {listener} with a read timeout of {duration}',
    'a bare client "b" connected to the listener "silent" with a read timeout of 100 ms',
    (world, name, listener, timeout) =>
      connect(world, name, addressOf(world, listener), { timeout }),
  ),
  own(
    'When',
    'a bare client tries to connect to the {listener} from the local host {string}',
    'a bare client tries to connect to the listener "echo" from the local host "invalid"',
    (world, listener, localHost) => {
      const { host, port } = addressOf(world, listener);
      return keepFailure(world, () =>
        Client.connect(host, port, { localHost, world: world.world }),
      );
    },
  ),
  own(
    'When',
    'a bare client tries to connect under TLS to the {listener}',
    'a bare client tries to connect under TLS to the listener "echo"',
    (world, listener) => {
      const { host, port } = addressOf(world, listener);
      return keepFailure(world, () =>
        Client.connect(`tls://${host}:${port}`, { world: world.world }),
      );
    },
  ),
  own(
    'When',
    'bare client {string} writes {bytes}',
    'bare client "b" writes "hello"',
    (world, name, bytes) => bareClient(world, name).client.writeBytes(bytes),
  ),
  own(
    'When',
    'bare client {string} writes {bytes} one byte at a time',
    'bare client "b" writes "hello" one byte at a time',
    async (world, name, bytes) => {
      for (const byte of bytes)
        await bareClient(world, name).client.writeBytes(Uint8Array.of(byte));
    },
  ),
  own(
    'When',
    'bare client {string} starts to read',
    'bare client "b" starts to read',
    (world, name) => {
      const { client, reads } = bareClient(world, name);
      const read = client.readBytes();
      read.catch(() => undefined);
      reads.push(read);
    },
  ),
  own('When', 'bare client {string} closes', 'bare client "b" closes', (world, name) =>
    bareClient(world, name).client.close(),
  ),
  own(
    'When',
    'bare client {string} reads a header and then as many bytes as its Content-Length says',
    'bare client "b" reads a header and then as many bytes as its Content-Length says',
    async (world, name) => {
      const bare = bareClient(world, name);
      const header = Buffer.from(await bare.client.readUntil(Buffer.from('\r\n\r\n'))).toString();
      const length = Number(/content-length: (\d+)/i.exec(header)?.[1]);
      bare.body = await bare.client.readBytes(length);
    },
  ),
  own(
    'Then',
    'the body of bare client {string} is {bytes}',
    'the body of bare client "b" is "hello"',
    (world, name, bytes) => {
      assert.deepEqual(Buffer.from(bareClient(world, name).body), Buffer.from(bytes));
    },
  ),
  own(
    'Then',
    'bare client {string} reads {bytes}',
    'bare client "b" reads "hello"',
    async (world, name, bytes) => {
      const read = await bareClient(world, name).client.readBytes(bytes.length);
      assert.deepEqual(Buffer.from(read), Buffer.from(bytes));
    },
  ),
  own(
    'Then',
    'bare client {string} reads {int} bytes, the last being {bytes}',
    'bare client "b" reads 8000001 bytes, the last being "a"',
    async (world, name, length, last) => {
      const read = await bareClient(world, name).client.readBytes(length);
      assert.deepEqual(Buffer.from(read.subarray(-last.length)), Buffer.from(last));
    },
  ),
  own(
    'Then',
    'the read of bare client {string} gives {bytes}',
    'the read of bare client "b" gives "one"',
    async (world, name, bytes) => {
      assert.deepEqual(Buffer.from(await nextRead(world, name)), Buffer.from(bytes));
    },
  ),
  own(
    'Then',
    'the read of bare client {string} fails with {word}',
    'the read of bare client "b" fails with ECLOSED',
    async (world, name, code) => {
      await keepFailure(world, async () => {
        const bytes = await nextRead(world, name);
        assert.fail(`the read gave ${bytes.length} bytes`);
      });
      const error = lastFailure(world);
      assert.ok(TcpError.is(error), String(error));
      assert.equal(error.code, code);
    },
  ),
  own(
    'Then',
    'bare client {string} closes without a complaint',
    'bare client "b" closes without a complaint',
    async (world, name) => {
      const { client } = bareClient(world, name);
      await client.close();
      assert.equal((await client.closed).hadError, false);
    },
  ),
];

async function connect(
  world: StepWorld,
  name: string,
  target: { readonly host: string; readonly port: number },
  options: ClientConfiguration = {},
): Promise<void> {
  const label = `bare client "${name}"`;
  const client = await Client.connect(target.host, target.port, {
    world: world.world,
    label,
    ...options,
  });
  bareClients(world).set(name, { client, reads: [], body: new Uint8Array() });
  world.atEnd(() => client.close());
}

function bareClient(world: StepWorld, name: string): BareClient {
  const found = bareClients(world).get(name);
  assert.ok(found !== undefined, `there is no bare client "${name}"`);
  return found;
}

function nextRead(world: StepWorld, name: string): Promise<Uint8Array> {
  const read = bareClient(world, name).reads.shift();
  assert.ok(read !== undefined, `bare client "${name}" has started no read`);
  return read;
}
