/** The certificates of a scenario, by name: authorities, and what they issue. */
import { printIsoTime } from '../base/iso-time';
import type { Authority } from '../certs/authority';
import type { Certificate } from '../certs/certificate';
import type { PresetName } from '../certs/preset-names';
import type { TrustedRoots } from '../certs/trusted-roots';
import type { Validity } from '../certs/validity';
import { type Entity, entityTitle, type NamedEntities } from './named-entities';
import type { StepWorld } from './step-world';

/** The authority that issues where a step names none. */
const defaultAuthority = 'ca';

/** What a step asks for. */
export interface CertificateWish {
  /** Separated by commas. */
  readonly names: string;
  readonly preset?: PresetName;
  readonly validity?: Validity;
  /** Name of the authority; default `ca`. */
  readonly signer?: string;
}

/** What stands behind a name: an authority, or a certificate with its key. */
export class ScenarioCertificate implements Entity {
  readonly name: string;
  /** `certificate "leaf"`. */
  readonly title: string;
  readonly #authority: Authority | undefined;
  #leaf: { readonly wish: CertificateWish; readonly certificate: Certificate } | undefined;

  constructor(name: string, authority?: Authority) {
    this.name = name;
    this.title = entityTitle('certificate', name);
    this.#authority = authority;
  }

  /** @throws Error it is none */
  get authority(): Authority {
    if (this.#authority !== undefined) return this.#authority;
    throw new Error(`${this.title} is a leaf, it cannot sign`);
  }

  /** @throws Error it is an authority */
  get certificate(): Certificate {
    if (this.#leaf !== undefined) return this.#leaf.certificate;
    throw new Error(
      `${this.title} is an authority; a server shows a certificate that it has signed`,
    );
  }

  /** How it was asked for; `undefined` for authorities. */
  get wish(): CertificateWish | undefined {
    return this.#leaf?.wish;
  }

  /** Whom a client trusts that trusts this. */
  get trusted(): TrustedRoots {
    if (this.#authority !== undefined) return this.#authority.trust();
    const { certificate } = this;
    return certificate.preset === 'selfSigned'
      ? { pem: certificate.cert, intermediates: [] }
      : certificate.trust();
  }

  /** Stands for another certificate from now on. */
  become(wish: CertificateWish, certificate: Certificate): void {
    if (this.#authority !== undefined) throw new Error(`${this.title} is an authority`);
    this.#leaf = { wish, certificate };
  }
}

/** The certificates of a scenario. */
export function certificates(world: StepWorld): NamedEntities<ScenarioCertificate> {
  return world.named('certificate');
}

/** Issues a certificate under a new name. */
export async function issue(world: StepWorld, name: string, wish: CertificateWish): Promise<void> {
  const known = certificates(world);
  const added = new ScenarioCertificate(known.newName({ name }));
  added.become(wish, await issued(world, wish));
  known.add(added, world.step.place);
}

/** Issues a certificate that has expired, in place of the one of that name if there is one. */
export async function expire(world: StepWorld, name: string, agoMs: number): Promise<void> {
  const known = certificates(world).find({ name });
  // Dates of certificates count in real time on every network: OpenSSL knows no other.
  const { realNow } = require('../certs/real-date') as typeof import('../certs/real-date');
  const end = realNow() - agoMs;
  const validity = { from: printIsoTime(end - dayMs), to: printIsoTime(end) };
  const wish = { ...(known?.wish ?? { names: 'localhost, 127.0.0.1, ::1' }), validity };
  if (known === undefined) await issue(world, name, wish);
  else known.become(wish, await issued(world, wish));
}

const dayMs = 86_400_000;

async function issued(world: StepWorld, wish: CertificateWish): Promise<Certificate> {
  const { signer = defaultAuthority, preset, validity } = wish;
  const { authority } = await authorityOf(world, signer);
  return await authority.issue({
    names: wish.names.split(',').map((name) => name.trim()),
    key: keyType(world),
    ...(preset !== undefined && { preset }),
    ...(validity !== undefined && { validity }),
  });
}

/** Who is trusted where an authority is asked for, which is made on first use. */
export async function trustedAuthority(world: StepWorld, name: string): Promise<TrustedRoots> {
  return (await authorityOf(world, name)).authority.trust();
}

/** The authority of a name, made on first use. */
async function authorityOf(world: StepWorld, name: string): Promise<ScenarioCertificate> {
  const known = certificates(world).find({ name });
  if (known !== undefined) return known;
  // The packages that issue take their time to load, and most scenarios need none.
  const { Authority } = require('../certs/authority') as typeof import('../certs/authority');
  const random = world.random.fork(`certificate ${name}`);
  const authority = await Authority.create({ key: keyType(world), random });
  return certificates(world).add(new ScenarioCertificate(name, authority), world.step.place);
}

/** Records of Ed25519 have the same length in every run, which traces can be compared by. */
function keyType(world: StepWorld): 'ec' | 'ed25519' {
  return world.kind === 'simulated' ? 'ed25519' : 'ec';
}
