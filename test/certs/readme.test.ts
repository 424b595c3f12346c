/** certs/README.md says what the files of its folder are. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makersIn, readmeOf } from '../../scripts/certs/readme';
import { TcpError } from '../../src/base/errors';
import { Client } from '../../src/tcp/client';
import type { ClientConfiguration } from '../../src/tcp/client-configuration';
import { Listener } from '../../src/tcp/listener';
import { inRealWorld } from '../support/tcp-world';

const readme = readFileSync('certs/README.md', 'utf8');

/** The cells of every row that names a file. */
const rows = [...readme.matchAll(/^\| `([\w./-]+)` \| (.*) \|$/gm)].map(
  ([, file = '', rest = '']) => ({
    file,
    cells: rest.split(' | ').map((cell) => cell.trim()),
  }),
);

/** Rows of certificates that are shown to somebody. */
const served = rows
  .filter(({ file, cells }) => file.endsWith('.pem') && cells.length === 10)
  .map(({ file, cells }) => ({ file, kind: cells[8] ?? '', note: cells[9] ?? '' }))
  .filter(({ kind }) => kind !== '');

test('every file of certs/ has its row, and every row its file', () => {
  const files = readdirSync('certs', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/').replace('certs/', ''));

  assert.deepEqual(rows.map(({ file }) => file).sort(), files.sort());
});

test('every cell of certs/README.md is what the files say', async () => {
  assert.equal(readme, await readmeOf('certs', makersIn('certs/README.md')));
});

test('a file that is another one than its row says is found', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'brine-test-'));
  try {
    cpSync('certs', scratch, { recursive: true });
    for (const [from, to] of [
      ['server.pem', 'expired.pem'],
      ['server.key', 'expired.key'],
      ['legacy/pinned.p12', 'legacy/keystore.p12'],
    ] as const) {
      cpSync(join('certs', from), join(scratch, to));
      const page = (await readmeOf(scratch, makersIn('certs/README.md'))).split('\n');
      const different = readme.split('\n').filter((line, at) => page[at] !== line);
      assert.ok(
        different.some((line) => line.startsWith(`| \`${to}\``)),
        to,
      );
      cpSync(join('certs', to), join(scratch, to));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

const crl = readFileSync('certs/crl.pem', 'utf8');

function keyOf(file: string): { certFile: string; keyFile: string } {
  return { certFile: `certs/${file}`, keyFile: `certs/${file.replace('.pem', '.key')}` };
}

for (const { file, kind, note } of served) {
  test(`${file} is told as ${kind}`, { timeout: 20_000 }, async () => {
    await inRealWorld(async (world) => {
      const byClient = note.includes('for a client to show');
      const listener = new Listener(0, {
        world,
        secureSocket: {
          key: keyOf(byClient ? 'server.pem' : file),
          ...(byClient && { clientAuth: 'require', cert: 'certs/ca.pem' }),
        },
      });
      const refused = new Promise<TcpError>((resolve) => listener.on('handshakeError', resolve));
      listener.attach(() => ({ onBytes: (data) => data }));
      const { port } = await listener.start();
      const told = await dial(port, {
        world,
        secureSocket: {
          cert: 'certs/ca.pem',
          ...(note.includes('crl.pem') && { crl }),
          ...(byClient && { key: keyOf(file) }),
        },
      });

      const seen = kind === 'none' ? undefined : await refused;
      assert.equal((byClient && seen?.kind) || told, kind);
      await listener.gracefulStop();
    });
  });
}

async function dial(port: number, config: ClientConfiguration): Promise<string> {
  try {
    const client = await Client.connect('localhost', port, config);
    await client.writeBytes(Buffer.from('x'));
    await client.readBytes().catch(() => undefined);
    await client.close();
    return 'none';
  } catch (error) {
    assert.ok(TcpError.is(error), String(error));
    return error.kind ?? error.code;
  }
}

test('what is good in certs/ is so for ten more years', () => {
  const good = served.filter(({ kind }) => kind === 'none').map(({ file }) => file);
  const tenYears = Date.now() + 10 * 365 * 86_400_000;

  assert.ok(good.length >= 5);
  for (const file of [...good, 'ca.pem', 'intermediate.pem']) {
    const { validTo } = new X509Certificate(readFileSync(`certs/${file}`));
    assert.ok(Date.parse(validTo) > tenYears, `${file} ends ${validTo}`);
  }
});
