/** `brine send`: says something to an address, and prints or checks what comes back. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { printBytesShortened } from '../base/byte-literal-printer';
import { formatDuration, readDuration } from '../base/duration';
import { TcpError } from '../base/errors';
import { hexdump } from '../base/hexdump';
import { readHostPort } from '../base/option-reader';
import type { Framer } from '../framing/framer';
import { framerFrom } from '../framing/framer-from';
import { Compiling, throwProblems } from '../mock/compiling';
import { readDelivery } from '../mock/delivery';
import { realWorld } from '../network/real/world';
import type { World } from '../network/world';
import { Client } from '../tcp/client';
import { type AnswerEnd, Answers, subjectOf } from './answers';
import { CommandFailure, exitCodes } from './exit-codes';
import { countOf, type Terminal } from './print';
import { bytesOfWords, type SendStep, stepsOfScript, stepsOfWords } from './send-plan';

/** The options of the command, as they were written. */
export interface SendOptions {
  readonly expect?: readonly string[];
  readonly within: string;
  readonly framing?: string;
  readonly chunks?: number;
  readonly every?: string;
  readonly halfClose?: true;
  readonly script?: string;
  readonly tls?: true;
  readonly ca?: string;
  readonly servername?: string;
  readonly hex?: true;
  readonly output?: string;
}

/**
 * Says words and listens.
 *
 * @throws CommandFailure 2 - wrong words, 3 - something else came than was expected
 * @throws TcpError - the peer cannot be reached, or its certificate is not trusted
 */
export async function sendBytes(
  terminal: Terminal,
  address: string,
  words: readonly string[],
  options: SendOptions,
): Promise<void> {
  const plan = await readPlan(terminal, address, words, options);
  const world = realWorld();
  const output: Uint8Array[] = [];
  try {
    await run(terminal, world, plan, output);
  } finally {
    if (options.output !== undefined) {
      writeFileSync(resolve(terminal.folder, options.output), Buffer.concat(output));
    }
    await world.scope[Symbol.asyncDispose]();
  }
}

interface SendPlan {
  readonly address: string;
  readonly target: { readonly host: string; readonly port: number };
  readonly framer: Framer | undefined;
  readonly steps: readonly SendStep[];
  readonly withinMs: number;
  readonly options: SendOptions;
}

async function readPlan(
  terminal: Terminal,
  address: string,
  words: readonly string[],
  options: SendOptions,
): Promise<SendPlan> {
  try {
    const { framing, script, expect = [], halfClose = false } = options;
    if (script !== undefined && words.length + expect.length > 0) {
      throw new CommandFailure('--script says all that is sent and expected', exitCodes.usage);
    }
    const framer =
      framing === undefined || framing === 'none'
        ? undefined
        : framerFrom(framing, { field: '--framing' });
    return {
      address,
      target: readHostPort('address', address),
      framer,
      steps:
        script === undefined
          ? stepsOfWords(await bytesToSend(words), expect, { framer, halfClose })
          : stepsOfScript(readScript(terminal, script), framer),
      withinMs: readDuration('--within', options.within),
      options,
    };
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw new CommandFailure(error.message, exitCodes.usage);
  }
}

async function bytesToSend(words: readonly string[]): Promise<readonly Uint8Array[]> {
  if (words.length === 1 && words[0] === '-') return [await buffer(process.stdin)];
  return bytesOfWords(words);
}

function readScript(terminal: Terminal, file: string): string {
  const path = resolve(terminal.folder, file);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new CommandFailure(`${file}: there is no such file`, exitCodes.usage);
}

async function run(
  terminal: Terminal,
  world: World,
  plan: SendPlan,
  output: Uint8Array[],
): Promise<void> {
  const { options, framer, steps, withinMs } = plan;
  const client = await connect(terminal, world, plan);
  const show = (bytes: Uint8Array): void => {
    output.push(bytes);
    if (options.output === undefined && framer !== undefined) terminal.print(shown(bytes, options));
  };
  const answers = new Answers(client, { clock: world.clock, framer, heard: show });
  try {
    for (const step of steps) await take(step, client, answers, world, plan);
    if (options.script === undefined && options.expect === undefined) {
      const frames = framer && steps.filter(({ kind }) => kind === 'send').length;
      const end = await answers.collect(frames, withinMs);
      if (end === 'reset')
        throw new CommandFailure(`${plan.address} reset the connection`, exitCodes.runtime);
    }
  } finally {
    await client.close();
    // A stream is shown as a whole: where it was cut says nothing.
    const all = framer === undefined ? Buffer.concat(output) : '';
    if (options.output === undefined && all.length > 0)
      terminal.print(shown(Buffer.from(all), options));
  }
}

