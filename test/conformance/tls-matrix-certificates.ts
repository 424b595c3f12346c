import * as x509 from '@peculiar/x509';
import { Authority } from '../../src/certs/authority';
import type { TlsKey } from '../../src/network/tls-settings';
import { issue, revocationList, type Wish, withChain } from '../support/issuing';
import { authority, keyOf, leafOf, pem } from '../support/test-certificates';
import type { MatrixRow } from './tls-matrix';

const gone = 'gone';
const onNode20 = process.versions.node.startsWith('20.');
/** What OpenSSL needs to be told to serve what it holds for too weak. */
const weak = { ciphers: { openssl: 'DEFAULT@SECLEVEL=0' } } as const;
const mustStaple = new x509.Extension(
  '1.3.6.1.5.5.7.1.24',
  false,
  new Uint8Array([0x30, 3, 2, 1, 5]),
);

/** Certificates that are odd, with what a client tells that checks them. */
export async function certificateRows(): Promise<readonly MatrixRow[]> {
  return [...fixedRows(), ...(await chainRows()), ...(await weakRows()), ...(await revokedRows())];
}

function row(
  name: string,
  fault: string,
  { cert, key }: TlsKey,
  client: string,
  options: Pick<Partial<MatrixRow>, 'client' | 'listener' | 'host'> = {},
): MatrixRow {
  return {
    name: `certificate-${name}`,
    fault,
    layer: 'A',
    client: options.client ?? {},
    ...(options.host !== undefined && { host: options.host }),
    listener: { ...options.listener, tlsFault: { certificate: { cert, key } } },
    expect: { client, listener: client === 'none' ? 'none' : gone },
  };
}

/** Certificates that are in the folder. */
function fixedRows(): readonly MatrixRow[] {
  const known = { knownIntermediates: [pem('intermediate.pem')] };
  const below = leafOf('chain');
  const stranger = keyOf('untrusted-root');
  return [
    row('good', 'a certificate that is in order', keyOf('server'), 'none'),
    row('expired', 'one that has expired', keyOf('expired'), 'cert-expired'),
    row('early', 'one that is not valid yet', keyOf('not-yet-valid'), 'cert-not-yet-valid'),
    row('other-name', 'one for another name', keyOf('wrong-host'), 'cert-host-mismatch'),
    row(
      'stranger',
      'one of an authority that nobody knows',
      keyOf('untrusted-root'),
      'cert-untrusted',
    ),
    row('self-signed', 'one that is signed by itself', keyOf('self-signed'), 'cert-self-signed'),
    row('self-signed-trusted', 'the same, trusted', keyOf('self-signed'), 'none', {
      client: { cert: { pem: pem('self-signed.pem') } },
    }),
    row('incomplete', 'an intermediate is missing that is known', below, 'cert-incomplete-chain', {
      client: known,
    }),
    row('incomplete-unknown', 'an intermediate is missing', below, 'cert-untrusted'),
    row('complete', 'with its intermediate', keyOf('chain'), 'none'),
    row('wrong-use', 'one for clients', keyOf('client'), 'cert-wrong-usage', {
      client: { verifyHostname: false },
    }),
    row(
      'address-missing',
      'one without the address that is dialled',
      keyOf('wrong-host'),
      'cert-host-mismatch',
      { host: '127.0.0.1' },
    ),
    row('address', 'one with the address that is dialled', keyOf('server'), 'none', {
      host: '127.0.0.1',
    }),
    row('pinned', 'the pinned one, of an authority that nobody knows', stranger, 'none', {
      client: { cert: { pin: stranger.cert } },
    }),
    row('not-pinned', 'another one than was pinned', keyOf('server'), 'cert-untrusted', {
      client: { cert: { pin: stranger.cert } },
    }),
    row('rsa', 'an RSA key', keyOf('server-rsa'), 'none'),
    row('ed25519', 'an Ed25519 key', keyOf('server-ed25519'), 'none'),
  ];
}

