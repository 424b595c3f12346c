/**
 * Laws of TLS between two ends of ours, for any offers, certificates, faults and segments.
 *
 * All of it runs on the simulated network. A failure prints the seed of fast-check that repeats it.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { needsEndpoint } from '../../../src/faults/tls-fault';
import { presetNamed, tlsFaultPresets } from '../../../src/faults/tls-fault-presets';
import type { TlsVersion } from '../../../src/network/tls-settings';
import type { PlannedCut } from '../../../src/simulation/plan';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import type { ClientSecureSocket, ListenerSecureSocket } from '../../../src/tcp/secure-socket';
import { converse, type Told, words } from '../../conformance/tls-conversation';
import { authority, keyOf, pem } from '../../support/test-certificates';

interface Ends {
  readonly client: ClientSecureSocket;
  readonly listener: Partial<ListenerSecureSocket>;
  /** The name of the listener's certificate in the folder. */
  readonly shown: string;
  /** Whether the client checks the chain, or only that it is the certificate of `server`. */
  readonly pinned: boolean;
  readonly clientKey: string | undefined;
}

interface Played extends Told {
  readonly virtualUs: number;
  /** What each direction carried. */
  readonly wire: readonly Buffer[];
}

const limit = '2s';
const limitUs = 2_000_000;
/** What closing may take on top of a handshake that was given up. */
const slackUs = 1_500_000;
const serverPin = new X509Certificate(pem('server.pem')).fingerprint256;

const versions: fc.Arbitrary<TlsVersion[]> = fc.constantFrom<TlsVersion[]>(
  ['TLSv1.3'],
  ['TLSv1.2'],
  ['TLSv1.2', 'TLSv1.3'],
);
const alpn = fc.option(fc.constantFrom(['a'], ['b'], ['b', 'a']), { nil: undefined });

const ends: fc.Arbitrary<Ends> = fc
  .record({
    client: versions,
    listener: versions,
    clientAlpn: alpn,
    listenerAlpn: alpn,
    shown: fc.constantFrom(
      'server',
      'server',
      'expired',
      'wrong-host',
      'untrusted-root',
      'self-signed',
      'not-yet-valid',
    ),
    pinned: fc.boolean(),
    verifyHostname: fc.boolean(),
    clientAuth: fc.constantFrom('none', 'none', 'require'),
    clientKey: fc.constantFrom(undefined, 'client', 'client-expired'),
  })
  .map((wish) => ({
    client: {
      protocol: { versions: wish.client },
      handshakeTimeout: limit,
      ...(wish.clientAlpn !== undefined && { alpn: wish.clientAlpn }),
      cert: wish.pinned ? { pin: serverPin } : { pem: authority },
      verifyHostname: wish.verifyHostname,
      ...(wish.clientKey !== undefined && { key: keyOf(wish.clientKey) }),
    },
    listener: {
      protocol: { versions: wish.listener },
      handshakeTimeout: limit,
      ...(wish.listenerAlpn !== undefined && { alpn: wish.listenerAlpn }),
      key: keyOf(wish.shown),
      ...(wish.clientAuth === 'require' && {
        clientAuth: 'require' as const,
        cert: { pem: authority },
      }),
    },
    shown: wish.shown,
    pinned: wish.pinned,
    clientKey: wish.clientKey,
  }));

/** Where both flights are cut: anywhere, dense at their beginnings. */
const cuts: fc.Arbitrary<PlannedCut[]> = fc.array(
  fc.record({
    connection: fc.constant(1),
    direction: fc.constantFrom<'in' | 'out'>('in', 'out'),
    at: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3_500 })),
  }),
  { maxLength: 40 },
);

const faults = fc.constantFrom(...tlsFaultPresets.map(({ name }) => name));

async function play({ client, listener }: Ends, cutAt: readonly PlannedCut[]): Promise<Played> {
  const world = simulatedWorld({ trace: 'full', plan: { v: 1, cuts: cutAt } });
  const { tlsFault } = listener;
  const preset = typeof tlsFault === 'string' ? presetNamed(tlsFault) : undefined;
  const scripted = preset !== undefined && 'on' in preset.fault && !needsEndpoint(preset.fault);
  const told = await world.run(() =>
    converse(world, client, listener, scripted ? 'client' : 'both'),
  );
  const written = world.trace.events.filter(({ kind }) => kind === 'write');
  const wire = (['c1', 's1'] as const).map((id) =>
    Buffer.concat(
      written
        .filter(({ connection }) => connection === id)
        .map(({ bytes }) => bytes ?? Buffer.of()),
    ),
  );
  return { ...told, virtualUs: world.clock.now(), wire };
}

/** What a client makes of the certificate that it is shown. */
function judgement({ client, shown, pinned }: Ends): string | undefined {
  if (pinned) return shown === 'server' ? undefined : 'cert-untrusted';
  const kinds: Record<string, string | undefined> = {
    expired: 'cert-expired',
    'not-yet-valid': 'cert-not-yet-valid',
    'untrusted-root': 'cert-untrusted',
    'self-signed': 'cert-self-signed',
    'wrong-host': client.verifyHostname ? 'cert-host-mismatch' : undefined,
  };
  return kinds[shown];
}

