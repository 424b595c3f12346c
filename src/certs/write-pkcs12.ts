/**
 * Writes a PKCS#12 store of today: PBES2 with AES-256-CBC, sealed with HMAC-SHA-256.
 *
 * @source https://www.rfc-editor.org/rfc/rfc7292
 */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  pbkdf2Sync,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { der, integer, oid, sequence, tags } from './der';
import { pemBlocks } from './pem';

const ids = {
  data: oid('1.2.840.113549.1.7.1'),
  encryptedData: oid('1.2.840.113549.1.7.6'),
  keyBag: oid('1.2.840.113549.1.12.10.1.2'),
  certificateBag: oid('1.2.840.113549.1.12.10.1.3'),
  x509: oid('1.2.840.113549.1.9.22.1'),
  friendlyName: oid('1.2.840.113549.1.9.20'),
  localKeyId: oid('1.2.840.113549.1.9.21'),
  pbes2: oid('1.2.840.113549.1.5.13'),
  pbkdf2: oid('1.2.840.113549.1.5.12'),
  hmacSha256: oid('1.2.840.113549.2.9'),
  aes256Cbc: oid('2.16.840.1.101.3.4.1.42'),
  sha256: oid('2.16.840.1.101.3.4.2.1'),
};

/** As many as OpenSSL takes: these keys guard nothing, and tests must not wait for them. */
const rounds = 2_048;
const saltBytes = 16;
const nothing = der(tags.nothing);

/** What goes into a store. */
export interface StoredKey {
  /** PKCS#8 in PEM, not encrypted. */
  readonly key: string;
  /** PEM, the certificate of the key first. */
  readonly chain: string;
  readonly alias: string;
}

/** A store with one key and its certificates. */
export function writePkcs12({ key, chain, alias }: StoredKey, password: string): Buffer {
  const certificates = pemBlocks('CERTIFICATE', chain).map((pem) => new X509Certificate(pem).raw);
  const [leaf = Buffer.alloc(0)] = certificates;
  // What belongs together is found by this.
  const own = attributes(alias, createHash('sha1').update(leaf).digest());
  const shrouded = createPrivateKey(key).export({
    type: 'pkcs8',
    format: 'der',
    cipher: 'aes-256-cbc',
    passphrase: password,
  });
  const keys = sequence(bag(ids.keyBag, shrouded, own));
  const bags = certificates.map((raw, index) => certificateBag(raw, index === 0 ? [own] : []));
  const content = sequence(
    encrypted(sequence(...bags), password),
    sequence(ids.data, der(tags.outer, der(tags.octets, keys))),
  );
  const safe = sequence(ids.data, der(tags.outer, der(tags.octets, content)));
  return sequence(integer(3), safe, seal(content, password));
}

function certificateBag(raw: Uint8Array, more: readonly Buffer[]): Buffer {
  const value = sequence(ids.x509, der(tags.outer, der(tags.octets, raw)));
  return bag(ids.certificateBag, value, ...more);
}

function bag(id: Buffer, value: Uint8Array, ...more: readonly Buffer[]): Buffer {
  return sequence(id, der(tags.outer, value), ...more);
}

function attributes(alias: string, keyId: Buffer): Buffer {
  const name = der(tags.bmpText, bigEndian(alias));
  return der(
    tags.set,
    sequence(ids.friendlyName, der(tags.set, name)),
    sequence(ids.localKeyId, der(tags.set, der(tags.octets, keyId))),
  );
}

function encrypted(plain: Buffer, password: string): Buffer {
  const [salt, iv] = [randomBytes(saltBytes), randomBytes(16)];
  const cipher = createCipheriv(
    'aes-256-cbc',
    pbkdf2Sync(password, salt, rounds, 32, 'sha256'),
    iv,
  );
  const hidden = Buffer.concat([cipher.update(plain), cipher.final()]);
  const derived = sequence(
    ids.pbkdf2,
    sequence(der(tags.octets, salt), integer(rounds), sequence(ids.hmacSha256, nothing)),
  );
  const how = sequence(ids.aes256Cbc, der(tags.octets, iv));
  const info = sequence(
    ids.data,
    sequence(ids.pbes2, sequence(derived, how)),
    der(tags.inPlace, hidden),
  );
  return sequence(ids.encryptedData, der(tags.outer, sequence(integer(0), info)));
}

function seal(content: Buffer, password: string): Buffer {
  const salt = randomBytes(saltBytes);
  const digest = createHmac('sha256', sealKey(password, salt)).update(content).digest();
  const told = sequence(sequence(ids.sha256, nothing), der(tags.octets, digest));
  return sequence(told, der(tags.octets, salt), integer(rounds));
}

/** The key of a seal, which has its own derivation (RFC 7292, appendix B.2): 32 bytes are one turn. */
function sealKey(password: string, salt: Buffer): Buffer {
  const block = 64;
  const purpose = Buffer.alloc(block, 3);
  const secret = bigEndian(`${password}\0`);
  let key = Buffer.concat([purpose, filled(salt, block), filled(secret, block)]);
  for (let round = 0; round < rounds; round++) key = createHash('sha256').update(key).digest();
  return key;
}

/** Bytes again and again, up to whole blocks. */
function filled(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
