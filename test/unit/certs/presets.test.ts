/** What every preset promises, on the line of Node that runs this. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { TcpError } from '../../../src/base/errors';
import { Authority } from '../../../src/certs/authority';
import type { Certificate } from '../../../src/certs/certificate';
import { type PresetName, presetNames } from '../../../src/certs/preset-names';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../../src/tcp/secure-socket';

let ca: Authority;
before(async () => {
  ca = await Authority.create();
});

const [major = 0] = process.versions.node.split('.').map(Number);
const line = major < 24 ? 'node20' : 'node24';

interface Meeting {
  readonly client?: ClientSecureSocket;
  readonly listener?: Partial<ListenerSecureSocket>;
  readonly dial?: string;
}

/** Serves a certificate on one line and dials it; the kinds that both sides tell. */
async function meet(
  certificate: Certificate,
  { client = {}, listener = {}, dial = 'localhost' }: Meeting = {},
): Promise<{ readonly client: string; readonly server: string }> {
  return await simulatedWorld().run(async (world) => {
    const server = new Listener(0, { world, secureSocket: { key: certificate, ...listener } });
    let refused = 'none';
    server.attach(() => ({ onBytes: (data) => data }));
    server.on('handshakeError', (error) => {
      refused = error.kind ?? 'none';
    });
    const { port } = await server.start();
    try {
      const dialled = await Client.connect(dial, port, {
        world,
        secureSocket: { cert: certificate.trust(), ...client },
      });
      await dialled.writeBytes(Buffer.from('x'));
      await dialled.readBytes();
      await dialled.close();
      return { client: 'none', server: refused };
    } catch (error) {
      assert.ok(TcpError.is(error), String(error));
      return { client: error.kind ?? error.code, server: refused };
    }
  });
}

const here = ['localhost', '127.0.0.1', '::1'];

/** Presets that show only when more is done than to dial `localhost`. */
const special: Partial<Record<PresetName, () => Promise<Meeting>>> = {
  ipMissing: async () => ({ dial: '127.0.0.1' }),
  wildcard: async () => ({ client: { servername: 'a.b.brine.test' } }),
  revoked: async () => ({ client: { crl: await ca.crl() } }),
};

for (const preset of presetNames.filter((name) => name !== 'serverOnlyUsage')) {
  test(`the preset ${preset} does at a client what it promises`, async () => {
    const validity = preset === 'expiresIn' ? { validity: '5 minutes' } : {};
    const certificate = await ca.issue({ names: here, preset, ...validity });
    const { expect } = certificate;

    const outcome = await meet(certificate, await special[preset]?.());

    assert.equal(outcome.client, expect[line] ?? 'none');
    assert.equal(certificate.preset, preset);
  });
}

test('the preset serverOnlyUsage is refused by a listener that asks for certificates', async () => {
  const server = await ca.issue('localhost');
  const certificate = await ca.issueClient('alice', { preset: 'serverOnlyUsage' });

  const outcome = await meet(server, {
    client: { key: certificate },
    listener: { clientAuth: 'require', cert: ca.trust() },
  });

  assert.equal(outcome.server, certificate.expect[line]);
});

test('a certificate that expires soon fails once its time is over', async () => {
  const certificate = await ca.issue({ names: here, preset: 'expiresIn', validity: '1ms' });

  assert.equal((await meet(certificate)).client, 'cert-expired');
  await assert.rejects(ca.issue({ names: here, preset: 'expiresIn' }), {
    message: 'validity must be given for the preset "expiresIn", got undefined',
  });
});

test('a wildcard certificate is good for a name of one part more', async () => {
  const certificate = await ca.issue({ names: here, preset: 'wildcard' });

  const outcome = await meet(certificate, { client: { servername: 'a.brine.test' } });

  assert.equal(outcome.client, 'none');
});

test('a self-signed certificate is good for those who trust it', async () => {
  const certificate = await ca.issue({ names: here, preset: 'selfSigned' });

  const outcome = await meet(certificate, { client: { cert: { pem: certificate.cert } } });

  assert.equal(outcome.client, 'none');
});

test('a revoked certificate is accepted by a client without the list', async () => {
  const certificate = await ca.issue({ names: here, preset: 'revoked' });

  assert.equal((await meet(certificate)).client, 'none');
});

test('without knowing the intermediate, a chain without it is one of a stranger', async () => {
  const fresh = await Authority.create();
  const certificate = await fresh.issue({ names: here, preset: 'missingIntermediate' });

  const { pem } = fresh.trust();

  assert.equal((await meet(certificate, { client: { cert: { pem } } })).client, 'cert-untrusted');
});

for (const key of ['ec', 'ec-p384', 'ec-p521', 'rsa', 'ed25519'] as const) {
  test(`presets keep their promise below an authority whose key is ${key}`, async () => {
    const other = await Authority.create({ key });
    const between = await other.intermediate();
    const kinds: string[] = [];
    for (const preset of ['valid', 'expired', 'sha1', 'md5', 'notACa'] as const) {
      const { client } = await meet(await between.issue({ names: here, preset }));
      kinds.push(client);
    }

    const bad = ['cert-expired', 'cert-weak', 'cert-weak', 'cert-chain-invalid'];
    assert.deepEqual(kinds, ['none', ...bad]);
  });
}

test('Node takes no wildcard right below a top-level domain', () => {
  const fits = (pattern: string, host: string): boolean =>
    checkServerIdentity(host, {
      subject: { CN: 'x' },
      subjectaltname: `DNS:${pattern}`,
    } as PeerCertificate) === undefined;

  assert.equal(fits('*.test', 'a.test'), false);
  assert.equal(fits('*.brine.test', 'a.brine.test'), true);
  assert.equal(fits('*.brine.test', 'a.b.brine.test'), false);
});
