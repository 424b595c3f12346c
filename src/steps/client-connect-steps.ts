/** Sentences by which a client connects. */
import { connect, connectToListener } from './client-connecting';
import { mentioned, newClient } from './scenario-clients';
import { addressOf } from './scenario-listener';
import { type Step, step } from './step';

/** Connecting lasts at most this long by the connector's own limit. */
const connectLimitMs = 30_000;

export const clientConnectSteps: readonly Step[] = [
  step({
    id: 'client.connected.endpoint',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to {endpoint}',
    example: 'a client "alice" connected to 127.0.0.1:7000',
    summary: 'opens a connection; fails if it cannot',
    failure: 'could not connect to {endpoint}: reason',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => connect(world, newClient(world, client), endpoint),
  }),
  step({
    id: 'client.connected.listener',
    group: 'client',
    level: 'core',
    keyword: 'Given',
    expression: 'a/the {client} connected to the {listener}',
    example: 'a client "c1" connected to the listener "l1"',
    summary: "opens a connection to the listener's address",
    failure: 'could not connect to the listener: reason',
    limit: () => connectLimitMs,
    run: (world, client, listener) => connectToListener(world, newClient(world, client), listener),
  }),
  step({
    id: 'client.connects.endpoint',
    group: 'client',
    level: 'core',
    keyword: 'When',
    expression: '{client} connects to {endpoint}',
    example: 'client "alice" connects to 127.0.0.1:7000',
    summary: 'starts connecting and waits for the result; a client that is closed connects anew',
    failure: 'could not connect to {endpoint}: reason',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => connect(world, mentioned(world, client), endpoint),
  }),
  step({
    id: 'client.connects.listener',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} connects to the {listener}',
    example: 'client connects to the listener "echo"',
    summary: 'dials the listener',
    failure: 'could not connect to the listener: reason',
    limit: () => connectLimitMs,
    run: (world, client, listener) => connectToListener(world, mentioned(world, client), listener),
  }),
  step({
    id: 'client.tries',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to {endpoint}',
    example: 'client tries to connect to 127.0.0.1:1',
    summary: 'connects and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit: () => connectLimitMs,
    run: (world, client, endpoint) => mentioned(world, client).tryToConnect(endpoint),
  }),
  step({
    id: 'client.tries.listener',
    group: 'client',
    level: 'advanced',
    keyword: 'When',
    expression: '{client} tries to connect to the {listener}',
    example: 'client tries to connect to the listener "echo"',
    summary: 'dials the listener and keeps the failure for a later "sees"',
    failure: '(no failure itself)',
    limit: () => connectLimitMs,
    run: (world, client, listener) =>
      mentioned(world, client).tryToConnect(addressOf(world, listener)),
  }),
];
