/** Sentences about what became of TLS. */

import { seeListenerFailure } from './listener-seeing';
import { clients } from './scenario-clients';
import { listeners } from './scenario-listener';
import { type Step, step } from './step';
import {
  expectAlert,
  expectAlpn,
  expectNoCloseNotify,
  expectResumed,
  expectVersion,
} from './tls-outcome';

export const tlsOutcomeSteps: readonly Step[] = [
  step({
    id: 'tls.negotiated',
    group: 'tls',
    level: 'core',
    keyword: 'Then',
    expression: '{client} negotiated {tlsversion}',
    example: 'client negotiated TLS 1.3',
    summary: 'the version that both ends have agreed on',
    failure: 'another version; no TLS on that connection',
    run: (world, client, version) => expectVersion(world, clients(world).get(client), version),
  }),
  step({
    id: 'tls.alpn',
    group: 'tls',
    level: 'advanced',
    keyword: 'Then',
    expression: '{client} negotiated the ALPN protocol {string}',
    example: 'client negotiated the ALPN protocol "h2"',
    summary: 'the protocol that both ends have agreed on',
    failure: 'another protocol, or none',
    run: (world, client, protocol) => expectAlpn(world, clients(world).get(client), protocol),
  }),
  step({
    id: 'tls.resumed',
    group: 'tls',
    level: 'advanced',
    keyword: 'Then',
    expression: '{client} resumed its session',
    example: 'client resumed its session',
    summary: 'the handshake was a short one, with the session of its last connection',
    failure: 'it was a full handshake',
    run: (world, client) => expectResumed(world, clients(world).get(client), true),
  }),
  step({
    id: 'tls.not-resumed',
    group: 'tls',
    level: 'advanced',
    keyword: 'Then',
    expression: '{client} made a full handshake',
    example: 'client made a full handshake',
    summary: 'no session was resumed',
    failure: 'a session was resumed',
    run: (world, client) => expectResumed(world, clients(world).get(client), false),
  }),
  step({
    id: 'tls.alert',
    group: 'tls',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives the TLS alert {string}',
    example: 'client receives the TLS alert "handshake_failure"',
    summary: 'waits for that alert of the peer, by its name in RFC 8446 or its number',
    failure: 'another alert, or none; what went wrong',
    run: (world, client, alert) => expectAlert(world, clients(world).get(client), alert),
  }),
  step({
    id: 'tls.no-close-notify',
    group: 'tls',
    level: 'advanced',
    keyword: 'Then',
    expression: '{client} got no close notify',
    example: 'client got no close notify',
    summary: 'waits for the end of the stream, which came without the closing alert',
    failure: 'the alert came; the stream has not ended',
    run: (world, client) => expectNoCloseNotify(world, clients(world).get(client)),
  }),
  step({
    id: 'listener.sees',
    group: 'listener',
    level: 'core',
    keyword: 'Then',
    expression: 'the {listener} sees {failure}',
    example: 'the listener "echo" sees handshake timeout',
    summary: 'waits for a failure of the class on one of its connections, also in the handshake',
    failure: 'the other failures, or none',
    run: (world, listener, failure) =>
      seeListenerFailure(world, listeners(world).get(listener), failure),
  }),
  step({
    id: 'listener.sees.within',
    group: 'listener',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the {listener} sees {failure} within {duration}',
    example: 'the listener "echo" sees handshake timeout within 10 s',
    summary: 'as sees, with its own limit',
    failure: 'the other failures, or none',
    limit: (_world, _listener, _failure, ms) => ms,
    run: (world, listener, failure, ms) =>
      seeListenerFailure(world, listeners(world).get(listener), failure, ms),
  }),
];
