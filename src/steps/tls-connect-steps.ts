/** Sentences by which a client speaks TLS. */
import { TcpError } from '../base/errors';
import type { ClientSecureSocket } from '../tcp/secure-socket';
import { connect, connectToServer } from './client-connecting';
import type { EndpointWords } from './endpoint-words';
import { failureWords } from './failure-classes';
import { stepFailure } from './failure-message';
import type { EntityReference } from './named-entities';
import { certificates } from './scenario-certificates';
import { clients, mentioned } from './scenario-clients';
import { serverAddress, serverOf } from './scenario-servers';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

/** Connecting and the handshake last at most this long by the connector's own limits. */
const limit = (): number => 40_000;
const failure = 'what went wrong in the handshake, and the alert if there was one';

export const tlsConnectSteps: readonly Step[] = [
  step({
    id: 'tls.connects.listener',
    group: 'tls',
    level: 'core',
    keyword: 'When',
    expression: '{client} connects to the {tlsserver} over TLS trusting {certificate}',
    example: 'client connects to the listener "echo" over TLS trusting certificate "ca"',
    summary: 'connects and does the handshake; the name asked for is that of the host: localhost',
    failure,
    limit,
    run: (world, client, listener, trusted) =>
      connectToServer(world, mentioned(world, client), listener, {
        ...nameOf(world, listener),
        ...trust(world, trusted),
      }),
  }),
  step({
    id: 'tls.connects.endpoint',
    group: 'tls',
    level: 'core',
    keyword: 'When',
    expression: '{client} connects to {endpoint} over TLS trusting {certificate}',
    example: 'client connects to 127.0.0.1:7000 over TLS trusting certificate "ca"',
    summary: 'connects and does the handshake; the name asked for is the host as it is written',
    failure,
    limit,
    run: (world, client, endpoint, trusted) =>
      connect(world, mentioned(world, client), endpoint, trust(world, trusted)),
  }),
  step({
    id: 'tls.connects.as',
    group: 'tls',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} connects to the {tlsserver} over TLS trusting {certificate} as {string}',
    example:
      'client connects to the listener "echo" over TLS trusting certificate "ca" as "mail.test"',
    summary: 'asks for that name (SNI), and wants the certificate to have it',
    failure,
    limit,
    run: (world, client, listener, trusted, servername) =>
      connectToServer(world, mentioned(world, client), listener, {
        ...trust(world, trusted),
        servername,
      }),
  }),
  step({
    id: 'tls.connects.presenting',
    group: 'tls',
    level: 'advanced',
    keyword: 'When',
    expression:
      '{client} connects to the {tlsserver} over TLS trusting {certificate} presenting {certificate}',
    example:
      'client connects to the listener "echo" over TLS trusting certificate "ca" presenting certificate "me"',
    summary: 'shows a certificate of its own',
    failure,
    limit,
    run: (world, client, listener, trusted, own) =>
      connectToServer(world, mentioned(world, client), listener, {
        ...nameOf(world, listener),
        ...trust(world, trusted),
        key: certificates(world).get({ name: own }).certificate,
      }),
  }),
  step({
    id: 'tls.tries.listener',
    group: 'tls',
    level: 'core',
    keyword: 'When',
    expression: '{client} tries to connect to the {tlsserver} over TLS trusting {certificate}',
    example: 'client tries to connect to the listener "echo" over TLS trusting certificate "ca"',
    summary: 'connects and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit,
    run: (world, client, listener, trusted) =>
      tries(world, client, serverAddress(world, listener), {
        ...nameOf(world, listener),
        ...trust(world, trusted),
      }),
  }),
  step({
    id: 'tls.tries.endpoint',
    group: 'tls',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to {endpoint} over TLS trusting {certificate}',
    example: 'client tries to connect to 127.0.0.1:7000 over TLS trusting certificate "ca"',
    summary: 'connects and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit,
    run: (world, client, endpoint, trusted) =>
      tries(world, client, endpoint, trust(world, trusted)),
  }),
  step({
    id: 'tls.tries.as',
    group: 'tls',
    level: 'advanced',
    keyword: 'When',
    expression:
      '{client} tries to connect to the {tlsserver} over TLS trusting {certificate} as {string}',
    example:
      'client tries to connect to the listener "echo" over TLS trusting certificate "ca" as "mail.test"',
    summary: 'asks for that name (SNI) and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit,
    run: (world, client, listener, trusted, servername) =>
      tries(world, client, serverAddress(world, listener), {
        ...trust(world, trusted),
        servername,
      }),
  }),
  step({
    id: 'tls.tries.presenting',
    group: 'tls',
    level: 'advanced',
    keyword: 'When',
    expression:
      '{client} tries to connect to the {tlsserver} over TLS trusting {certificate} presenting {certificate}',
    example:
      'client tries to connect to the listener "echo" over TLS trusting certificate "ca" presenting certificate "me"',
    summary: 'shows a certificate of its own and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit,
    run: (world, client, listener, trusted, own) =>
      tries(world, client, serverAddress(world, listener), {
        ...nameOf(world, listener),
        ...trust(world, trusted),
        key: certificates(world).get({ name: own }).certificate,
      }),
  }),
  step({
    id: 'tls.offers-alpn',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: '{client} offers the ALPN protocol(s) {string}',
    example: 'client "alice" offers the ALPN protocols "h2, http/1.1"',
    summary: 'in its handshakes from now on; separated by commas, the preferred one first',
    failure: '(never)',
    run: (world, client, protocols) =>
      mentioned(world, client).offerAlpn(protocols.split(',').map((name) => name.trim())),
  }),
  step({
    id: 'tls.upgrades',
    group: 'tls',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} upgrades to TLS trusting {certificate}',
    example: 'client upgrades to TLS trusting certificate "ca"',
    summary: 'does the handshake on the open connection, asking for localhost',
    failure,
    limit,
    run: (world, client, trusted) => upgrade(world, client, trusted),
  }),
];

/** What is trusted: a certificate of the scenario, or an authority. */
export function trust(world: StepWorld, name: string): ClientSecureSocket {
  return { cert: certificates(world).get({ name }).trusted };
}

/** The name of the host that a server is on. */
function nameOf(world: StepWorld, reference: EntityReference): ClientSecureSocket {
  const { host } = serverOf(world, reference);
  return { servername: host === 'local' ? 'localhost' : host };
}

async function tries(
  world: StepWorld,
  client: EntityReference,
  target: EndpointWords,
  secureSocket: ClientSecureSocket,
): Promise<void> {
  await mentioned(world, client).tryToConnect(target, secureSocket);
}

async function upgrade(
  world: StepWorld,
  reference: EntityReference,
  trusted: string,
): Promise<void> {
  const client = clients(world).get(reference);
  try {
    await client.upgradeToTls({ ...trust(world, trusted), servername: 'localhost' });
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw stepFailure(world, {
      headline: `${client.title} could not upgrade to TLS with ${client.peer}: ${failureWords(error)}`,
      body: [error.message],
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}
