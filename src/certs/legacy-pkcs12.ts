/**
 * PKCS#12 as it is on disk, read with `node-forge`, which is loaded here, on first need, and nowhere
 * else.
 *
 * Node opens no store whose certificates are encrypted with RC2, and none without a key.
 */
import { createPrivateKey } from 'node:crypto';

/** One entry of a store, as it lies in it. */
export interface StoreBag {
  readonly kind: 'key' | 'certificate';
  /** PKCS#8, or a certificate. */
  readonly der: Buffer;
  /** The friendly name; empty when there is none. */
  readonly alias: string;
}

type Forge = typeof import('node-forge');
type Asn1 = import('node-forge').asn1.Asn1;

/** Everything in a store. @throws what `node-forge` throws */
export async function openStore(bytes: Uint8Array, password: string): Promise<readonly StoreBag[]> {
  const { default: forge } = await import('node-forge');
  const { safeContents } = contentOf(forge, Buffer.from(bytes).toString('latin1'), password);
  const keyBags = [forge.pki.oids['keyBag'], forge.pki.oids['pkcs8ShroudedKeyBag']];
  return safeContents
    .flatMap(({ safeBags }) => safeBags)
    .flatMap((bag) => {
      const key = keyBags.includes(bag.type);
      const der = key ? keyOf(forge, bag) : certificateOf(forge, bag);
      const [alias = ''] = (bag.attributes as { friendlyName?: string[] }).friendlyName ?? [];
      return der === undefined ? [] : [{ kind: key ? 'key' : 'certificate', der, alias }];
    });
}

/**
 * The seal of a store takes a password as UTF-16, encryption of today as UTF-8, and the library gives
 * both the same text: beyond ASCII the second has its own try, behind a seal that has held.
 */
function contentOf(forge: Forge, store: string, password: string): Pfx {
  const outer = forge.asn1.fromDer(store);
  const isSealed = Array.isArray(outer.value) && outer.value.length > 2;
  try {
    return forge.pkcs12.pkcs12FromAsn1(outer, password);
  } catch (error) {
    const final = isSealed && error instanceof Error && /MAC|ASN\.1|DER/.test(error.message);
    if (final || /^[\x20-\x7e]*$/.test(password)) throw explained(error, isSealed);
  }
  const unsealed = forge.asn1.fromDer(store);
  if (Array.isArray(unsealed.value)) unsealed.value.splice(2);
  try {
    return forge.pkcs12.pkcs12FromAsn1(unsealed, Buffer.from(password).toString('latin1'));
  } catch (error) {
    throw explained(error, isSealed);
  }
}

/**
 * Without a seal a wrong password is noticed by the padding of what it decrypts, and once in some
 * hundred times only by what stands in there.
 */
function explained(error: unknown, isSealed: boolean): unknown {
  const known = error instanceof Error && /unsupported/i.test(error.message);
  return isSealed || known ? error : new Error('Failed to decrypt the store', { cause: error });
}

type Pfx = import('node-forge').pkcs12.Pkcs12Pfx;
type Bag = import('node-forge').pkcs12.Bag;

/** What the library does not know, such as keys and certificates of EC, it hands on as it is. */
function keyOf(forge: Forge, { key, asn1 }: Bag): Buffer | undefined {
  if (key === undefined || key === null) return asn1 && derOf(forge, asn1);
  const pem = forge.pki.privateKeyToPem(key);
  return createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
}

function certificateOf(forge: Forge, { cert, asn1 }: Bag): Buffer | undefined {
  if (cert === undefined || cert === null) return asn1 && derOf(forge, asn1);
  return derOf(forge, forge.pki.certificateToAsn1(cert));
}

function derOf(forge: Forge, asn1: Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}
