/** Listeners with services of our own. */
import { chatService } from '../examples/chat/chat-service';
import { httpService } from '../examples/http-over-tcp/http-service';
import type { Caller, Service } from '../src/index';
import { type Step, type StepWorld, serveListener, type ValuesOf } from '../src/steps/index';
import { answering, observations } from './observations';
import { own } from './own';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export const serviceSteps: readonly Step[] = [
  serving(
    'a listener {string} that echoes through its caller',
    'a listener "echo" that echoes through its caller',
    (world) => answering(world, (caller) => (data) => caller.writeBytes(data)),
  ),
  serving(
    'a listener {string} that closes every connection at once',
    'a listener "rude" that closes every connection at once',
    () => ({
      onConnect: (caller: Caller) => caller.close(),
    }),
  ),
  serving(
    'a listener {string} that answers anything with {bytes}',
    'a listener "greeter" that answers anything with "Hello"',
    (world, answer) => answering(world, () => () => answer),
  ),
  serving(
    'a listener {string} that answers anything with {bytes} after {duration}',
    'a listener "slow" that answers anything with "done" after 30 ms',
    (world, answer, delay) =>
      answering(world, () => async () => {
        await world.clock.sleep(delay);
        return answer;
      }),
  ),
  serving(
    'a listener {string} that answers anything with {int} bytes, the last being {bytes}',
    'a listener "large" that answers anything with 8000001 bytes, the last being "a"',
    (world, length, last) => answering(world, () => () => largeAnswer(length, last)),
  ),
  serving(
    'a listener {string} that answers anything with {int} bytes and then {bytes} twice',
    'a listener "large" that answers anything with 8388608 bytes and then "tail" twice',
    (world, length, tail) =>
      answering(world, (caller) => () => {
        for (const piece of [largeAnswer(length, Buffer.of(0x78)), tail, tail]) {
          caller.writeBytes(piece).catch(() => undefined);
        }
      }),
  ),
  serving(
    'a listener {string} that answers with all it has received on that connection',
    'a listener "names" that answers with all it has received on that connection',
    (world) =>
      answering(world, () => {
        const received: Uint8Array[] = [];
        return (data) => {
          received.push(data);
          return Buffer.concat(received);
        };
      }),
  ),
  serving(
    'a listener {string} that echoes until it is told {bytes}',
    'a listener "echo" that echoes until it is told "close me"',
    (world, word) =>
      answering(world, (caller) => (data) => {
        if (text(data) !== text(word)) return data;
        return caller.close();
      }),
  ),
  serving(
    'a listener {string} whose onBytes throws {string}',
    'a listener "broken" whose onBytes throws "no idea"',
    (world, words) =>
      answering(world, () => () => {
        throw new Error(words);
      }),
  ),
  serving(
    'a listener {string} whose onConnect throws {string}',
    'a listener "broken" whose onConnect throws "not today"',
    (_world, words) => ({
      onConnect: () => {
        throw new Error(words);
      },
    }),
  ),
  serving(
    'a listener {string} whose onBytes takes a different time for every chunk',
    'a listener "numbered" whose onBytes takes a different time for every chunk',
    (world) =>
      answering(world, () => async (data) => {
        const seen = observations(world);
        seen.running += 1;
        seen.mostRunning = Math.max(seen.mostRunning, seen.running);
        await world.clock.sleep(world.random.below(3));
        seen.running -= 1;
        return data;
      }),
  ),
  serving(
    'an HTTP-over-TCP listener {string}',
    'an HTTP-over-TCP listener "web"',
    () => httpService,
  ),
  serving('a chat listener {string}', 'a chat listener "room"', chatService),
  own(
    'Given',
    'a listener {string} on {port} that answers anything with {bytes}',
    'a listener "greeter" on the free port "greeter" that answers anything with "Hello"',
    (world, name, port, answer) =>
      serve(
        world,
        name,
        answering(world, () => () => answer),
        { port },
      ),
  ),
  own(
    'Given',
    'a listener {string} with an idle timeout of {duration}',
    'a listener "bored" with an idle timeout of 30 ms',
    (world, name, idleTimeout) =>
      serve(
        world,
        name,
        answering(world, () => () => undefined),
        { idleTimeout },
      ),
  ),
];

/** All but the first. */
type Tail<T extends readonly unknown[]> = T extends [unknown, ...infer Rest] ? Rest : [];

/** A step that starts a listener under a name, with the service that the other words describe. */
function serving<const Expression extends string>(
  expression: Expression,
  example: string,
  service: (world: StepWorld, ...rest: Tail<ValuesOf<Expression>>) => Service,
): Step {
  return own('Given', expression, example, (world, ...values) => {
    const [name, ...rest] = values as unknown as [string, ...Tail<ValuesOf<Expression>>];
    return serve(world, name, service(world, ...(rest as Tail<ValuesOf<Expression>>)));
  });
}

async function serve(
  world: StepWorld,
  name: string,
  service: Service,
  options: { idleTimeout?: number; port?: number } = {},
): Promise<void> {
  const seen = observations(world);
  const scenarioListener = await serveListener(world, name, service, options);
  scenarioListener.listener.on('handlerError', (error) => seen.tell('handlerErrors', error));
}

function largeAnswer(length: number, last: Uint8Array): Uint8Array {
  const answer = Buffer.alloc(length, 'x');
  answer.set(last, length - last.length);
  return answer;
}
