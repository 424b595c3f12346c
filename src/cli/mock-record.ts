/** `brine mock record`: a proxy in front of a server, and what it saw as a mock. */
import { rmSync, writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { formatAddress } from '../base/address';
import { deferred } from '../base/deferred';
import { readDuration, toMicroseconds } from '../base/duration';
import { readHostPort } from '../base/option-reader';
import { packageInfo } from '../base/package-info';
import { writeAtomically } from '../base/write-atomically';
import { CaptureFile } from '../capture/capture-file';
import { ruleOf } from '../mock/masked-conversation';
import type { RedactionDefinition } from '../mock/mock-model';
import { secretRules } from '../mock/secret-rules';
import { realWorld } from '../network/real/world';
import type { World } from '../network/world';
import { CommandFailure, exitCodes } from './exit-codes';
import { Lifecycle } from './lifecycle';
import { isLoopback } from './loopback';
import { isCapture, nameOf, printForm, readForm, refuseExisting } from './mock-forms';
import { redactionsOf } from './mock-redaction';
import { readLimit } from './mock-run';
import type { Terminal } from './print';
import { Recorder } from './recorder';
import { codeOfEnd, Signals } from './signals';
import { TlsEnds } from './tls-ends';

/** The options of the command, as they were written. */
export interface RecordOptions {
  readonly listen: string;
  readonly target: string;
  readonly out: string;
  readonly name?: string;
  readonly framing?: string;
  readonly timing?: 'none' | 'recorded';
  readonly redact?: readonly string[];
  readonly keepSecrets?: true;
  readonly redactCapture?: true;
  readonly greeting: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly ca?: string;
  readonly portFile?: string;
  readonly exitAfter?: string;
  readonly allowRemote?: true;
  readonly force?: true;
  readonly quiet?: true;
}

/** Records until a signal or a time, and writes the capture and what is made of it. @throws CommandFailure */
export async function recordMock(terminal: Terminal, options: RecordOptions): Promise<void> {
  const plan = readPlan(terminal, options);
  const world = realWorld();
  const lifecycle = new Lifecycle(world, terminal, options);
  lifecycle.tell('starting', { files: plan.files, version: packageInfo().version });
  const signals = new Signals();
  let reason = 'failure';
  try {
    reason = await record(terminal, world, lifecycle, signals, { options, plan });
  } catch (error) {
    const message = (error as Error).message;
    lifecycle.tell('stopped', { code: exitCodes.runtime, reason: message });
    throw new CommandFailure(message, exitCodes.runtime);
  } finally {
    signals.dispose();
    await world.scope[Symbol.asyncDispose]();
  }
  const connections = await write(terminal, { options, plan });
  const code = connections === 0 ? exitCodes.runtime : codeOfEnd(reason);
  lifecycle.tell('recorded', { files: plan.files, connections });
  lifecycle.tell('stopped', { code, reason });
  if (connections === 0)
    throw new CommandFailure('nobody connected: there is nothing to replay', code);
  if (code !== exitCodes.ok) throw new CommandFailure('', code);
}

/** What is to be done, checked. */
interface RecordPlan {
  readonly capture: string;
  readonly files: readonly string[];
  readonly rules: readonly RedactionDefinition[];
  readonly greetingMs: number;
  readonly limitMs: number | undefined;
}

interface Recording {
  readonly options: RecordOptions;
  readonly plan: RecordPlan;
}

function readPlan(terminal: Terminal, options: RecordOptions): RecordPlan {
  const { out } = options;
  const ends = ['.yaml', '.yml', '.json', '.script', '.pcapng'];
  const suffix = extname(out);
  if (!ends.includes(suffix)) {
    throw new CommandFailure(
      `--out ${out}: the suffix must be ${ends.join(', ')}`,
      exitCodes.usage,
    );
  }
  const capture = `${out.slice(0, -suffix.length)}.pcapng`;
  const files = isCapture(out) ? [out] : [capture, out];
  for (const file of files) refuseExisting(terminal, file, options);
  const { host } = usage(() => readHostPort('--listen', options.listen.replace(/:0$/, ':1')));
  usage(() => readHostPort('--target', options.target));
  if (!isLoopback(host) && options.allowRemote !== true) {
    const text = `--listen ${options.listen} can be reached by others; --allow-remote allows it`;
    throw new CommandFailure(text, exitCodes.usage);
  }
  return {
    capture,
    files,
    rules: [
      ...(options.keepSecrets === true ? [] : secretRules),
      ...redactionsOf(options.redact ?? []),
    ],
    greetingMs: usage(() => readDuration('--greeting', options.greeting)),
    limitMs: options.exitAfter === undefined ? undefined : readLimit(options.exitAfter),
  };
}

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CommandFailure((error as Error).message, exitCodes.usage);
  }
}

