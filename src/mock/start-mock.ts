import type { World } from '../network/world';
import type { Caller } from '../tcp/caller';
import { Listener } from '../tcp/listener';
import { captureMock } from './mock-capture';
import type { MockCertificates } from './mock-certificates';
import type { MockDefinition } from './mock-model';
import { type MockPlan, type PlanOptions, planMock } from './mock-plan';
import { MockRuntime } from './mock-runtime';
import { MockServer } from './mock-server';
import type { MockTls } from './mock-tls';

/** How a mock is started. */
export interface MockOptions extends PlanOptions {
  /** Default: the real world of this process. */
  readonly world?: World;
  /** Certificates by name, for `startTls: name`; a function is asked when one is needed. */
  readonly certificates?: MockCertificates;
  /** TLS as code has it, over what the definition says. */
  readonly tls?: MockTls;
}

/**
 * Starts a mock.
 *
 * @returns when it listens
 * @throws TcpError `ECONFIG` - the definition is wrong, every mistake on a line of its own
 * @throws TcpError `ECAPTUREFILE` - its capture cannot be written
 * @throws TcpError `EADDRINUSE`, `EADDRNOTAVAIL`, `ESYSTEM` - it could not bind
 */
export async function startMock(
  definition: MockDefinition,
  options: MockOptions = {},
): Promise<MockServer> {
  const runtime = new MockRuntime(planMock(definition, options), options);
  return await listen(runtime);
}

/** Starts a compiled mock. @internal */
export async function startPlan(plan: MockPlan, options: MockOptions = {}): Promise<MockServer> {
  return await listen(new MockRuntime(plan, options));
}

async function listen(runtime: MockRuntime): Promise<MockServer> {
  const { plan, world } = runtime;
  const secureSocket = plan.tls?.mode === 'implicit' ? await runtime.tlsFor(undefined) : undefined;
  const listener = new Listener(plan.port, {
    world,
    localHost: plan.host,
    label: `mock "${plan.name}"`,
    allowHalfOpen: true,
    timeout: 0,
    ...(secureSocket === undefined ? {} : { secureSocket }),
  });
  listener.attach({ onConnect: (caller: Caller) => runtime.serve(caller) });
  listener.on('handshakeError', (error) => runtime.noteHandshake(error));
  const address = await listener.start();
  try {
    runtime.capture = await captureMock(plan, world, address.port);
  } catch (error) {
    await listener.immediateStop();
    throw error;
  }
  runtime.begin();
  return new MockServer(runtime, listener, address);
}
