import type { Channel, ProcessOutput } from './process-output';
import type { StepWorld } from './step-world';

/** Lines shown of each channel, and characters shown of each line. */
const shownLines = 12;
const shownColumns = 400;
/** Only the last part of a channel is made into text. */
const shownBytes = 16_384;

const escapeCharacter = '\x1b';
const colour = new RegExp(`${escapeCharacter}\\[[0-9;?]*[A-Za-z]`, 'g');

/**
 * The end of what a program printed, for a message: `stderr (last 3 lines):` and the lines, or
 * `stdout: nothing`.
 */
export function outputTail(output: ProcessOutput, channel: Channel): string[] {
  if (output.total(channel) === 0) return [`${channel}: nothing`];
  const lines = tailLines(output, channel);
  const shown = lines.slice(-shownLines).map(shownLine);
  const count = shown.length === 1 ? 'last line' : `last ${shown.length} lines`;
  return [`${channel} (${count}):`, ...shown.map((line) => `  ${line}`)];
}

/** The addresses in a text that belong to something of the scenario, each with its owner. */
export function namedAddresses(world: StepWorld, text: string): string[] {
  const hints = new Set<string>();
  for (const { shown, host, port } of addressesIn(text)) {
    const owner = ownerOf(world, host, port) ?? freePort(world, port);
    if (owner !== undefined) hints.add(`${shown} is ${owner}`);
  }
  return [...hints];
}

function tailLines(output: ProcessOutput, channel: Channel): string[] {
  const bytes = output.runs(channel).at(-1)?.bytes ?? Buffer.alloc(0);
  const text = bytes.subarray(-shownBytes).toString('utf8');
  return text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
}

/** Colours are left out; other control characters show as `\x07`. */
function shownLine(line: string): string {
  const plain = line.replace(colour, '').replace(/(?!\t)\p{Cc}/gu, hexEscape);
  return plain.length <= shownColumns ? plain : `${plain.slice(0, shownColumns)} …`;
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

interface FoundAddress {
  readonly shown: string;
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:80`, `localhost:80`, `[::1]:80`, `::1:80`, `::ffff:127.0.0.1:80`. */
function addressesIn(text: string): FoundAddress[] {
  const form =
    /(?<![\w.:])(?:\[?(?:::ffff:)?(127\.\d+\.\d+\.\d+)\]?|(localhost)|\[?(::1)\]?):(\d{1,5})(?![\w:])/g;
  return [...text.matchAll(form)].flatMap((match) => {
    const [shown, literal, name, six, digits] = match;
    const port = Number(digits);
    if (name !== undefined) {
      return ['127.0.0.1', '::1'].map((host) => ({ shown, host, port }));
    }
    const host = literal ?? six ?? '';
    return [{ shown, host, port }];
  });
}

/** `listener "mail"; it accepted 0 connections and is not listening` */
function ownerOf(world: StepWorld, host: string, port: number): string | undefined {
  const found = world.entityAt(host, port);
  if (found === undefined) return undefined;
  const { title, entity } = found;
  return entity.facts === undefined ? title : `${title}; ${entity.facts}`;
}

function freePort(world: StepWorld, port: number): string | undefined {
  const found = [...world.freePorts].find(([, reserved]) => reserved === port);
  return found === undefined ? undefined : `the free port "${found[0]}"`;
}
