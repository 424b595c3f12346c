/** Our ends of TLS on the kernel's network, and what has become of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { TcpError } from '../../src/base/errors';
import type { TlsOutcome } from '../../src/base/tls-outcome';
import { Authority } from '../../src/certs/authority';
import type { Certificate } from '../../src/certs/certificate';
import { realWorld } from '../../src/network/real/world';
import type { TlsInfo } from '../../src/network/tls-info';
import type { World } from '../../src/network/world';
import { Client } from '../../src/tcp/client';
import { Listener } from '../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../src/tcp/secure-socket';

/** Of the kernel's clock, as are the programs at the other end. */
const longestMs = 15_000;

/** A fresh folder for temporary files, which the caller removes. */
export function freshFolder(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `brine-interop-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Files of certificates, as arguments that programs take. */
export class CertificateFiles {
  readonly #folder: string;
  readonly #written = new Map<Certificate, { certFile: string; keyFile: string }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `-cert FILE -key FILE`, and the chain above the certificate with the wanted option. */
  async args(certificate: Certificate, chain?: string): Promise<string[]> {
    const { certFile, keyFile } = await this.paths(certificate);
    const above = chain === undefined ? [] : [chain, certFile];
    return ['-cert', certFile, '-key', keyFile, ...above];
  }

  async paths(certificate: Certificate): Promise<{ certFile: string; keyFile: string }> {
    const known = this.#written.get(certificate);
    if (known !== undefined) return known;
    const paths = await certificate.writeTo(this.#folder, `${this.#written.size}`);
    this.#written.set(certificate, paths);
    return paths;
  }
}

/** An authority, what it has issued for localhost, and the folder of their files. */
export interface OwnCertificates {
  readonly folder: { readonly path: string };
  readonly files: CertificateFiles;
  readonly ca: Authority;
  readonly caFile: string;
  readonly server: Certificate;
}

/** Makes them before the tests of a file, and removes their files after them. */
export function ownCertificates(name: string): OwnCertificates {
  const folder = freshFolder(name);
  const issued: Partial<OwnCertificates> = { folder, files: new CertificateFiles(folder.path) };
  before(async () => {
    const ca = await Authority.create();
    const caFile = await ca.writeTo(folder.path);
    Object.assign(issued, { ca, caFile, server: await ca.issue('localhost') });
  });
  after(() => folder.remove());
  return issued as OwnCertificates;
}

/** A listener that echoes, and what has become of its connections, one by one. */
export interface OurListener {
  readonly port: number;
  readonly listener: Listener;
  /** The outcome of the next connection that has ended, secured or not. */
  next(): Promise<TlsOutcome>;
}

/** Runs with a listener of ours, and ends it whatever happens. */
export async function withListener<T>(
  secureSocket: ListenerSecureSocket,
  body: (ours: OurListener) => Promise<T>,
): Promise<T> {
  const world = realWorld();
  const told: TlsOutcome[] = [];
  let wake = (): void => undefined;
  const tell = (outcome: TlsOutcome | undefined): void => {
    if (outcome === undefined) throw new Error('a connection without TLS');
    told.push(outcome);
    wake();
  };
  const next = async (): Promise<TlsOutcome> => {
    for (;;) {
      const first = told.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  try {
    const listener = new Listener(0, { world, secureSocket });
    listener.attach(() => ({ onBytes: (bytes) => bytes }));
    listener.on('handshakeError', (error) => tell(error.tls));
    listener.on('close', (_info, caller) => tell(caller.tls?.outcome));
    const { port } = await listener.start();
    return await inTime(body({ port, listener, next }));
  } finally {
    await world.scope[Symbol.asyncDispose]();
  }
}

/** What waits in vain fails, so that what is open can be closed. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const late = setTimeout(longestMs, undefined, { signal }).then(
    () => Promise.reject(new Error(`not done within ${longestMs} ms`)),
    () => work,
  );
  return await Promise.race([work, late]).finally(() => over.abort());
}

/** What has become of a client of ours: told by itself, or by the error that it failed with. */
export interface OurClient {
  readonly outcome: TlsOutcome;
  readonly error?: TcpError;
  readonly tls?: TlsInfo;
}

/** Dials with a client of ours, runs with it, and closes it; failing is no error here. */
export async function withClient(
  port: number,
  secureSocket: ClientSecureSocket,
  body: (client: Client, world: World) => Promise<unknown>,
): Promise<OurClient> {
  const world = realWorld();
  let client: Client | undefined;
  try {
    client = await Client.connect(
      { host: '127.0.0.1', port },
      {
        world,
        secureSocket: { servername: 'localhost', ...secureSocket },
      },
    );
    const { tls } = client;
    if (tls === undefined) throw new Error('a client without TLS');
    const error = await inTime(body(client, world)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined && !TcpError.is(error)) throw error;
    await client.close();
    await client.closed;
    return { outcome: tls.outcome, tls, ...(error !== undefined && { error }) };
  } catch (error) {
    if (client !== undefined || !TcpError.is(error) || error.tls === undefined) throw error;
    return { outcome: error.tls, error };
  } finally {
    await world.scope[Symbol.asyncDispose]();
  }
}