async function connect(terminal: Terminal, world: World, plan: SendPlan): Promise<Client> {
  const { tls, ca, servername } = plan.options;
  const secureSocket =
    tls === undefined && ca === undefined && servername === undefined
      ? undefined
      : {
          ...(ca !== undefined && { cert: resolve(terminal.folder, ca) }),
          ...(servername !== undefined && { servername }),
        };
  return await Client.connect(plan.target, {
    world,
    allowHalfOpen: true,
    ...(secureSocket !== undefined && { secureSocket }),
  });
}

async function take(
  step: SendStep,
  client: Client,
  answers: Answers,
  world: World,
  plan: SendPlan,
): Promise<void> {
  switch (step.kind) {
    case 'send':
      return await deliver(step.bytes, client, world, plan.options);
    case 'sleep':
      return await world.clock.sleep(step.ms);
    case 'end':
      return await client.end();
    case 'reset':
      return client.reset();
    case 'expect': {
      const withinMs = step.withinMs ?? plan.withinMs;
      const failure = await answers.expect(step.predicate, withinMs);
      if (failure === undefined) return;
      const { got, end } = failure;
      const reasons = step.predicate.reasons(subjectOf(got)).map(({ text }) => text);
      throw unmet(plan, `did not send ${step.words} (${endWords(end, withinMs)})`, got, reasons);
    }
    default: {
      const wanted = step.kind === 'expectReset' ? 'reset' : 'end';
      const end = await answers.ending(plan.withinMs);
      if (end === wanted) return;
      const words = wanted === 'end' ? 'close' : 'reset the connection';
      const why = end === 'bytes' ? 'it sent more' : endWords(end, plan.withinMs);
      throw unmet(plan, `did not ${words} (${why})`, answers.left, []);
    }
  }
}

async function deliver(
  bytes: Uint8Array,
  client: Client,
  world: World,
  { chunks, every }: SendOptions,
): Promise<void> {
  const place = new Compiling('', '.');
  const modifiers = {
    ...(chunks !== undefined && { chunks }),
    ...(every !== undefined && { every }),
  };
  const delivery = readDelivery(modifiers, place);
  throwProblems(place.problems);
  const pieces = delivery.pieces(bytes);
  for (const [index, piece] of pieces.entries()) {
    await client.writeBytes(piece);
    const pause = delivery.pauseMs(piece.length);
    if (pause > 0 && index < pieces.length - 1) await world.clock.sleep(pause);
  }
}

function endWords(end: AnswerEnd | 'other', withinMs: number): string {
  switch (end) {
    case 'end':
      return 'it closed';
    case 'reset':
      return 'it reset the connection';
    case 'late':
      return `waited ${formatDuration(withinMs)}`;
    case 'other':
      return 'it sent something else';
  }
}

function unmet(
  { address }: SendPlan,
  what: string,
  got: Uint8Array,
  reasons: readonly string[],
): CommandFailure {
  const received =
    got.length === 0 ? 'nothing' : `${printBytesShortened(got)} (${countOf(got.length, 'byte')})`;
  const lines = [
    `${address} ${what}`,
    `received ${received}`,
    ...(got.length === 0 ? [] : reasons),
  ];
  return new CommandFailure(lines.join('\n  '), exitCodes.verification);
}

/** What came, for people: text as it is, other bytes as a dump. */
function shown(bytes: Uint8Array, { hex }: SendOptions): string {
  if (hex === true) return hexdump(bytes);
  const text = Buffer.from(bytes).toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes) && !/[^\P{Cc}\r\n\t]/u.test(text);
  return isText ? text.replace(/\r?\n$/, '') : hexdump(bytes);
}
