/** Proxies of others, when they are installed: each in front of one server, tuned as ours. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canPin } from './child';

interface Program {
  /** Words of its command line; `file` writes a file into its folder and gives the path. */
  readonly words: (
    ports: { readonly listen: number; readonly api: number; readonly upstream: number },
    file: (name: string, text: string) => string,
  ) => readonly string[];
}

const programs: Readonly<Record<string, Program>> = {
  'toxiproxy-server': {
    words: ({ listen, api, upstream }, file) => [
      '-port',
      String(api),
      '-config',
      file(
        'proxies.json',
        JSON.stringify([
          {
            name: 'bench',
            listen: `127.0.0.1:${listen}`,
            upstream: `127.0.0.1:${upstream}`,
            enabled: true,
          },
        ]),
      ),
    ],
  },
  haproxy: {
    words: ({ listen, upstream }, file) => [
      '-db',
      '-f',
      file(
        'haproxy.cfg',
        `global
  tune.bufsize 262144
  nbthread 1
defaults
  mode tcp
  timeout connect 10s
  timeout client 60s
  timeout server 60s
listen bench
  bind 127.0.0.1:${listen}
  server s 127.0.0.1:${upstream}
`,
      ),
    ],
  },
  nginx: {
    words: ({ listen, upstream }, file) => {
      const pid = file('nginx.pid', '');
      const conf = `${streamModule()}daemon off; master_process off; pid ${pid}; error_log /dev/null;
events { worker_connections 4096; }
stream { server { listen 127.0.0.1:${listen}; proxy_pass 127.0.0.1:${upstream}; proxy_buffer_size 256k; } }
`;
      return ['-c', file('nginx.conf', conf)];
    },
  },
  socat: {
    words: ({ listen, upstream }) => [
      '-b262144',
      `TCP-LISTEN:${listen},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=511`,
      `TCP:127.0.0.1:${upstream},nodelay`,
    ],
  },
};

/** Debian packs the stream module as one that is loaded. */
function streamModule(): string {
  const path = '/usr/lib/nginx/modules/ngx_stream_module.so';
  return existsSync(path) ? `load_module ${path};\n` : '';
}

/** Which of the known proxies are on the PATH. */
export function installedPeers(): readonly string[] {
  return Object.keys(programs).filter(
    (name) => spawnSync('which', [name], { stdio: 'ignore' }).status === 0,
  );
}

/** Which are not. */
export function missingPeers(): readonly string[] {
  const there = installedPeers();
  return Object.keys(programs).filter((name) => !there.includes(name));
}

/** A proxy of somebody else that runs. */
export class Peer {
  readonly name: string;
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(name: string, port: number, child: ChildProcess, folder: string) {
    this.name = name;
    this.port = port;
    this.#process = child;
    this.#folder = folder;
  }

  /** Starts it in front of a server; resolves when it accepts. */
  static async start(name: string, upstream: number): Promise<Peer> {
    const folder = mkdtempSync(join(tmpdir(), 'brine-bench-'));
    const [listen, api] = [await freePort(), await freePort()];
    const file = (part: string, text: string): string => {
      writeFileSync(join(folder, part), text);
      return join(folder, part);
    };
    const words = programs[name]?.words({ listen, api, upstream }, file) ?? [];
    const pinned = canPin() ? ['taskset', '-c', '0'] : [];
    const [program = name, ...rest] = [...pinned, name, ...words];
    const child = spawn(program, rest, { stdio: 'ignore' });
    await once(child, 'spawn');
    const peer = new Peer(name, listen, child, folder);
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
      if (await accepts(listen)) return peer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await peer.stop();
    throw new Error(`${name} does not listen: ${words.join(' ')}`);
  }

  /** Processor time in µs, in ticks of 10 ms; not known of one that forks for every connection. */
  cpuUs(): number | undefined {
    if (this.name === 'socat') return undefined;
    const fields = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ');
    return (Number(fields?.[11]) + Number(fields?.[12])) * 10_000;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
