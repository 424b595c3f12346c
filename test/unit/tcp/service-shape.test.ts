/** What `attach`, `onConnect`, `defineService` and `framed` accept (rows G1 to G10, cases 31 to 45). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../../src/base/deferred';
import { TcpError } from '../../../src/base/errors';
import { crlf } from '../../../src/framing/delimiter';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import type { Caller } from '../../../src/tcp/caller';
import { Client } from '../../../src/tcp/client';
import { type FrameHandlers, framed } from '../../../src/tcp/framed';
import { Listener } from '../../../src/tcp/listener';
import {
  type ConnectionService,
  defineConnectionService,
  defineService,
  type Service,
} from '../../../src/tcp/service';
import { waitUntilListening } from '../../../src/tcp/wait-until-listening';
import { EchoService } from '../../support/echo-service';

const nothing = (): void => undefined;
const onConnect = (): void => undefined;
const onBytes = (): void => undefined;

/** What a program without types, or one that casts, hands over. */
const untyped = <T>(value: unknown): T => value as T;

/** The refusal of a shape. */
function refusalOf(check: () => unknown): TcpError {
  try {
    check();
  } catch (error) {
    if (TcpError.is(error)) return error;
    throw error;
  }
  throw new Error('the shape was accepted');
}

const refusedService = (service: unknown): TcpError =>
  refusalOf(() => defineService(untyped<Service>(service)));
const refusedConnectionService = (service: unknown): TcpError =>
  refusalOf(() => defineConnectionService(untyped<ConnectionService>(service)));

// Services

test('attach refuses a service without onConnect at once (D17)', () => {
  const listener = new Listener(0);

  const error = refusalOf(() => listener.attach(untyped<Service>({})));

  assert.equal(error.code, 'ECONFIG');
  assert.equal(error.phase, 'config');
  assert.equal(error.field, 'onConnect');
  assert.equal(error.message, 'Service: onConnect is missing');
  assert.equal(listener.state, 'idle');
});

test('attach refuses what is no object at all (D17)', () => {
  for (const wrong of [null, undefined, 'service', 7, true]) {
    const error = refusalOf(() => new Listener(0).attach(untyped<Service>(wrong)));

    assert.equal(error.code, 'ECONFIG');
    assert.equal(error.field, 'service');
    assert.match(error.message, /^service must be a Service with onConnect, got /);
  }
});

test('attach takes a right service after it has refused a wrong one (D17)', () => {
  const listener = new Listener(0);
  refusalOf(() => listener.attach(untyped<Service>({})));

  assert.equal(listener.attach({ onConnect }), listener);
});

test('attach refuses an extra handler of a service made on the spot (G7, case 31)', () => {
  const error = refusalOf(() =>
    new Listener(0).attach(untyped<Service>({ onConnect, onMessage: nothing })),
  );

  assert.equal(error.code, 'ECONFIG');
  assert.equal(error.field, 'onMessage');
  assert.equal(error.message, 'Service: onMessage is no handler of it, known: onConnect');
  assert.equal(error.compatMessage, 'Function `onMessage` not accepted by the service');
});

test('attach refuses an extra handler of a service that has a name (G7, case 31)', () => {
  const greeter = { onConnect, onConnected: nothing };

  const error = refusalOf(() => new Listener(0).attach(greeter, 'greeter'));

  assert.equal(error.field, 'onConnected');
  assert.match(error.message, /^Service: onConnected is no handler of it.*onConnect/);
});

test('a service is refused for handlers of a connection service, which belong elsewhere (G7)', () => {
  const error = refusedService({ onConnect, onBytes });

  assert.equal(error.field, 'onBytes');
});

// Connection services

test('a connection service without onBytes is refused, with the text of the original (G2, case 32)', () => {
  for (const service of [{}, { onClose: nothing }, { onBytes: undefined }, { bytes: nothing }]) {
    const error = refusedConnectionService(service);

    assert.equal(error.code, 'ECONFIG');
    assert.equal(error.field, 'onBytes');
    assert.equal(error.message, 'ConnectionService: onBytes is missing');
    assert.equal(error.compatMessage, 'Service does not contain `onBytes` function');
  }
});

