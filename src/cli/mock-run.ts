/** `brine mock run`: starts the mocks of files, tells what happens, and judges at the end. */
import { resolve } from 'node:path';
import { deferred } from '../base/deferred';
import { readDuration, toMicroseconds } from '../base/duration';
import { packageInfo } from '../base/package-info';
import { writeAtomically } from '../base/write-atomically';
import type { MockFileReport } from '../mock/mock-file';
import type { MockServer } from '../mock/mock-server';
import { startPlan } from '../mock/start-mock';
import { realWorld } from '../network/real/world';
import type { World } from '../network/world';
import { annotate } from './annotations';
import { CommandFailure, exitCodes } from './exit-codes';
import { junitXml, type MockVerdict } from './junit';
import { Lifecycle } from './lifecycle';
import { isLoopback } from './loopback';
import { requireFiles } from './mock-files';
import { watchMocks } from './mock-watch';
import type { Terminal } from './print';
import { codeOfEnd, Signals } from './signals';

/** The options of the command, as they were written. */
export interface RunOptions {
  readonly watch?: true;
  readonly portFile?: string;
  readonly journal?: string;
  readonly junit?: string;
  readonly failOnUnmatched?: true;
  readonly exitAfterScript?: true;
  readonly exitAfter?: string;
  readonly allowRemote?: true;
  readonly seed?: number;
  readonly quiet?: true;
}

type Reason = 'script' | 'time' | 'SIGINT' | 'SIGTERM';

/** Runs mocks until a signal, a time, or the end of their scripts. @throws CommandFailure */
export async function runMocks(
  terminal: Terminal,
  files: readonly string[],
  options: RunOptions,
): Promise<void> {
  await runReports(terminal, requireFiles(terminal, files), { files, options });
}

/** Runs mocks that were read. @throws CommandFailure */
export async function runReports(
  terminal: Terminal,
  reports: readonly MockFileReport[],
  { files, options }: { readonly files: readonly string[]; readonly options: RunOptions },
): Promise<void> {
  const limitMs = options.exitAfter === undefined ? undefined : readLimit(options.exitAfter);
  refuseRemote(reports, options);
  refuseSame(reports);
  if (options.seed !== undefined && !Number.isSafeInteger(options.seed)) {
    throw new CommandFailure('--seed must be a whole number', exitCodes.usage);
  }
  const world = realWorld(options.seed === undefined ? {} : { seed: options.seed });
  const lifecycle = new Lifecycle(world, terminal, options);
  lifecycle.tell('starting', { files, seed: world.random.seed, version: packageInfo().version });
  const servers: MockServer[] = [];
  const signals = new Signals();
  try {
    await startAll(servers, reports, world, lifecycle);
    const addresses = Object.fromEntries(servers.map(({ name, address }) => [name, address]));
    if (options.portFile !== undefined) {
      writeAtomically(resolve(terminal.folder, options.portFile), `${JSON.stringify(addresses)}\n`);
    }
    const unwatch =
      options.watch === true ? watchMocks(terminal, files, servers, world, lifecycle) : undefined;
    lifecycle.tell('ready', { mocks: addresses });
    const reason = await waitForEnd(servers, world, signals, { ...options, limitMs });
    unwatch?.();
    await finish(terminal, servers, reports, lifecycle, { options, reason, signals });
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    lifecycle.tell('stopped', { code: exitCodes.runtime, reason: message });
    throw new CommandFailure(message, exitCodes.runtime);
  } finally {
    signals.dispose();
    await Promise.all(servers.map((server) => server.stop({ how: 'reset' })));
    await world.scope[Symbol.asyncDispose]();
  }
}

async function startAll(
  servers: MockServer[],
  reports: readonly MockFileReport[],
  world: World,
  lifecycle: Lifecycle,
): Promise<void> {
  for (const { plan } of reports.flatMap(({ mocks }) => mocks)) {
    const server = await startPlan(plan, { world });
    servers.push(server);
    lifecycle.follow(server);
    const { name, host, port } = server;
    lifecycle.tell('listening', { mock: name, host, port, tls: plan.tls?.mode ?? false });
  }
}