/** @returns why it ended */
async function record(
  terminal: Terminal,
  world: World,
  lifecycle: Lifecycle,
  signals: Signals,
  { options, plan }: Recording,
): Promise<string> {
  const { tlsCert, redactCapture, force } = options;
  const ends =
    tlsCert === undefined
      ? undefined
      : await TlsEnds.start(world, terminal.folder, { ...options, tlsCert });
  const recorder = await Recorder.start({
    world,
    listen: ends === undefined ? options.listen : '127.0.0.1:0',
    target: ends?.target ?? options.target,
    capture: resolve(terminal.folder, plan.capture),
    greetingMs: plan.greetingMs,
    packets: {
      comments: [`recorded in front of ${options.target}`],
      ...(force === true && { overwrite: true }),
      ...(redactCapture === true && plan.rules.length > 0 && { redact: plan.rules.map(ruleOf) }),
    },
  });
  const { proxy } = recorder;
  const address = ends === undefined ? proxy.listen : await ends.listen(proxy.listen);
  proxy.on('connection.accepted', ({ connection }) => lifecycle.tell('accepted', { connection }));
  proxy.on('connection.dialFailed', ({ connection, ['code']: code }) =>
    lifecycle.tell('failed', { connection, code }),
  );
  proxy.on('connection.closed', ({ connection }) => lifecycle.tell('closed', { connection }));
  const name = options.name ?? nameOf(options.out);
  const { host, port } = address;
  lifecycle.tell('listening', { mock: name, host, port, tls: ends !== undefined });
  const mocks = { [name]: formatAddress(address) };
  if (options.portFile !== undefined) {
    writeAtomically(resolve(terminal.folder, options.portFile), `${JSON.stringify(mocks)}\n`);
  }
  lifecycle.tell('ready', { mocks });
  const reason = await endOf(world, signals, plan.limitMs);
  for (const text of await recorder.stop())
    terminal.printProblem(`${plan.capture}: ${text} (warning)`);
  await ends?.stop();
  return reason;
}

async function endOf(world: World, signals: Signals, limitMs: number | undefined): Promise<string> {
  const time = deferred<string>();
  if (limitMs !== undefined) {
    const late = (): void => time.resolve('time');
    world.clock.after(toMicroseconds(limitMs), late, 'exit-after', { hold: true });
  }
  return await Promise.race([signals.first.promise, time.promise]);
}

/** @returns how many connections were recorded */
async function write(terminal: Terminal, { options, plan }: Recording): Promise<number> {
  const { out, name = nameOf(out), framing, timing } = options;
  const path = resolve(terminal.folder, plan.capture);
  await using file = await CaptureFile.open(path);
  let connections = 0;
  for await (const { ended } of file.connections()) {
    if (ended !== 'refused' && ended !== 'no-answer') connections++;
  }
  if (connections === 0 || isCapture(out)) return connections;
  const reports = await readForm(terminal, plan.capture, {
    name,
    ...(framing !== undefined && { framing }),
    ...(timing !== undefined && { timing }),
    redact: plan.rules,
  });
  const mocks = reports.flatMap((report) => report.mocks.map(({ definition }) => definition));
  const target = resolve(terminal.folder, out);
  rmSync(target, { force: true });
  writeFileSync(target, printForm(out, mocks));
  return connections;
}
