/**
 * Evidence: what a scenario leaves behind, as files in its folder and as attachments of the report.
 *
 * One row of {@link kinds} is one file. A scenario that fails leaves all of them, one that passes
 * those that a tag asked for.
 */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printTrace } from '../capture/trace-file';
import { type Links, linksTo, mainEvidence } from './evidence-files';
import { captureOf, rulesOf } from './scenario-capture';
import { scenarioHexdump } from './scenario-hexdump';
import type { ScenarioTags } from './scenario-tags';
import { scenarioStrip, scenarioTimeline } from './scenario-timeline';
import type { StepWorld } from './step-world';
import { wireLogText } from './wire-text';

/** One kind of evidence. */
interface EvidenceKind {
  /** Its name in the folder of the scenario. */
  readonly file: string;
  readonly mediaType: string;
  /** With this tag a scenario leaves it also when it passes. */
  readonly tag?: string;
  /** What is in the file. Nobody `asked` for it when a scenario just failed: secrets are masked then. */
  readonly make: (world: StepWorld, asked: boolean, links: Links) => string | Uint8Array;
  /** What is attached instead of the file, where that would be too long to read. */
  readonly attached?: (world: StepWorld) => string;
  /** Longest attachment; default 8 MiB. */
  readonly mostAttached?: number;
  /** It is for the folder alone, and only where there is something in it. */
  readonly onDisk?: true;
}

const kinds: readonly EvidenceKind[] = [
  {
    file: 'wire.script',
    mediaType: 'text/plain',
    tag: '@wire-log',
    make: wholeLog,
    attached: (world) => wireLogText(world),
  },
  { file: 'wire.svg', mediaType: 'image/svg+xml', make: scenarioStrip },
  {
    file: 'wire.html',
    mediaType: 'application/vnd.brine.timeline+html',
    tag: '@timeline',
    make: (world, _asked, links) => scenarioTimeline(world, links),
    mostAttached: 2 * 2 ** 20,
  },
  {
    file: 'wire.pcapng',
    mediaType: 'application/vnd.tcpdump.pcap',
    tag: '@pcap',
    make: (world, asked) => captureOf(world).bytes({ masked: !asked }),
  },
  { file: 'wire.hex', mediaType: 'text/plain', make: scenarioHexdump, onDisk: true },
  {
    file: 'wire.ndjson',
    mediaType: 'application/x-ndjson',
    make: (world) => printTrace(world.world, redaction(world)),
  },
];

/** A file that was left. */
export interface Evidence {
  readonly file: string;
  /** For people, from the working folder. */
  readonly path: string;
  readonly mediaType: string;
  /** What is attached; absent when it is too large for a report. */
  readonly attached?: string | Buffer;
}

/** What was left, and what could not be. */
export interface EvidenceLeft {
  readonly files: readonly Evidence[];
  readonly problems: readonly string[];
}

/** More would make a report that no browser opens. */
const mostAttached = 8 * 2 ** 20;

/**
 * Writes the evidence of a scenario that has ended. Never throws: what cannot be written is a
 * problem in words, and no reason for a scenario to fail.
 */
export function leaveEvidence(
  world: StepWorld,
  { asked }: Pick<ScenarioTags, 'asked'>,
  failed: boolean,
): EvidenceLeft {
  const files: Evidence[] = [];
  const problems: string[] = [];
  if (!world.opened || world.world.trace.events.length === 0) return { files, problems };
  const isAsked = ({ tag }: EvidenceKind) => tag !== undefined && asked.has(tag);
  const chosen = kinds.filter((kind) => failed || isAsked(kind));
  const links = linksTo(chosen.filter(({ file }) => file !== mainEvidence.timeline));
  for (const kind of chosen) {
    try {
      const left = leave(world, kind, isAsked(kind), links);
      if (left !== undefined) files.push(left);
    } catch (error) {
      problems.push(`${kind.file} could not be written: ${(error as Error).message}`);
    }
  }
  return { files, problems };
}

function leave(
  world: StepWorld,
  kind: EvidenceKind,
  asked: boolean,
  links: Links,
): Evidence | undefined {
  const { file, mediaType } = kind;
  const { streamed } = captureOf(world);
  if (streamed !== undefined && kind.file === mainEvidence.capture) {
    renameSync(streamed, join(world.folder.path, kind.file));
    return { file, path: join(world.folder.shown, file), mediaType };
  }
  const content = kind.make(world, asked, links);
  if (kind.onDisk && content.length === 0) return undefined;
  const path = join(world.folder.path, file);
  writeFileSync(path, content);
  if (captureOf(world).secret) chmodSync(path, 0o600);
  const attached = kind.attached?.(world) ?? content;
  return {
    file,
    path: join(world.folder.shown, file),
    mediaType,
    ...(!kind.onDisk &&
      attached.length <= (kind.mostAttached ?? mostAttached) && {
        attached: typeof attached === 'string' ? attached : Buffer.from(attached),
      }),
  };
}

/** A log that holds more is for no reader; the capture has all bytes. */
const mostInLog = 2 ** 20;

function wholeLog(world: StepWorld): string {
  const { events } = world.world.trace;
  const held = events.reduce((sum, { bytes }) => sum + (bytes?.byteLength ?? 0), 0);
  return wireLogText(world, held > mostInLog ? {} : { payloadLimit: Number.POSITIVE_INFINITY });
}

function redaction(world: StepWorld): Parameters<typeof printTrace>[1] {
  const redact = rulesOf(world);
  return redact.length === 0 ? {} : { redact };
}
