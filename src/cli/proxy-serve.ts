/** `brine proxy serve`: proxies and the control API in front of them, until a signal. */
import { resolve } from 'node:path';
import { deferred } from '../base/deferred';
import { readDuration, toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import { capture } from '../capture/capture';
import { writeTrace } from '../capture/trace-file';
import type { ControlOptions } from '../control/control-parts';
import { ControlServer } from '../control/control-server';
import { checkedListen } from '../control/proxy-json';
import { profileFaults } from '../faults/profiles';
import { realWorld } from '../network/real/world';
import type { World } from '../network/world';
import { ProxySet } from '../proxy/proxy-set';
import { readConfigFile } from './config-file';
import { CommandFailure, exitCodes } from './exit-codes';
import type { Terminal } from './print';
import { type ConfiguredProxy, type ProxyConfig, readProxyConfig } from './proxy-config';
import { ProxyLog, readLogLevel } from './proxy-log';
import { Signals } from './signals';

/** The options of the command, as they were written. */
export interface ServeOptions {
  readonly host?: string;
  readonly port: string;
  readonly config?: string;
  readonly seed?: string;
  readonly metrics: boolean;
  readonly runtimeMetrics?: true;
  readonly allowRemote?: true;
  readonly allowHost?: readonly string[];
  readonly proxy?: readonly string[];
  readonly profile?: string;
  readonly capture?: string;
  readonly trace?: string;
  readonly traceBytes?: true;
  readonly lenientConfig?: true;
  readonly exitWhenIdle?: string;
}

/** Events of the wire that a trace keeps. */
const mostTraced = 1_000_000;

/** A server that runs, for as long as a body takes. */
export type WhileServing = (control: ControlServer, log: ProxyLog, world: World) => Promise<void>;

/** Serves until a signal, or until nothing happens. @throws CommandFailure */
export async function serveProxies(terminal: Terminal, options: ServeOptions): Promise<void> {
  const idleMs = options.exitWhenIdle === undefined ? undefined : readIdle(options.exitWhenIdle);
  const signals = new Signals();
  try {
    await serving(terminal, options, async ({ proxies }, log, world) => {
      const idle = deferred<'idle'>();
      if (idleMs !== undefined) endWhenIdle(world, proxies, idleMs, () => idle.resolve('idle'));
      const reason = await Promise.race([signals.first.promise, idle.promise]);
      log.log('info', `stopping: ${reason}`);
      void signals.second.promise.then(() => process.exit(exitCodes.ok));
    });
  } finally {
    signals.dispose();
  }
}

/** Starts everything, runs a body, and ends everything. @throws CommandFailure */
export async function serving(
  terminal: Terminal,
  options: ServeOptions,
  body: WhileServing,
): Promise<void> {
  const level = readLogLevel(process.env['LOG_LEVEL']);
  const config = configOf(terminal, options);
  const seed = readNumber('--seed', options.seed) ?? config.config.seed;
  const mode = options.traceBytes === true ? 'full' : 'events';
  const world = realWorld({
    ...(seed !== undefined && { seed }),
    ...(options.trace !== undefined && { trace: { mode, maxEvents: mostTraced } }),
  });
  const log = new ProxyLog(world, terminal, level);
  for (const problem of config.problems) log.log('error', problem);
  const proxies = new ProxySet({
    world,
    seed: world.random.seed,
    profiles: config.config.profiles,
  });
  try {
    if (options.capture !== undefined) {
      await capture(world, resolve(terminal.folder, options.capture));
    }
    await startProxies(proxies, config.config.proxies, options, log);
    const control = await startControl(proxies, options);
    try {
      tellListening(control, log);
      proxies.on((event) => log.follow(event));
      await body(control, log, world);
    } finally {
      await control.close();
      await proxies.close();
      log.tell('stopped', {});
    }
  } finally {
    await proxies.close();
    await world.scope[Symbol.asyncDispose]();
    if (options.trace !== undefined) {
      await writeTrace(world, resolve(terminal.folder, options.trace));
    }
  }
}

function tellListening({ url, proxies }: ControlServer, log: ProxyLog): void {
  const served = Object.fromEntries(
    proxies.list().map((proxy) => {
      const { name, listen, upstream, enabled } = proxy.toJSON();
      return [name, { listen, upstream, enabled }];
    }),
  );
  log.tell('listening', { url, proxies: served, seed: proxies.seed });
  for (const [name, { listen, upstream }] of Object.entries(served)) {
    log.log('info', `proxy ${name} listens on ${listen}, leads to ${upstream}`);
  }
  log.log('info', `control API on ${url}, seed ${proxies.seed}`);
}

/** What the file and the options say; of a lenient file what could be read. */
function configOf(
  terminal: Terminal,
  options: ServeOptions,
): { readonly config: ProxyConfig; readonly problems: readonly string[] } {
  const given = (options.proxy ?? []).map((text, index) => readProxyWords(text, index, options));
  if (options.config === undefined) {
    if (options.profile !== undefined) profileFaults(options.profile);
    return { config: { profiles: {}, proxies: given }, problems: [] };
  }
  try {
    const file = readConfigFile(resolve(terminal.folder, options.config), options.config);
    const config = readProxyConfig(file);
    return { config: { ...config, proxies: [...config.proxies, ...given] }, problems: [] };
  } catch (error) {
    if (options.lenientConfig !== true || !(error instanceof CommandFailure)) throw error;
    return { config: { profiles: {}, proxies: given }, problems: error.message.split('\n') };
  }
}

/** `[NAME=]LISTEN>UPSTREAM` */
function readProxyWords(text: string, index: number, { profile }: ServeOptions): ConfiguredProxy {
  const match = /^(?:([^=>]+)=)?([^>]*)>(.+)$/.exec(text);
  if (match === null) {
    throw usage(`--proxy must be [NAME=]LISTEN>UPSTREAM, got ${JSON.stringify(text)}`);
  }
  const [, name = index === 0 ? 'proxy' : `proxy-${index + 1}`, listen = '', upstream = ''] = match;
  return {
    options: { name, upstream, ...(listen !== '' && { listen }) },
    ...(profile !== undefined && { profile }),
  };
}

/** Starts proxies in order; a profile is in force before the first connection. */
async function startProxies(
  proxies: ProxySet,
  list: readonly ConfiguredProxy[],
  options: ServeOptions,
  log: ProxyLog,
): Promise<void> {
  const rule = { world: proxies.world, allowRemote: options.allowRemote === true };
  for (const { options: wanted, profile } of list) {
    try {
      const listen = await checkedListen(wanted.listen, rule);
      const { enabled = true } = wanted;
      const proxy = await proxies.create({
        ...wanted,
        listen,
        enabled: enabled && profile === undefined,
      });
      if (profile === undefined) continue;
      proxy.applyProfile(profile);
      if (enabled) await proxy.enable();
    } catch (error) {
      const failure = startFailure(wanted.name, error);
      if (options.lenientConfig !== true) throw failure;
      log.log('error', failure.message);
    }
  }
}

function startFailure(name: string, error: unknown): CommandFailure {
  const { message, status } = error as Error & { readonly status?: number };
  const isFile = status !== undefined || (TcpError.is(error) && error.phase === 'config');
  const hint = status === 403 ? '; --allow-remote allows it' : '';
  return new CommandFailure(
    `proxy ${JSON.stringify(name)}: ${message}${hint}`,
    isFile ? exitCodes.usage : exitCodes.runtime,
  );
}

async function startControl(proxies: ProxySet, options: ServeOptions): Promise<ControlServer> {
  const { host = 'localhost', metrics, runtimeMetrics, allowRemote, allowHost } = options;
  const settings: ControlOptions = {
    proxies,
    host,
    port: readNumber('--port', options.port, 65_535) ?? 0,
    metrics,
    runtimeMetrics: runtimeMetrics === true,
    allowRemote: allowRemote === true,
    allowHosts: allowHost ?? [],
  };
  try {
    return await ControlServer.start(settings);
  } catch (error) {
    const code = TcpError.is(error) && error.code === 'ECONFIG' ? 'usage' : 'runtime';
    throw new CommandFailure((error as Error).message, exitCodes[code]);
  }
}

/** Ends when no connection was open, and nothing has happened, for so long. */
function endWhenIdle(world: World, proxies: ProxySet, ms: number, end: () => void): void {
  const timer = world.clock.after(
    toMicroseconds(ms),
    () => {
      if (proxies.list().every(({ connections }) => connections.length === 0)) end();
      else timer.restart();
    },
    'exit-when-idle',
  );
  proxies.on(() => timer.restart());
}

function readNumber(option: string, text: string | undefined, most = 2 ** 53): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,16}$/.test(text) && Number(text) <= most) return Number(text);
  throw usage(`${option} must be a whole number of 0 or more, got ${JSON.stringify(text)}`);
}

function readIdle(text: string): number {
  try {
    return readDuration('--exit-when-idle', text);
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function usage(message: string): CommandFailure {
  return new CommandFailure(message, exitCodes.usage);
}
