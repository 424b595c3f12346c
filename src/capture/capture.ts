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
import type { WireSource } from '../network/wire-source';
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

/**
 * What can be captured beside a whole world: a part of one that knows which connections are its
 * own. Its label names its interface; `legs` are several interfaces.
 */
export interface CaptureSource extends WireSource {
  /** What is to be hidden in everything that is printed of it. */
  readonly redaction?: readonly RedactionRule[];
}

/** What has a part of a world: a Client, a Listener, a Proxy, a MockServer. */
export interface Capturable {
  readonly wire: CaptureSource;
}

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
  const settings = readCaptureOptions(options);
  const part = partOf(source);
  // Rules are refused before a file is made.
  redactionOf(part, settings, () => undefined);
  const running = await begin(part, path, settings);
  await running.start();
  return running;
}

function partOf(source: World | Capturable | CaptureSource): CaptureSource {
  if ('wire' in source) return source.wire;
  if ('world' in source) return source;
  return { world: source, label: 'wire', legs: [wholeWorld] };
}

const wholeWorld: CaptureLeg = { name: 'wire', description: 'every connection of the world' };

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

/**
 * In a simulated world each byte is told by the end that receives it, and both ends of a connection
 * share their number: with one of them the other is meant.
 */
function withBothEnds({ world, owns = () => true, legOf, pairOf }: CaptureSource): {
  owns: (event: WireEvent) => boolean;
  legOf: ((id: string) => number) | undefined;
  pairOf: ((id: string) => number | undefined) | undefined;
} {
  if (world.kind === 'real') return { owns, legOf: legOf && ((id) => legOf(id) ?? 0), pairOf };
  return {
    owns: (event) => owns(event) || owns({ ...event, connection: otherEnd(event.connection) }),
    legOf: legOf && ((id) => legOf(id) ?? legOf(otherEnd(id)) ?? 0),
    pairOf: pairOf && ((id) => pairOf(id) ?? pairOf(otherEnd(id))),
  };
}

function otherEnd(id: string): string {
  return id.replace(/^[cs]/, (end) => (end === 'c' ? 's' : 'c'));
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
