/**
 * Certificates for tests: an authority issues what is good, and by name what is not.
 *
 * An authority lives as long as the process that made it; nothing goes into the trust store of the
 * machine. `authority.ts` reads what was asked for, `signer.ts` says who signs what,
 * `issue-selfsigned.ts` and `issue-x509.ts` do it, `presets.ts` makes the bad ones.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { configError, tlsRefusal } from '../base/errors';
import {
  readCount,
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { Random } from '../base/random';
import { type AlternativeName, alternativeNameOf, readAlternativeName } from './alternative-name';
import { authorityName } from './authority-name';
import type { Certificate } from './certificate';
import { type Folder, writePublic } from './folder';
import { generateKey, type KeyType, keyTypes, pairOf, pkcs8Of } from './key-types';
import { pemBlocks, withNewline } from './pem';
import { readPkcs12 } from './pkcs12';
import { type PresetName, presetNames } from './preset-names';
import { issuePreset } from './presets';
import { realNow } from './real-date';
import { revocationList } from './revocation-list';
import { type LeafPlan, makeIntermediate, makeRoot, rootOf, type Signer } from './signer';
import { type TrustEnvironment, trustEnvironment } from './trust-environment';
import type { TrustedRoots } from './trusted-roots';
import { readValidity, type Validity } from './validity';

/** How to make an {@link Authority}. Everything may be left out. */
export interface AuthorityOptions {
  /** Common name; default: a name that no other authority has. */
  readonly name?: string;
  /** Default `ec`. */
  readonly key?: KeyType;
  /** Default `'24h'`, from an hour ago. */
  readonly validity?: Validity;
  /**
   * Whether certificates name their key and that of their issuer, as RFC 5280 has it and Python
   * from 3.13 on insists; default `true`.
   */
  readonly identifiers?: boolean;
  /** Where serial numbers come from, so that they can be repeated; keys never can. */
  readonly random?: Random;
}

/** How to make an authority below another. */
export interface IntermediateOptions {
  readonly name?: string;
  readonly key?: KeyType;
  readonly validity?: Validity;
  /** How many more may stand below it; default: any number. */
  readonly pathLen?: number;
}

/** What a certificate is to be. */
export interface IssueOptions {
  /** DNS names, which may begin with `*.`, IP addresses, mail addresses, URIs; at least one. */
  readonly names: readonly string[];
  /** Default `valid`. */
  readonly preset?: PresetName;
  /** Default `ec`, or what the preset is about. */
  readonly key?: KeyType;
  /** Default `'24h'`, from an hour ago; presets about dates have their own. */
  readonly validity?: Validity;
}

/**
 * An authority for tests: a root, or an intermediate below one.
 *
 * @source docs/certificates.md
 * @example
 * const ca = await Authority.create();
 * const server = await ca.issue('localhost', '127.0.0.1');
 */
export class Authority {
  readonly #signer: Signer;

  private constructor(signer: Signer) {
    this.#signer = signer;
  }

  /**
   * Makes a root.
   *
   * @throws TcpError `ECONFIG` - an option that cannot be
   */
  static async create(options: AuthorityOptions = {}): Promise<Authority> {
    const given = readObject('options', options);
    const known = ['name', 'key', 'validity', 'identifiers', 'random'];
    refuseUnknownKeys('AuthorityOptions', given, known);
    const { name, key = 'ec', validity, identifiers = true, random } = options;
    const period = readValidity(validity);
    const type = readOneOf('key', key, keyTypes);
    const how = howOf(readFlag('identifiers', identifiers), random);
    const keys = await generateKey(type);
    const subject = readName(name) ?? authorityName('Brine test authority', keys);
    return new Authority(await makeRoot({ subject, keys, period }, how));
  }

  /**
   * Takes an authority that was made before.
   *
   * @param options - PEM; `cert` is a root; the rest as {@link Authority.create} has it
   * @throws TcpError `ETLSCONFIG` - no certificate of an authority, no key, or a key of another
   */
  static async fromPem(options: {
    readonly cert: string;
    readonly key: string;
    readonly keyPassword?: string;
    readonly identifiers?: boolean;
    readonly random?: Random;
  }): Promise<Authority> {
    const given = readObject('options', options);
    const known = ['cert', 'key', 'keyPassword', 'identifiers', 'random'];
    refuseUnknownKeys('options', given, known);
    const { cert, key, keyPassword, identifiers = true, random } = options;
    const [block] = pemBlocks('CERTIFICATE', readText('cert', cert));
    if (block === undefined) throw tlsRefusal('cert', 'cert: no certificate in PEM');
    const keys = pairOf(readPrivateKey(readText('key', key), keyPassword));
    const read = new X509Certificate(block);
    if (!read.ca) throw tlsRefusal('cert', `cert: ${oneLine(read)} is no authority`);
    if (!read.checkPrivateKey(keys.privateKey)) {
      throw tlsRefusal('key', `key: it does not belong to the certificate of ${oneLine(read)}`);
    }
    return new Authority(rootOf(block, keys, howOf(readFlag('identifiers', identifiers), random)));
  }

  /**
   * Takes an authority from a PKCS#12 store: its first key that is one of an authority.
   *
   * @param bytes - the file
   * @throws TcpError `ETLSCONFIG` - another password, no store, or no authority with a key in it
   */
  static async fromPkcs12(bytes: Uint8Array, password: string): Promise<Authority> {
    const { keys } = await readPkcs12(bytes, password);
    const found = keys.find(({ chain }) => new X509Certificate(chain).ca);
    if (found === undefined) throw tlsRefusal('', 'the store has no authority with its key');
    return await Authority.fromPem({ cert: found.chain, key: found.key });
  }

