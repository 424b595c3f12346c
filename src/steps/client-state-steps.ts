/** Sentences about what became of the connection of a client. */
import { seeFailure } from './client-seeing';
import { expectConnected, expectDisconnected } from './client-state';
import { clients } from './scenario-clients';
import { type Step, step } from './step';

export const clientStateSteps: readonly Step[] = [
  step({
    id: 'client.sees',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} sees {failure}',
    example: 'client sees connection reset',
    summary: 'waits for a failure of the class; it counts as seen then',
    failure: 'the other failure, nothing, or the end of the stream seen instead',
    run: (world, client, failure) => seeFailure(world, clients(world).get(client), failure),
  }),
  step({
    id: 'client.sees.within',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} sees {failure} within {duration}',
    example: 'client "alice" sees read timeout within 1.5 seconds',
    summary: 'as sees, with its own limit',
    failure: 'the other failure, nothing, or the end of the stream seen instead',
    limit: (_world, _client, _failure, ms) => ms,
    run: (world, client, failure, ms) => seeFailure(world, clients(world).get(client), failure, ms),
  }),
  step({
    id: 'client.is-connected',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} is (still )connected',
    example: 'client is still connected',
    summary: 'open both ways now, once the network is quiet',
    failure: 'closed by whom, how (FIN or RST), when',
    run: (world, client) => expectConnected(world, clients(world).get(client)),
  }),
  step({
    id: 'client.is-disconnected',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} is disconnected',
    example: 'client is disconnected',
    summary: 'waits until both directions are closed or reset',
    failure: 'still open, and the last events',
    run: (world, client) => expectDisconnected(world, clients(world).get(client)),
  }),
];