async function chainRows(): Promise<readonly MatrixRow[]> {
  const root = await issue({ name: 'root', authority: true });
  const leaf = (wish: Partial<Wish> = {}) => issue({ name: 'localhost', issuer: root, ...wish });
  const client = { cert: { pem: root.pem } };
  const between = (wish: Partial<Wish> = {}) =>
    issue({ name: 'between', authority: true, issuer: root, ...wish });
  const late = await between({ days: [-30, -1] });
  const good = await between();
  const lower = await issue({ name: 'lower', authority: true, issuer: good });
  const leafBelow = await leaf({ issuer: good });
  const last = { cert: good.pem + leafBelow.pem, key: leafBelow.key };
  const short = await between({ name: 'short', pathLength: 0 });
  const tooDeep = await issue({ name: 'deep', authority: true, issuer: short });
  const plain = await leaf({ names: [] });
  const stray = await leaf({ name: 'no authority' });
  const oldRoot = await issue({ name: 'old root', authority: true, days: [-30, -1] });
  const of = (issuer: Awaited<ReturnType<typeof issue>>) => leaf({ issuer });
  const odd = (name: string, fault: string, certificate: TlsKey, kind: string, trusted = root) =>
    row(name, fault, certificate, kind, { client: { ...client, cert: { pem: trusted.pem } } });
  return [
    odd('by-name-only', 'CN=localhost and no alternative name', plain, 'none'),
    odd(
      'wildcard-too-deep',
      '*.test for a.b.test',
      await leaf({ names: ['*.test'] }),
      'cert-host-mismatch',
    ),
    row(
      'stranger-with-root',
      'the root of a stranger is sent along',
      withChain(await leaf(), root),
      'cert-untrusted',
      { client: { cert: { pem: authority } } },
    ),
    odd(
      'anchor-is-no-root',
      'only the intermediate is trusted',
      withChain(await of(good), good),
      'cert-incomplete-chain',
      good,
    ),
    row(
      'anchor-need-not-be-a-root',
      'the same, where an anchor need not be a root',
      withChain(await of(good), good),
      'none',
      { client: { cert: { pem: good.pem }, allowPartialTrustChain: true } },
    ),
    odd(
      'chain-in-disorder',
      'two intermediates, the upper one first',
      withChain(await of(lower), good, lower),
      'none',
    ),
    {
      ...row('leaf-not-first', 'an intermediate before the leaf', last, 'not dialled', {
        client,
        listener: {},
      }),
      expect: { client: 'not dialled', listener: 'config' },
    },
    odd(
      'expired-between',
      'an intermediate that has expired',
      withChain(await of(late), late),
      'cert-expired',
    ),
    odd('expired-root', 'a root that has expired', await of(oldRoot), 'cert-expired', oldRoot),
    odd(
      'chain-too-long',
      'an intermediate below one that allows none',
      withChain(await of(tooDeep), tooDeep, short),
      'cert-chain-invalid',
    ),
    odd(
      'issuer-is-no-authority',
      'one that a leaf has signed',
      withChain(await of(stray), stray),
      'cert-chain-invalid',
    ),
    odd('must-staple', 'one that promises OCSP', await leaf({ more: [mustStaple] }), 'none'),
    row('ocsp-asked', 'OCSP is asked for, and there is none', plain, 'none', {
      client: { ...client, requestOcsp: true },
    }),
    row('ocsp-sent', 'OCSP is asked for, and what comes is none', plain, 'none', {
      client: { ...client, requestOcsp: true },
      listener: { ocspResponse: Buffer.from('no proof') },
    }),
  ];
}

async function weakRows(): Promise<readonly MatrixRow[]> {
  const [root, old] = await Promise.all([
    issue({ name: 'root', authority: true }),
    issue({ name: 'old root', authority: true, key: 'rsa', hash: 'SHA-1' }),
  ]);
  const small = await issue({ name: 'localhost', issuer: root, key: 'rsa-1024' });
  const sha1 = await issue({ name: 'localhost', issuer: old, key: 'rsa', hash: 'SHA-1' });
  const trusting = ({ pem: text }: { readonly pem: string }) => ({ cert: { pem: text } });
  const tiny = await issue({ name: 'localhost', issuer: root, key: 'rsa-512' });
  const strong = await Authority.create({ key: 'rsa' });
  const md5 = await strong.issue({ names: ['localhost'], preset: 'md5' });
  const refused = { client: 'not dialled', listener: 'config' };
  const plain = row('rsa-1024', 'RSA of 1024 bits', small, 'none', { client: trusting(root) });
  return [
    // OpenSSL of Node 24 wants more of a server and of a client.
    onNode20 ? plain : { ...plain, expect: refused },
    row(
      'rsa-1024-forced',
      'RSA of 1024 bits, served at level 0',
      small,
      onNode20 ? 'none' : 'cert-weak',
      { client: trusting(root), listener: weak },
    ),
    { ...row('rsa-512', 'RSA of 512 bits', tiny, 'config'), expect: refused },
    {
      ...row('rsa-512-forced', 'RSA of 512 bits, served at level 0', tiny, 'none', {
        client: trusting(root),
        listener: weak,
      }),
      expect: { client: 'alert-received handshake_failure', listener: 'no-shared-sigalg' },
    },
    row('md5-forced', 'signed with MD5, served at level 0', md5, 'cert-weak', {
      client: { cert: strong.trust() },
      listener: weak,
    }),
    row('sha-1-forced', 'signed with SHA-1, served at level 0', sha1, 'cert-weak', {
      client: trusting(old),
      listener: weak,
    }),
  ];
}

async function revokedRows(): Promise<readonly MatrixRow[]> {
  const root = await issue({ name: 'root', authority: true });
  const other = await issue({ name: 'another root', authority: true });
  const [bad, good] = [
    await issue({ name: 'localhost', issuer: root }),
    await issue({ name: 'localhost', issuer: root }),
  ];
  const list = await revocationList(root, [bad]);
  const past = await revocationList(root, [bad], -1);
  const foreign = await revocationList(other, []);
  const judged = (name: string, fault: string, crl: string, kind: string, leaf = bad) =>
    row(name, fault, leaf, kind, { client: { cert: { pem: root.pem }, crl } });
  return [
    judged('revoked', 'one that is in the list of revoked ones', list, 'cert-revoked'),
    judged('not-revoked', 'one that is not in the list', list, 'none', good),
    judged('old-list', 'a list that is out of date', past, 'cert-revocation-unknown', good),
    judged('other-list', 'a list of another authority', foreign, 'cert-revocation-unknown', good),
  ];
}
