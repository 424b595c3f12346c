/** Sentences about how a listener or a mock speaks TLS. */

import type { EntityReference } from './named-entities';
import { certificates, trustedAuthority } from './scenario-certificates';
import { serverOf } from './scenario-servers';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

export const tlsListenerSteps: readonly Step[] = [
  step({
    id: 'tls.listener.speaks',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlsserver} speaks TLS with {certificate}',
    example: 'the listener "echo" speaks TLS with certificate "leaf"',
    summary: 'TLS from the first byte on its port',
    failure: 'an authority shows no certificate; it has accepted connections already',
    run(world, reference, name) {
      const server = serverOf(world, reference);
      if (server.upgrades) throw new Error(`${server.title} already upgrades to TLS`);
      return server.speakTls({ key: shown(world, name) });
    },
  }),
  step({
    id: 'tls.listener.upgrades',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlsserver} upgrades to TLS with {certificate} after {bytes}',
    example: 'the listener "mail" upgrades to TLS with certificate "leaf" after "STARTTLS\\r\\n"',
    summary: 'answers those bytes as it answers others, then starts TLS on that connection',
    failure: 'it speaks TLS already',
    run(world, reference, name, bytes) {
      const server = serverOf(world, reference);
      if (server.speaksTls) throw speaksAlready(server);
      return server.upgradeAfter(bytes, shown(world, name));
    },
  }),
  step({
    id: 'tls.listener.client-certificate',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlsserver} requires a client certificate signed by {certificate}',
    example: 'the listener "echo" requires a client certificate signed by certificate "ca"',
    summary: 'asks for a certificate and checks it',
    failure: '(the handshake fails, see sees)',
    async run(world, server, name) {
      const cert = await trustedAuthority(world, name);
      await serverOf(world, server).speakTls({ clientAuth: 'require', cert });
    },
  }),
  step({
    id: 'tls.listener.version',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlsserver} offers only {tlsversion}',
    example: 'the listener "echo" offers only TLS 1.2',
    summary: 'one version and no other',
    failure: '(never)',
    run: (world, server, version) => offer(world, server, { protocol: { versions: [version] } }),
  }),
  step({
    id: 'tls.listener.cipher',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlsserver} offers only the cipher {string}',
    example: 'the listener "echo" offers only the cipher "TLS_AES_128_GCM_SHA256"',
    summary: "one cipher suite, by IANA's name",
    failure: 'an unknown cipher',
    run: (world, server, cipher) => offer(world, server, { ciphers: [cipher] }),
  }),
  step({
    id: 'tls.listener.alpn',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlsserver} offers the ALPN protocol(s) {string}',
    example: 'the listener "echo" offers the ALPN protocols "h2, http/1.1"',
    summary: 'separated by commas, the preferred one first',
    failure: '(never)',
    run: (world, server, protocols) =>
      offer(world, server, { alpn: protocols.split(',').map((name) => name.trim()) }),
  }),
  step({
    id: 'tls.listener.key-share',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlsserver} asks for another key share',
    example: 'the listener "echo" asks for another key share',
    summary: 'TLS 1.3: makes the client greet a second time (HelloRetryRequest)',
    failure: '(never)',
    run: (world, server) => offer(world, server, { tlsFault: { negotiate: { helloRetry: true } } }),
  }),
  step({
    id: 'tls.listener.forgets',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlsserver} forgets every session',
    example: 'the listener "echo" forgets every session',
    summary: 'every handshake is a full one',
    failure: '(never)',
    run: (world, server) => offer(world, server, { tickets: 'reject' }),
  }),
];

type Settings = Parameters<ReturnType<typeof serverOf>['speakTls']>[0];

function offer(world: StepWorld, reference: EntityReference, settings: Settings): Promise<void> {
  return serverOf(world, reference).speakTls(settings);
}

function speaksAlready({ title }: { readonly title: string }): Error {
  return new Error(`${title} already speaks TLS`);
}

function shown(world: StepWorld, name: string) {
  return certificates(world).get({ name }).certificate;
}
