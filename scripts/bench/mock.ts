/**
 * Mocks with twenty rules of which the last one matches, against mountebank with as many stubs, where
 * that is installed: `mb` in the PATH or in node_modules, or named by BRINE_BENCH_MOUNTEBANK.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Benchmark, Turn, Variant } from './benchmark';
import { Child } from './child';
import { content } from './content';
import { freePort } from './peers';

const message = Buffer.from(content.subarray(0, 64));
const rules = 20;

/** A mock server as a process. */
interface Maker {
  readonly name: string;
  readonly words: (folder: string, port: number, api: number) => readonly string[];
}

const brine: Maker = {
  name: 'brine mock run',
  words: (folder, port) => {
    const file = join(folder, 'mocks.json');
    const rule = (bytes: Buffer): object => ({
      when: { equals: { hex: bytes.toString('hex') } },
      sequence: [{ send: { hex: bytes.toString('hex') } }],
    });
    const framing = { kind: 'fixed', length: message.length };
    const mock = { name: 'bench', listen: port, framing, mode: 'lenient', rules: answers(rule) };
    writeFileSync(file, JSON.stringify({ version: 1, mocks: [mock] }));
    return [resolve('dist/cli/main.js'), 'mock', 'run', file, '--quiet'];
  },
};

const mountebank: Maker = {
  name: 'mountebank',
  words: (folder, port, api) => {
    const file = join(folder, 'imposters.json');
    const stub = (bytes: Buffer): object => {
      const data = bytes.toString('base64');
      return {
        predicates: [{ equals: { data }, caseSensitive: true }],
        responses: [{ is: { data } }],
      };
    };
    const host = '127.0.0.1';
    const imposter = { protocol: 'tcp', mode: 'binary', port, host, stubs: answers(stub) };
    writeFileSync(file, JSON.stringify({ imposters: [imposter] }));
    const quiet = ['--nologfile', '--loglevel', 'error', '--pidfile', join(folder, 'mb.pid')];
    return [mb() ?? '', 'start', '--configfile', file, '--port', String(api), ...quiet];
  },
};

/** Other messages first, so that every rule is looked at. */
function answers(make: (bytes: Buffer) => object): readonly object[] {
  return Array.from({ length: rules }, (_, index) => {
    const bytes = Buffer.from(message);
    if (index < rules - 1) bytes[63] = (bytes[63] ?? 0) ^ (index + 1);
    return make(bytes);
  });
}

function mb(): string | undefined {
  const named = process.env['BRINE_BENCH_MOUNTEBANK'];
  const local = resolve('node_modules/.bin/mb');
  if (named !== undefined) return resolve(named);
  if (existsSync(local)) return local;
  return spawnSync('which', ['mb'], { encoding: 'utf8' }).stdout.trim() || undefined;
}

/** The peer first, since the first variant is what others are compared with. */
function makers(): { readonly all: readonly Maker[]; readonly note: string } {
  const isThere = mb() !== undefined;
  return {
    all: isThere ? [mountebank, brine] : [brine],
    note: isThere ? '' : '; mountebank not installed',
  };
}

class Server {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.port = port;
    this.#process = child;
    this.#folder = folder;
  }

  /** Starts it; resolves with its first answer. */
  static async start(maker: Maker): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'brine-bench-'));
    const port = await freePort();
    const words = maker.words(folder, port, await freePort());
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(child, 'spawn');
    while (child.exitCode === null && !(await answersOnce(port))) {
      await new Promise((again) => setTimeout(again, 2));
    }
    if (child.exitCode !== null) throw new Error(`${maker.name} ended with ${child.exitCode}`);
    return new Server(port, child, folder);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function answersOnce(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    const over = (result: boolean) => {
      socket.destroy();
      done(result);
    };
    socket.on('error', () => over(false));
    socket.on('close', () => done(false));
    socket.on('data', (bytes) => over(bytes.equals(message)));
    socket.write(message);
  });
}

interface Work {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly ratio: number;
  readonly command: 'pingPong' | 'dialogues';
  readonly work: object;
}

function loadBenchmark({ name, title, unit, ratio, command, work }: Work) {
  return async (): Promise<Benchmark> => {
    const { all, note } = makers();
    const load = await Child.start('load', [], 1);
    const servers = await Promise.all(all.map((maker) => Server.start(maker)));
    const variants = all.map((maker, index): Variant => {
      const port = servers[index]?.port;
      return { name: maker.name, run: () => load.ask<Turn>(command, { ...work, port }) };
    });
    const stop = async () => {
      await Promise.all([load, ...servers].map((child) => child.stop()));
    };
    return { name, title: `${title}${note}`, unit, target: { ratio, of: 'rate' }, variants, stop };
  };
}

/** Round trips of one matching rule of twenty. */
export const mockEcho: () => Promise<Benchmark> = loadBenchmark({
  name: 'mock-echo',
  title: 'a mock, one rule of twenty matches, 16 connections, 64 B each way',
  unit: 'round trips',
  ratio: 3,
  command: 'pingPong',
  work: { connections: 16, bytes: 64, seconds: 0.5 },
});

/** Connections with one exchange each. */
export const mockConnections: () => Promise<Benchmark> = loadBenchmark({
  name: 'mock-connections',
  title: 'a mock: connect, exchange 64 B, close, 16 in flight',
  unit: 'connections',
  ratio: 1.5,
  command: 'dialogues',
  work: { inFlight: 16, count: 1_000 },
});

/** From the start of the process to its first answer. */
export async function mockStart(): Promise<Benchmark> {
  const { all, note } = makers();
  const run = (maker: Maker) => async (): Promise<Turn> => {
    const begin = performance.now();
    const server = await Server.start(maker);
    const seconds = (performance.now() - begin) / 1_000;
    await server.stop();
    return { units: 1, seconds };
  };
  return {
    name: 'mock-start',
    title: `a mock from its start to its first answer${note}`,
    unit: 'starts',
    target: { ratio: 1, of: 'time' },
    variants: all.map((maker) => ({ name: maker.name, run: run(maker) })),
    stop: async () => {},
  };
}
