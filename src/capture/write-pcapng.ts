import { refusal } from '../base/errors';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import { type PacketOptions, readPacketOptions, refuseOtherKeys } from './capture-options';
import { CapturePipeline } from './capture-pipeline';
import { keyLogLineOf } from './key-log';
import { Redaction } from './redaction';
import { factsOf, type WorldFacts } from './world-facts';

/** How events become a capture in memory. */
export interface PcapngOptions extends PacketOptions, WorldFacts {
  /** Steps of a scenario, each said on the first packet behind it. */
  readonly steps?: readonly ScenarioStep[];
}

/** A step of a scenario, between events. */
export interface ScenarioStep {
  /** Index of the first event behind it. */
  readonly index: number;
  readonly text: string;
}

/**
 * A capture of events in memory, as the bytes of a pcapng file; for tests and attachments.
 *
 * Equal events and options give equal bytes.
 *
 * @param source - a world, whose trace is taken as it is now; or events, in their order, which then
 * need `network` and `epochUs` where they are not `real` and 1970
 * @throws TcpError `ECONFIG` - a wrong option, or no event has its bytes
 * @example
 * const world = simulatedWorld({ trace: 'full' });
 * await world.run(scenario);
 * writeFileSync('run.pcapng', writePcapng(world));
 */
export function writePcapng(
  source: World | Iterable<WireEvent>,
  options: PcapngOptions = {},
): Uint8Array {
  refuseOtherKeys('writePcapng', options, ['network', 'epochUs', 'plan', 'seed', 'steps']);
  const { network, epochUs, plan, seed, steps = [] } = options;
  const own = 'trace' in source ? factsOf(source) : {};
  const facts: WorldFacts = {
    ...own,
    ...(network !== undefined && { network }),
    ...(epochUs !== undefined && { epochUs }),
    ...(plan !== undefined && { plan }),
    ...(seed !== undefined && { seed }),
  };
  const events = [...('trace' in source ? source.trace.events : source)];
  refuseWithoutBytes(events);
  const choices = readPacketOptions(options);
  const { redact } = choices;
  if (redact === true) throw refusal('redact', 'redact must be rules here: events bring none');
  const parts: Uint8Array[] = [];
  const pipeline = new CapturePipeline(
    {
      ...choices,
      facts,
      legs: [{ name: 'wire', description: 'every connection of the world' }],
      redaction: redact === false ? undefined : new Redaction(redact),
      queue: Infinity,
      maxBytes: Infinity,
      whenFull: 'stop',
    },
    { write: (batch) => parts.push(...batch.parts) },
  );
  pipeline.writer.begin();
  if (choices.secrets) addSecrets(pipeline, events, choices.connections);
  let next = 0;
  for (const event of events) {
    for (; (steps[next]?.index ?? Infinity) <= event.index; next++) {
      pipeline.step(event.atUs, steps[next]?.text ?? '');
    }
    pipeline.event(event);
  }
  pipeline.finish(events.at(-1)?.atUs ?? 0);
  return Buffer.concat(parts);
}

/** All lines of the key log stand in front of all packets: readers decrypt in the order of the file. */
function addSecrets(
  { writer }: CapturePipeline,
  events: readonly WireEvent[],
  isWanted: (event: WireEvent) => boolean,
): void {
  const lines = new Set<string>();
  for (const event of events) {
    const line = keyLogLineOf(event);
    if (line !== undefined && isWanted(event)) lines.add(line);
  }
  if (lines.size > 0) writer.secrets('', [...lines]);
}

function refuseWithoutBytes(events: readonly WireEvent[]): void {
  const carried = events.filter(
    ({ kind, length = 0 }) => /^(?:data|write)$/.test(kind) && length > 0,
  );
  if (carried.length === 0 || carried.some(({ bytes }) => bytes !== undefined)) return;
  throw refusal('source', "this trace has no bytes; run with trace: 'full'");
}
