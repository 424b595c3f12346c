/** OpenSSL's own client and server, and what they say of a connection. */
import { spawnSync } from 'node:child_process';
import { Program, whyMissing } from './program';

/** Why tests with them are left out. */
export const missingOpenssl: string | false = whyMissing({ openssl: 'version' }, 'openssl');

/** An alert by OpenSSL: its number and its name. */
export type ToldAlert = readonly [number: number, name: string];

/** What one end says of a connection when it is over. */
export interface Told {
  /** Whether both ends have said that they are done. */
  readonly secured: boolean;
  /** `TLSv1.3`; absent when it was not secured. */
  readonly version?: string;
  /** IANA's name, by OpenSSL's own table. */
  readonly cipher?: string;
  readonly resumed: boolean;
  readonly alpn: string | false;
  readonly sent: readonly ToldAlert[];
  readonly received: readonly ToldAlert[];
  /** X.509 errors of the verification, by number. */
  readonly objections: readonly number[];
  /** Whether the connection ended with FIN where close_notify was due. */
  readonly cutOff: boolean;
}

let table: ReadonlyMap<string, string> | undefined;

/** OpenSSL's name of a suite → IANA's. */
export function ianaNames(): ReadonlyMap<string, string> {
  table ??= new Map(
    suites('ALL:COMPLEMENTOFALL:@SECLEVEL=0').map(({ name, iana }) => [name, iana]),
  );
  return table;
}

/** A suite, as `openssl ciphers` lists it. */
export interface Suite {
  readonly name: string;
  readonly iana: string;
  /** How keys are agreed on, such as `ECDH`, and how the server proves who it is, such as `RSA`. */
  readonly exchange: string;
  readonly proof: string;
}

/** The suites of a list in OpenSSL's language, in its order. */
export function suites(list: string, ...args: readonly string[]): readonly Suite[] {
  const { stdout } = spawnSync('openssl', ['ciphers', '-v', '-stdname', ...args, list], {
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [iana = '', , name = '', , exchange = '', proof = ''] = line.trim().split(/\s+/);
      return { name, iana, exchange: exchange.slice(3), proof: proof.slice(3) };
    });
}

/** Dials a port of this machine, and says every message that passes. */
export function startClient(port: number, ...args: readonly string[]): Program {
  const name = args.some((word) => /^-(no)?servername$/.test(word))
    ? []
    : ['-servername', 'localhost'];
  return new Program('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-msg',
    ...name,
    ...args,
  ]);
}

/** Serves connections on a free port. */
export async function startServer(
  ...args: readonly string[]
): Promise<{ server: Program; port: number }> {
  const server = new Program('openssl', ['s_server', '-accept', '127.0.0.1:0', '-msg', ...args]);
  const [, port] = await server.says(/^ACCEPT 127\.0\.0\.1:(\d+)$/m);
  return { server, port: Number(port) };
}

/** Reads what an end of OpenSSL has said. */
export function toldBy({ stdout, stderr }: Program): Told {
  const how = /^(New|Reused), \S+, Cipher is ([\w-]+)$/m.exec(stdout);
  const cipher = how?.[2] ?? /^(?:CIPHER is|Ciphersuite:) (\S+)$/m.exec(stdout + stderr)?.[1];
  const finished = (arrow: string): boolean =>
    new RegExp(`^${arrow} .*, Handshake \\[length [0-9a-f]+\\], Finished$`, 'm').test(stdout);
  const version = /TLS (1\.\d), Handshake \[length [0-9a-f]+\], Finished/.exec(stdout)?.[1];
  return {
    secured: finished('>>>') && finished('<<<'),
    ...(version !== undefined && { version: `TLSv${version.replace('.0', '')}` }),
    ...(cipher !== undefined && { cipher: ianaNames().get(cipher) ?? cipher }),
    resumed: how?.[1] === 'Reused' || /^Reused session-id$/m.test(stdout),
    alpn: /^ALPN protocols?(?: selected)?: (\S+)$/m.exec(stdout)?.[1] ?? false,
    sent: alertsIn(stdout, '>>>'),
    received: alertsIn(stdout, '<<<'),
    objections: [...stderr.matchAll(/^verify error:num=(\d+):/gm)].map(([, number]) =>
      Number(number),
    ),
    cutOff: /unexpected eof while reading/.test(stderr),
  };
}

function alertsIn(stdout: string, arrow: string): ToldAlert[] {
  const found = stdout.matchAll(
    /^(...) .*, Alert \[length 0002\], (?:fatal|warning) (\S+)\n +[0-9a-f]{2} ([0-9a-f]{2})/gm,
  );
  return [...found]
    .filter(([, direction]) => direction === arrow)
    .map(([, , name = '', number = '']) => [Number.parseInt(number, 16), name]);
}
