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
import { type Capturable, type CaptureSource, partOf, withBothEnds } from './capture-source';
import { HandshakeHold } from './handshake-hold';
import { Recorder } from './recorder';
import { Redaction } from './redaction';
import { type Capture, RunningCapture } from './running-capture';
import { factsOf } from './world-facts';
import type { ScenarioStep } from './write-pcapng';

/**
 * Captures everything on the wire of a world, or of a part of it, from now on.
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
  source: World | Capturable | CaptureSource,
  path: string,
  options: CaptureOptions = {},
): Promise<Capture> {
  const running = await prepare(partOf(source), path, readCaptureOptions(options));
  await running.start();
  return running;
}

/**
 * As {@link capture}, and in front of it everything that the trace of the world has now.
 *
 * @param stepsSoFar - steps of a scenario, each said on the first packet behind it
 * @internal
 */
export async function captureFromStart(
  world: World,
  path: string,
  options: CaptureOptions,
  stepsSoFar: () => readonly ScenarioStep[],
): Promise<Capture> {
  // The trace may be a ring, which loses bytes while a file is opened.
  const events = [...world.trace.events];
  const unsubscribe = world.trace.subscribe((event) => events.push(event));
  try {
    const running = await prepare(partOf(world), path, readCaptureOptions(options));
    await running.start(() => ({ events, steps: stepsSoFar() }));
    return running;
  } finally {
    unsubscribe();
  }
}

async function prepare(
  part: CaptureSource,
  path: string,
  settings: CaptureSettings,
): Promise<RunningCapture> {
  // Rules are refused before a file is made.
  redactionOf(part, settings, () => undefined);
  return begin(part, path, settings);
}

/** Puts the parts of a capture together, and opens its first file. */
async function begin(
  source: CaptureSource,
  path: string,
  settings: CaptureSettings,
): Promise<RunningCapture> {
  const { world, label, legs = [{ name: label, description: '' }] } = source;
  const { owns, legOf, pairOf } = withBothEnds(source);
  const warnings = new Set<string>();
  const wants = (event: WireEvent) => owns(event) && settings.connections(event);
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
      pairOf,
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