/** Reads `--exit-after`, in milliseconds. @throws CommandFailure 2 */
export function readLimit(text: string): number {
  try {
    return readDuration('--exit-after', text);
  } catch (error) {
    throw new CommandFailure((error as Error).message, exitCodes.usage);
  }
}

/** A file checks its own names; here those of several files meet. */
function refuseSame(reports: readonly MockFileReport[]): void {
  const seen = new Map<string, string>();
  for (const { definition, file } of reports.flatMap(({ mocks }) => mocks)) {
    const other = seen.get(definition.name);
    if (other !== undefined) {
      const text = `mock "${definition.name}" is in ${other} and in ${file}: names must differ`;
      throw new CommandFailure(text, exitCodes.usage);
    }
    seen.set(definition.name, file);
  }
}

function refuseRemote(reports: readonly MockFileReport[], { allowRemote }: RunOptions): void {
  if (allowRemote === true) return;
  for (const { plan } of reports.flatMap(({ mocks }) => mocks)) {
    if (isLoopback(plan.host)) continue;
    throw new CommandFailure(
      `mock "${plan.name}" listens on ${plan.host}, which others can reach; --allow-remote allows it`,
      exitCodes.usage,
    );
  }
}

async function waitForEnd(
  servers: readonly MockServer[],
  world: World,
  signals: Signals,
  {
    exitAfterScript,
    limitMs,
  }: { readonly exitAfterScript?: true; readonly limitMs: number | undefined },
): Promise<Reason> {
  const ends: Promise<Reason>[] = [signals.first.promise];
  if (limitMs !== undefined) {
    const time = deferred<Reason>();
    world.clock.after(toMicroseconds(limitMs), () => time.resolve('time'), 'exit-after', {
      hold: true,
    });
    ends.push(time.promise);
  }
  if (exitAfterScript === true) {
    const played = deferred<Reason>();
    const look = (): void => {
      if (servers.every((server) => server.isPlayed)) played.resolve('script');
    };
    for (const server of servers) server.onEntry(() => queueMicrotask(look));
    ends.push(played.promise);
  }
  return await Promise.race(ends);
}

interface Ending {
  readonly options: RunOptions;
  readonly reason: Reason;
  readonly signals: Signals;
}

async function finish(
  terminal: Terminal,
  servers: readonly MockServer[],
  reports: readonly MockFileReport[],
  lifecycle: Lifecycle,
  { options, reason, signals }: Ending,
): Promise<void> {
  const verdicts = servers.map((server): MockVerdict => judge(server, options));
  void signals.second.promise.then(() => {
    for (const server of servers) void server.stop({ how: 'reset' });
  });
  await Promise.race([Promise.all(servers.map((server) => server.stop())), signals.second.promise]);
  const failures = verdicts.flatMap((verdict) => verdict.failures);
  lifecycle.tell('verified', { ok: failures.length === 0, failures });
  if (options.junit !== undefined) {
    writeAtomically(resolve(terminal.folder, options.junit), junitXml(verdicts));
  }
  for (const { text } of verdicts) if (text !== '') terminal.printProblem(text);
  annotate(terminal, reports, verdicts);
  const code = failures.length > 0 ? exitCodes.verification : codeOfEnd(reason);
  lifecycle.tell('stopped', { code, reason });
  if (code !== exitCodes.ok) throw new CommandFailure('', code);
}

function judge(server: MockServer, { failOnUnmatched }: RunOptions): MockVerdict {
  try {
    server.verify((claims) => {
      claims.all();
      const isLenient = server.definition.mode === 'lenient';
      if (failOnUnmatched === true && isLenient) claims.nothingUnexpected();
    });
    return { mock: server.name, failures: [], text: '' };
  } catch (error) {
    const { failures = [String(error)], message } = error as Error & {
      failures?: readonly string[];
    };
    return { mock: server.name, failures, text: message };
  }
}