test('handlers that are no functions are all named in one refusal (G1, case 33)', () => {
  const error = refusedConnectionService({ onBytes: 'echo', onError: null, onClose: [] });

  assert.equal(error.code, 'ECONFIG');
  assert.equal(error.field, 'onBytes');
  assert.equal(
    error.message,
    'ConnectionService: handlers must be functions, but onBytes is of type string, onError is null, onClose is an array',
  );
});

test('one handler that is no function is refused among right ones (G1)', () => {
  const error = refusedConnectionService({ onBytes, onEnd: 1 });

  assert.equal(error.field, 'onEnd');
  assert.match(error.message, /handlers must be functions, but onEnd is of type number$/);
});

test('handlers without parameters are accepted (G4, case 34)', () => {
  const service = { onBytes: () => undefined, onError: () => undefined, onClose: () => undefined };

  assert.equal(defineConnectionService(service), service);
});

test('helpers beside the handlers are accepted (G7, case 38)', () => {
  const service = {
    one: 1,
    on: nothing,
    once: nothing,
    online: true,
    only: nothing,
    reset: nothing,
    onBytes,
    onEnd: nothing,
  };

  assert.equal(defineConnectionService(service), service);
});

test('an object of a class from another file is accepted, with its inherited handlers (G7, case 38)', () => {
  const service = new EchoService();
  class Louder extends EchoService {
    override onBytes(data: Uint8Array): Uint8Array {
      return Buffer.from(Buffer.from(data).toString().toUpperCase());
    }
  }

  assert.equal(defineConnectionService(service), service);
  assert.ok(defineConnectionService(new Louder()) instanceof EchoService);
});

test('an object without a prototype is accepted', () => {
  const service = Object.assign(Object.create(null), { onBytes }) as ConnectionService;

  assert.equal(defineConnectionService(service), service);
});

test('an inherited handler that nobody calls is refused (G7)', () => {
  class Old {
    onBytes(): void {}
    onDisconnect(): void {}
  }
  class New extends Old {}

  assert.equal(refusedConnectionService(new New()).field, 'onDisconnect');
});

test('handlers that are not known are all named in one refusal (G7, case 42)', () => {
  const error = refusedConnectionService({ onBytes, onRequest: nothing, onData: nothing });

  assert.equal(error.code, 'ECONFIG');
  assert.equal(error.field, 'onRequest');
  assert.equal(
    error.message,
    'ConnectionService: onRequest, onData are no handlers of it, known: onBytes, onError, onEnd, onClose',
  );
  assert.equal(error.compatMessage, 'Function `onRequest` not accepted by the service');
});

test('a misspelt handler is refused with the one that was meant (G7)', () => {
  const error = refusedConnectionService({ onByte: nothing });

  assert.equal(error.field, 'onByte');
  assert.match(error.message, /onByte is no handler of it \(did you mean "?onBytes"?\?\)/);
});

test('onBytes and onError with three parameters are refused (G8, case 43)', () => {
  const three = (_data: unknown, _caller: unknown, _more: unknown): void => undefined;

  const bytes = refusedConnectionService({ onBytes: three });
  const error = refusedConnectionService({ onBytes, onError: three });

  assert.equal(bytes.code, 'ECONFIG');
  assert.equal(bytes.field, 'onBytes');
  assert.equal(bytes.message, 'ConnectionService: onBytes takes 3 parameters and gets 2');
  assert.equal(bytes.compatMessage, 'Provided 3 parameters, `onBytes` can have only 2 parameters');
  assert.equal(error.field, 'onError');
  assert.equal(error.compatMessage, 'Provided 3 parameters, `onError` can have only 2 parameters');
});

test('onConnect and onEnd with two parameters are refused (G8)', () => {
  const two = (_caller: unknown, _more: unknown): void => undefined;

  assert.equal(refusedService({ onConnect: two }).field, 'onConnect');
  assert.equal(refusedConnectionService({ onBytes, onEnd: two }).field, 'onEnd');
  assert.equal(refusalOf(() => new Listener(0).attach(untyped<Service>(two))).field, 'onConnect');
});

test('handlers with all their parameters are accepted (G8, G9)', () => {
  const one = (_info: unknown): void => undefined;
  const two = (_data: unknown, _caller: unknown): void => undefined;

  defineService({ onConnect: one });
  defineConnectionService({ onBytes: two, onError: two, onEnd: one, onClose: one });
});

