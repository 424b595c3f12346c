/** What is loaded for key material, and when. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Starts a listener with some key in a fresh process; what of certs and its packages was loaded then. */
async function loadedFor(key: string): Promise<Readonly<Record<string, boolean>>> {
  const program = `
    const { Listener } = require('./src/tcp/index.ts');
    const loaded = (part) => Object.keys(require.cache).some((path) => path.includes(part));
    const listener = new Listener(0, { secureSocket: { key: ${key} } });
    if (loaded('/src/certs/')) throw new Error('certs was loaded with the door');
    listener.start().then(async () => {
      console.log(JSON.stringify({
        certs: loaded('/src/certs/'),
        issuers: loaded('/@peculiar/x509/') && loaded('/selfsigned/'),
        forge: loaded('/node-forge/'),
      }));
      await listener.immediateStop();
    });`;
  const { stdout } = await run(
    process.execPath,
    ['-r', './scripts/register-typescript.js', '-e', program],
    { timeout: 60_000 },
  );
  return JSON.parse(stdout);
}

test('keys in PEM need nothing of certs', async () => {
  const key = "{ certFile: 'certs/server.pem', keyFile: 'certs/server.key' }";

  assert.deepEqual(await loadedFor(key), { certs: false, issuers: false, forge: false });
});

test('a self-signed key loads the issuers, and nothing that reads stores', async () => {
  assert.deepEqual(await loadedFor("'selfsigned'"), { certs: true, issuers: true, forge: false });
});

test('a key store loads what reads stores, and no issuer', async () => {
  const key = "{ path: 'certs/legacy/keystore.p12', password: 'ballerina' }";

  assert.deepEqual(await loadedFor(key), { certs: true, issuers: false, forge: true });
});
