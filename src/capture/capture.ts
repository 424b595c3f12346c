/**
 * Captures: what is on the wire of a world, streamed into a pcapng file while it happens.
 *
 * `recorder.ts` takes events from the trace, `capture-pipeline.ts` makes blocks of them,
 * `capture-output.ts` writes those. Nothing here taps a socket: the trace is the one source.
 *
 * @source docs/captures.md#recording
 */
import { refusal } from '../base/errors';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import { fileError } from './capture-errors';
import { type CaptureOptions, type CaptureSettings, readCaptureOptions } from './capture-options';
import { CaptureOutput } from './capture-output';
import { CapturePipeline } from './capture-pipeline';
import { HandshakeHold } from './handshake-hold';
import type { RedactionRule } from './mask-rule';
import type { CaptureLeg } from './pcapng-writer';
import { Recorder } from './recorder';
import { Redaction } from './redaction';
import { type Capture, RunningCapture } from './running-capture';
import { factsOf } from './world-facts';

/** What can be captured beside a whole world: a part of one that knows which connections are its own. */
export interface CaptureSource {
  readonly world: World;
  /** Names its interface. */
  readonly label: string;
  /** Whether an event is one of its own; default all are. */
  readonly owns?: (event: WireEvent) => boolean;
  /** Several interfaces instead of one. */
  readonly legs?: readonly CaptureLeg[];
  /** The place in `legs` of a connection, by the id of an end. */
  readonly legOf?: (connection: string) => number;
  /** What is to be hidden in everything that is printed of it. */
  readonly redaction?: readonly RedactionRule[];
}

/**
 * Captures everything on the wire of a world from now on.
 *
 * It never changes or fails the traffic: when the file cannot be written it stops, says so in the
 * trace, and `close` rejects. The scope that is current owns it and closes it before connections.
 *
 * @param path - missing folders are made
 * @throws TcpError `ECAPTUREFILE` - the file exists or cannot be opened
 * @throws TcpError `ECONFIG` - a wrong option
 * @example
 * await using run = await capture(world, 'out/run.pcapng');
 */
export async function capture(
  source: World | CaptureSource,
  path: string,
  options: CaptureOptions = {},
): Promise<Capture> {
  const settings = readCaptureOptions(options);
  const part: CaptureSource =
    'world' in source ? source : { world: source, label: 'wire', legs: [wholeWorld] };
  // Rules are refused before a file is made.
  redactionOf(part, settings, () => undefined);
  const running = await begin(part, path, settings);
  await running.start();
  return running;
}

const wholeWorld: CaptureLeg = { name: 'wire', description: 'every connection of the world' };

/** Puts the parts of a capture together, and opens its first file. */
async function begin(
  source: CaptureSource,
  path: string,
  settings: CaptureSettings,
): Promise<RunningCapture> {
  const { world, label, legs = [{ name: label, description: '' }], owns, legOf } = source;
  const warnings = new Set<string>();
  const wants = (event: WireEvent) => owns?.(event) !== false && settings.connections(event);
  const output = await CaptureOutput.open(path, {
    overwrite: settings.overwrite,
    files: settings.files,
    isSecret: settings.secrets,
    release: (slabs) => pipeline.writer.memory.release(slabs),
    failed: (error) => running.fail(error),
  });
  const pipeline = new CapturePipeline(
    {
      ...settings,
      connections: wants,
      facts: factsOf(world),
      legs,
      legOf,
      sourceRules: source.redaction,
      redaction: redactionOf(source, settings, (text) => warnings.add(text)),
      warn: (text) => warnings.add(text),
    },
    output,
  );
  const hold = settings.secrets ? new HandshakeHold(settings.hold) : undefined;
  const recorder = new Recorder({
    clock: world.clock,
    pipeline,
    label: `capture ${path}`,
    queue: settings.queue,
    waiting: () => output.waiting,
    hold,
    wants,
    failed: (cause) => running.fail(fileError('format capture', path, 'write', cause)),
  });
  const running = new RunningCapture({
    world,
    path,
    output,
    pipeline,
    recorder,
    warnings,
    hold: settings.hold,
    isRedacted: settings.redact !== false,
  });
  return running;
}

function redactionOf(
  { world, redaction = [] }: CaptureSource,
  { redact }: CaptureSettings,
  warn: (text: string) => void,
): Redaction | undefined {
  if (redact === false) return undefined;
  const rules = redact === true ? redaction : redact;
  if (rules.length === 0) {
    throw refusal('redact', 'redact is true, but there are no rules: give them as an array');
  }
  // A virtual clock stands still while code runs.
  const now = world.kind === 'real' ? { now: () => world.clock.now() } : {};
  return new Redaction(rules, { ...now, warn });
}