  /** Its certificate, PEM. */
  get cert(): string {
    return this.#signer.cert;
  }

  /** Its private key, PKCS#8 in PEM. */
  get key(): string {
    return pkcs8Of(this.#signer.keys.privateKey);
  }

  /**
   * Makes an authority below this one; what that one issues brings its certificate along.
   *
   * @throws TcpError `ECONFIG` - an option that cannot be
   */
  async intermediate(options: IntermediateOptions = {}): Promise<Authority> {
    const given = readObject('options', options);
    refuseUnknownKeys('IntermediateOptions', given, ['name', 'key', 'validity', 'pathLen']);
    const { name, key = 'ec', validity, pathLen } = options;
    const period = readValidity(validity);
    const keys = await generateKey(readOneOf('key', key, keyTypes));
    const subject = readName(name) ?? authorityName('Brine intermediate', keys);
    const path = pathLen === undefined ? {} : { pathLength: readCount('pathLen', pathLen) };
    return new Authority(await makeIntermediate(this.#signer, { subject, keys, period, ...path }));
  }

  /**
   * Issues a certificate for servers and clients.
   *
   * @param wish - names, or options; the first name is the common name as well
   * @throws TcpError `ECONFIG` - no name, or an option that cannot be
   */
  issue(...wish: readonly string[] | readonly [IssueOptions]): Promise<Certificate>;
  async issue(...wish: readonly unknown[]): Promise<Certificate> {
    const options = typeof wish[0] === 'object' ? readObject('options', wish[0]) : { names: wish };
    const { names: list, ...rest } = options;
    const names = readNames(list);
    const subject = names[0].value;
    const plan = { ...readLeaf(rest), subject, names, usages: ['server', 'client'] as const };
    return await issuePreset(this.#signer, plan);
  }

  /**
   * Issues a certificate that only a client may show.
   *
   * @param name - common name, and DNS name where it can be one
   * @param options - as {@link Authority.issue} has them
   */
  async issueClient(name: string, options: Omit<IssueOptions, 'names'> = {}): Promise<Certificate> {
    const subject = readText('name', name);
    const known = alternativeNameOf(subject);
    const names = known === undefined ? [] : [known];
    const leaf = readLeaf(readObject('options', options));
    return await issuePreset(this.#signer, { ...leaf, subject, names, usages: ['client'] });
  }

  /** Takes a certificate back: it is in every list from now on. */
  async revoke(leaf: Pick<Certificate, 'serial'>): Promise<void> {
    const { revoked } = this.#signer;
    const serial = readText('serial', leaf.serial);
    if (revoked.some((known) => known.serial === serial)) return;
    revoked.push({ serial, at: realNow() });
  }

  /**
   * The signed list of what this authority has taken back, PEM, for `crl` of a secure socket.
   *
   * @param options - `nextUpdate`: until when it counts; default `'24h'`
   */
  async crl(options: { readonly nextUpdate?: Validity } = {}): Promise<string> {
    refuseUnknownKeys('options', readObject('options', options), ['nextUpdate']);
    return await revocationList(this.#signer, readValidity(options.nextUpdate));
  }

  /** Whom to trust: for `cert` of a secure socket. An intermediate gives its root. */
  trust(): TrustedRoots {
    return this.#signer.roots;
  }

  /** Writes `ca.pem`, the root. @returns its path */
  async writeTo(folder: Folder): Promise<string> {
    return await writePublic(folder, 'ca.pem', this.#signer.roots.pem);
  }

  /** Writes `ca.pem`, and says in which variables other programs look for its path. */
  async env(folder: Folder): Promise<TrustEnvironment> {
    return trustEnvironment(await this.writeTo(folder));
  }
}

function howOf(
  identifiers: boolean,
  random: Random | undefined,
): Pick<Signer, 'identifiers' | 'random'> {
  return random === undefined ? { identifiers } : { identifiers, random };
}

function readLeaf(options: Record<string, unknown>): Pick<LeafPlan, 'key' | 'period' | 'preset'> {
  refuseUnknownKeys('IssueOptions', options, ['names', 'preset', 'key', 'validity']);
  const { preset = 'valid', key = 'ec', validity } = options;
  const name = readOneOf('preset', preset, presetNames);
  if (name === 'expiresIn' && validity === undefined) {
    throw configError('validity', 'given for the preset "expiresIn"', validity);
  }
  return {
    preset: name,
    key: readOneOf('key', key, keyTypes),
    period: readValidity(validity),
  };
}

function readName(name: unknown): string | undefined {
  return name === undefined ? undefined : readText('name', name);
}

function readNames(value: unknown): readonly [AlternativeName, ...AlternativeName[]] {
  const names = Array.isArray(value) ? value : [];
  const [first, ...rest] = names.map((name, index) => readAlternativeName(`names[${index}]`, name));
  if (first !== undefined) return [first, ...rest];
  throw configError('names', 'at least one name', value);
}

function readPrivateKey(pem: string, password: unknown): ReturnType<typeof createPrivateKey> {
  try {
    if (password === undefined) return createPrivateKey(withNewline(pem));
    return createPrivateKey({ key: pem, passphrase: readText('keyPassword', password) });
  } catch (cause) {
    throw tlsRefusal('key', 'key: no private key in PEM that opens', { cause });
  }
}

function oneLine({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}
