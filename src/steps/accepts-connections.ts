import { formatAddress } from '../base/address';
import { formatDuration, toMicroseconds } from '../base/duration';
import { commandFailure } from './command-failures';
import type { EndpointWords } from './endpoint-words';
import type { ScenarioCommand } from './scenario-command';
import type { StepWorld } from './step-world';

/** Between two attempts. */
const pauseMs = 50;
/** A server that was reached may take this long to answer the FIN. */
const farewellMs = 250;

/**
 * Connects again and again until somebody accepts, and closes at once.
 *
 * @throws StepFailure nobody did in time, or the command and all it started have ended
 */
export async function acceptsConnections(
  world: StepWorld,
  command: ScenarioCommand,
  endpoint: EndpointWords,
  limitMs: number = world.settings.timeoutMs,
): Promise<void> {
  const { program } = command;
  const { clock } = world;
  const beganUs = clock.now();
  for (;;) {
    const gone = program.outputEnded && !program.group.alive;
    const leftMs = limitMs - (clock.now() - beganUs) / 1_000;
    const refusal = await attempt(world, command, endpoint, Math.max(leftMs, pauseMs));
    if (refusal === undefined) return;
    const waitedMs = (clock.now() - beganUs) / 1_000;
    if (gone || waitedMs >= limitMs) {
      throw commandFailure(world, command, {
        what: `does not accept connections on ${formatAddress(endpoint)}, last attempt: ${refusal}`,
        waitedMs,
      });
    }
    await clock.sleep(pauseMs);
  }
}

/** Connects once; gives the reason when nobody accepts. */
function attempt(
  world: StepWorld,
  { title }: ScenarioCommand,
  { host, port }: EndpointWords,
  limitMs: number,
): Promise<string | undefined> {
  const label = `probe of ${title}`;
  const connection = world.world.network.connect({ host, port, probe: true, label });
  return new Promise((resolve) => {
    let result: string | undefined = `no answer within ${formatDuration(Math.round(limitMs))}`;
    const timer = world.clock.after(toMicroseconds(limitMs), () => connection.destroy(), label);
    connection.on('error', (error: NodeJS.ErrnoException) => {
      result = error.code ?? error.message;
    });
    connection.on('connect', () => {
      result = undefined;
      timer.restart(toMicroseconds(farewellMs));
      // What a server sends first is read, or closing would be a reset that may upset it.
      connection.resume().end();
    });
    connection.on('close', () => {
      timer.cancel();
      resolve(result);
    });
  });
}