test('onClose with two parameters is refused (G9, case 44)', () => {
  const error = refusedConnectionService({
    onBytes,
    onClose: (_info: unknown, _caller: unknown) => undefined,
  });

  assert.equal(error.code, 'ECONFIG');
  assert.equal(error.field, 'onClose');
  assert.equal(error.message, 'ConnectionService: onClose takes 2 parameters and gets 1');
  assert.equal(
    error.compatMessage,
    'Provided 2 parameters, `onClose` function cannot have any parameters',
  );
});

test('framed checks its handlers in the same way (G1, G2, G7, G8)', () => {
  const refused = (handlers: unknown): TcpError =>
    refusalOf(() => framed(crlf(), untyped<FrameHandlers<Uint8Array>>(handlers)));
  const three = (_frame: unknown, _caller: unknown, _more: unknown): void => undefined;

  assert.equal(refused({}).field, 'onFrame');
  assert.equal(refused({ onFrame: 1 }).field, 'onFrame');
  assert.equal(refused({ onFrame: nothing, onBytes }).field, 'onBytes');
  assert.equal(refused({ onFrame: three }).field, 'onFrame');
});

// Connections

/** What a listener told about one connection that a client has used and closed. */
interface Told {
  readonly errors: readonly TcpError[];
  readonly handlerErrors: readonly TcpError[];
}

/** Lets a client write to a service made on the simulated network, and collects the failures. */
async function served(
  make: (errors: TcpError[], caller: Caller) => unknown,
  talk: (client: Client, world: SimulatedWorld) => Promise<void> = write,
): Promise<Told> {
  return await simulatedWorld().run(async (world) => {
    const errors: TcpError[] = [];
    const handlerErrors: TcpError[] = [];
    const over = deferred<void>();
    const listener = new Listener(0, { world })
      .on('handlerError', (error) => void handlerErrors.push(error))
      .on('close', () => over.resolve())
      .attach((caller) => untyped<ConnectionService>(make(errors, caller)));
    await listener.start();
    const client = await Client.connect(listener.address, { world });
    await talk(client, world);
    await client.close();
    await over.promise;
    await listener.gracefulStop();
    return { errors, handlerErrors };
  });
}

async function write(client: Client, world: SimulatedWorld): Promise<void> {
  await client.writeBytes(Buffer.from('x'));
  await world.settle();
}

test('a wrong shape returned by onConnect closes the connection, with the shape as cause (G2, E3)', async () => {
  const { errors, handlerErrors } = await served(() => ({ onData: nothing }));

  const [error] = handlerErrors;
  const cause = error?.cause;
  assert.deepEqual(errors, []);
  assert.equal(handlerErrors.length, 1);
  assert.equal(error?.code, 'EHANDLER');
  assert.equal(error?.handler, 'onConnect');
  assert.ok(TcpError.is(cause));
  assert.equal(cause.code, 'ECONFIG');
  assert.equal(cause.field, 'onData');
});

test('onConnect that fails by itself is an ordinary failure (E3, case 45)', async () => {
  const { handlerErrors } = await served(() => {
    const missing: { Session?: new () => ConnectionService } = {};
    return new (untyped<{ Session: new () => ConnectionService }>(missing).Session)();
  });

  assert.equal(handlerErrors.length, 1);
  assert.equal(handlerErrors[0]?.code, 'EHANDLER');
  assert.equal(handlerErrors[0]?.handler, 'onConnect');
  assert.ok(handlerErrors[0]?.cause instanceof TypeError);
});

test('a value that onBytes may not return is its failure, whatever it is (G10, case 41)', async () => {
  for (const wrong of ['text', 7, true, [1, 2], {}, new ArrayBuffer(2), Symbol('bytes')]) {
    for (const answer of [wrong, Promise.resolve(wrong)]) {
      const { errors, handlerErrors } = await served((found) => ({
        onBytes: () => answer,
        onError: (error: TcpError) => void found.push(error),
      }));

      assert.equal(errors.length, 1, String(wrong));
      assert.equal(errors[0]?.code, 'EHANDLER');
      assert.equal(errors[0]?.handler, 'onBytes');
      assert.match(errors[0]?.message ?? '', /^onBytes must return a Uint8Array or nothing, got /);
      assert.deepEqual(handlerErrors, errors);
    }
  }
});