/** All that two ends without a fault may tell: the client, the listener. */
function expected(pair: Ends): { readonly client: string[]; readonly listener: string[] } {
  const { client, listener, clientKey } = pair;
  const known = listener.protocol?.versions ?? [];
  const common = (client.protocol?.versions ?? []).filter((version) => known.includes(version));
  if (common.length === 0) return same('version-mismatch');
  const { alpn: offered } = client;
  const { alpn: taken } = listener;
  if (offered && taken && !offered.some((name) => taken.includes(name))) return same('no-alpn');
  const late = common.includes('TLSv1.3');
  const refused = judgement(pair);
  const gone = ['closed-in-handshake', 'reset-in-handshake', 'truncated', 'ECONNRESET'];
  const asked = listener.clientAuth === 'require' && clientKey !== 'client';
  if (!asked) return refused ? { client: [refused], listener: gone } : same('none');
  const missing = clientKey === undefined;
  const ours = missing
    ? [late ? 'client-cert-missing' : 'alert-received handshake_failure']
    : [late ? 'truncated' : 'closed-in-handshake'];
  const theirs = missing ? 'client-cert-missing' : 'cert-expired';
  return refused
    ? { client: [refused, ...ours], listener: [...gone, theirs] }
    : { client: ours, listener: [theirs] };
}

function same(kind: string): { client: string[]; listener: string[] } {
  return { client: [kind], listener: [kind] };
}

/** What must hold whatever has happened. */
function assertSafe(pair: Ends, played: Played): void {
  const { client } = played.outcomes;
  if (judgement(pair) !== undefined) {
    assert.notEqual(client?.authorized, true, 'a bad certificate was accepted');
    assert.notEqual(played.client, 'none');
  }
  for (const bytes of played.wire) {
    for (const word of Object.values(words)) assert.ok(!bytes.includes(word), 'plain text');
  }
  assert.ok(played.virtualUs <= limitUs + slackUs, `${played.virtualUs} us`);
}

test('two ends come out of any offers and any segments as they have to', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(ends, cuts, async (pair, cutAt) => {
      const played = await play(pair, cutAt);
      const { client, listener } = expected(pair);

      assert.ok(client.includes(played.client), `client: ${played.client}`);
      assert.ok(listener.includes(played.listener), `listener: ${played.listener}`);
      assertSafe(pair, played);
    }),
    { numRuns: 100 },
  );
});

test('with any fault no end waits longer, and none is fooled', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(ends, cuts, faults, async (pair, cutAt, tlsFault) => {
      const { side } = presetNamed(tlsFault) ?? { side: 'server' };
      const odd =
        side === 'client'
          ? { ...pair, client: { ...pair.client, tlsFault } }
          : { ...pair, listener: { ...pair.listener, tlsFault } };

      assertSafe(odd, await play(odd, cutAt));
    }),
    { numRuns: 100 },
  );
});

const good: Ends = {
  client: { handshakeTimeout: limit, alpn: ['echo'] },
  listener: { handshakeTimeout: limit, alpn: ['echo'] },
  shown: 'server',
  pinned: false,
  clientKey: undefined,
};

test('a named fault is told the same however its bytes are cut', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(cuts, faults, async (cutAt, tlsFault) => {
      const preset = presetNamed(tlsFault);
      assert.ok(preset);
      const odd =
        preset.side === 'client'
          ? { ...good, client: { ...good.client, tlsFault, handshakeTimeout: '1min' } }
          : { ...good, listener: { ...good.listener, tlsFault, handshakeTimeout: '1min' } };
      const played = await play(odd, cutAt);
      const told = preset.side === 'client' ? played.listener : played.client;

      assert.equal(told.replace(/ .*/, ''), preset.expect);
    }),
    { numRuns: 100 },
  );
});

test('after an upgrade no plain byte is on the wire', { timeout: 60_000 }, async () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 12, maxLength: 200 }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(bodies, cuts, async (sent, cutAt) => {
      const world = simulatedWorld({ trace: 'full', plan: { v: 1, cuts: cutAt } });
      await world.run(async () => {
        const listener = new Listener(0, { world });
        const accepted = listener.accept();
        const { port } = await listener.start();
        const client = await Client.connect('localhost', port, { world });
        const caller = await accepted;
        await client.writeBytes(Buffer.from('STARTTLS'));
        await caller.readBytes(8);
        await Promise.all([
          client.upgradeToTls({ cert: { pem: authority } }),
          caller.upgradeToTls({ key: keyOf('server') }),
        ]);
        for (const body of sent) {
          await client.writeBytes(body);
          assert.deepEqual(Buffer.from(await caller.readBytes(body.length)), Buffer.from(body));
        }
        await client.close();
        await listener.gracefulStop();
      });
      const written = world.trace.events.filter(({ kind, bytes }) => kind === 'write' && bytes);
      const wire = Buffer.concat(written.map(({ bytes }) => bytes ?? Buffer.of()));
      assert.ok(wire.includes('STARTTLS'));
      for (const body of sent) assert.equal(wire.includes(Buffer.from(body)), false);
    }),
    { numRuns: 25 },
  );
});
