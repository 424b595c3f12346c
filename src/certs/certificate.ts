import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { printIsoTime } from '../base/iso-time';
import { readText } from '../base/option-reader';
import { type Folder, folderPath, writePrivate, writePublic } from './folder';
import type { PresetName, PresetOutcome } from './preset-names';
import { readCertificateDate } from './real-date';
import type { TrustedRoots } from './trusted-roots';
import { writePkcs12 } from './write-pkcs12';

/** What a {@link Certificate} is made of. */
export interface CertificateParts {
  readonly cert: string;
  /** Intermediates that are sent along, the nearest first. */
  readonly above: readonly string[];
  readonly key: string;
  readonly roots: TrustedRoots;
  readonly preset: PresetName;
  readonly expect: PresetOutcome;
  /** What a server needs to be allowed to show it. */
  readonly ciphers?: string;
}

/**
 * A certificate with its key, as an authority issued it.
 *
 * @source docs/certificates.md
 */
export class Certificate {
  /** The certificate itself, PEM. */
  readonly cert: string;
  /** The certificate and the intermediates above it, without the root; PEM, ends in a newline. */
  readonly chain: string;
  /** The private key, PKCS#8 in PEM, not encrypted. */
  readonly key: string;
  /** Serial number, hex digits in upper case. */
  readonly serial: string;
  /** SHA-256, as 32 pairs of hex digits with colons. */
  readonly fingerprint256: string;
  /** First instant, such as `2026-01-31T23:59:59Z`. */
  readonly notBefore: string;
  /** Last instant. */
  readonly notAfter: string;
  /** What is wrong with it; `valid` when nothing is. */
  readonly preset: PresetName;
  /** What becomes of it, by the version of Node. */
  readonly expect: PresetOutcome;
  readonly #roots: TrustedRoots;
  readonly #ciphers: string | undefined;

  /** @internal */
  constructor(parts: CertificateParts) {
    const { serialNumber, fingerprint256, validFrom, validTo } = new X509Certificate(parts.cert);
    this.cert = parts.cert;
    this.chain = [parts.cert, ...parts.above].join('');
    this.key = parts.key;
    this.serial = serialNumber;
    this.fingerprint256 = fingerprint256;
    this.notBefore = printIsoTime(readCertificateDate(validFrom));
    this.notAfter = printIsoTime(readCertificateDate(validTo));
    this.preset = parts.preset;
    this.expect = parts.expect;
    this.#roots = parts.roots;
    this.#ciphers = parts.ciphers;
  }

  /**
   * Whom a peer must trust for {@link Certificate.expect} to come true: for `cert` of a secure
   * socket. That is the root of the authority, but for the presets whose root is bad.
   */
  trust(): TrustedRoots {
    return this.#roots;
  }

  /** The private key encrypted with AES-256-CBC, PKCS#8 in PEM. */
  encryptedKey(password: string): string {
    const passphrase = readText('password', password);
    return createPrivateKey(this.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString();
  }

  /**
   * Options for `tls.createServer`, `https.createServer` and the like.
   *
   * @returns `ciphers` only where OpenSSL would refuse to show the certificate without it
   */
  serverOptions(): { key: string; cert: string; ciphers?: string } {
    const options = { key: this.key, cert: this.chain };
    return this.#ciphers === undefined ? options : { ...options, ciphers: this.#ciphers };
  }

  /**
   * The key with its chain as a PKCS#12 store of today: AES-256-CBC, sealed with HMAC-SHA-256.
   *
   * @param alias - the friendly name; default `server`
   */
  toPkcs12(password: string, alias: string = 'server'): Buffer {
    const { key, chain } = this;
    return writePkcs12(
      { key, chain, alias: readText('alias', alias) },
      readText('password', password),
    );
  }

  /**
   * Writes `<base>.p12`, which only its owner may read.
   *
   * @param folder - as {@link Certificate.writeTo} has it
   * @param base - default `server`; also the friendly name
   * @returns the store, as `key` of a secure socket takes it
   */
  async writeStoreTo(
    folder: Folder,
    password: string,
    base: string = 'server',
  ): Promise<{ path: string; password: string }> {
    const store = this.toPkcs12(password, base);
    const beside = join(await folderPath(folder), base);
    return { path: await writePrivate(beside, `${base}.p12`, store), password };
  }

  /**
   * Writes `<base>.pem`, the chain, and `<base>.key`, the key, which only its owner may read.
   *
   * @param folder - where, or a scope: a fresh folder for temporary files that goes with the scope
   * @param base - default `server`
   * @returns the paths, as `key` of a secure socket takes them
   */
  async writeTo(
    folder: Folder,
    base: string = 'server',
  ): Promise<{ certFile: string; keyFile: string }> {
    const certFile = await writePublic(folder, `${base}.pem`, this.chain);
    const keyFile = await writePrivate(certFile, `${base}.key`, this.key);
    return { certFile, keyFile };
  }
}