test('a value that onError or onClose returns is a failure of each (G10, case 41)', async () => {
  const { errors, handlerErrors } = await served((found) => ({
    onBytes: () => 'text',
    onError: (error: TcpError) => found.push(error),
    onClose: () => 'done',
  }));

  assert.deepEqual(
    errors.map(({ handler }) => handler),
    ['onBytes'],
  );
  assert.deepEqual(handlerErrors.map(({ code, handler }) => `${code} ${handler}`).sort(), [
    'EHANDLER onBytes',
    'EHANDLER onClose',
    'EHANDLER onError',
  ]);
  assert.match(
    handlerErrors.find(({ handler }) => handler === 'onClose')?.message ?? '',
    /^onClose must return nothing, got "done"/,
  );
});

test('null and undefined returned by onBytes write nothing (G10)', async () => {
  for (const answer of [null, undefined]) {
    const { errors, handlerErrors } = await served(
      () => ({ onBytes: () => answer }),
      async (client, world) => {
        await write(client, world);
        await client.end();
        await assert.rejects(client.readBytes(), { code: 'EPEERCLOSED' });
      },
    );

    assert.deepEqual([...errors, ...handlerErrors], []);
  }
});

test('what onBytes does to its data is seen by nobody else (E6, B3, case 8)', async () => {
  const sent = Buffer.from('unchanged');
  const { handlerErrors } = await served(
    () => ({ onBytes: (data: Uint8Array) => void data.fill(0) }),
    async (client, world) => {
      const other = new Listener(0, { world }).attach(() => ({ onBytes: (data) => data }));
      await other.start();
      const second = await Client.connect(other.address, { world });

      await Promise.all([client.writeBytes(sent), second.writeBytes(sent)]);
      const echoed = await second.readBytes(sent.length);

      assert.equal(Buffer.from(echoed).toString(), 'unchanged');
      assert.equal(sent.toString(), 'unchanged');
      await second.close();
      await other.gracefulStop();
    },
  );

  assert.deepEqual(handlerErrors, []);
});

test('what onBytes does to data it has answered with reaches nobody but the peer (E6, case 8)', async () => {
  await served(
    () => {
      let kept: Uint8Array | undefined;
      return {
        onBytes: (data: Uint8Array) => {
          // A chunk that was given before changes nothing that is on its way or comes later.
          kept?.fill(0);
          kept = data;
          return Uint8Array.from(data);
        },
      };
    },
    async (client) => {
      for (const text of ['one', 'two', 'three']) {
        await client.writeBytes(Buffer.from(text));
        assert.equal(Buffer.from(await client.readBytes(text.length)).toString(), text);
      }
    },
  );
});

test('the second parameter of onBytes is the Caller, whatever it is taken for (E5, G3, case 10)', async () => {
  const seen: unknown[] = [];
  const callers: Caller[] = [];
  await served((_, caller) => {
    callers.push(caller);
    return { onBytes: (_data: unknown, encoding: string) => void seen.push(encoding) };
  });

  assert.equal(seen.length, 1);
  assert.equal(seen[0], callers[0]);
});

test('a handler that takes fewer parameters than it gets runs all the same (E5, G4)', async () => {
  let ran = 0;
  await served(() => ({ onBytes: () => void ran++ }));

  assert.equal(ran, 1);
});

test('an object of another library with the same names is no Listener (case 40)', async () => {
  class Foreign {
    readonly state = 'listening';
    readonly port = 7;
    attach(): this {
      return this;
    }
    whenListening(): Promise<void> {
      return Promise.resolve();
    }
  }

  await assert.rejects(waitUntilListening(untyped<Listener>(new Foreign())), {
    code: 'ECONFIG',
    field: 'remoteHost',
  });
});

test('the documented template of a service starts and answers (G6, case 46)', async () => {
  await served(
    () => ({
      onBytes(data: Uint8Array, _caller: Caller): Uint8Array {
        return data;
      },
      onError(_error: TcpError, _caller: Caller): void {},
      onClose(): void {},
    }),
    async (client) => {
      await client.writeBytes(Buffer.from('ping'));
      assert.equal(Buffer.from(await client.readBytes(4)).toString(), 'ping');
    },
  );
});
