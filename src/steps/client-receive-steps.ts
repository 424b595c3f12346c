/** Sentences about what a client received. */
import { bytesOf } from './argument-bytes';
import { receiveMatch, receivePattern } from './client-matching';
import {
  receive,
  receiveCount,
  receiveExactly,
  receiveInTotal,
  receiveNothing,
} from './client-reading';
import { clients } from './scenario-clients';
import { type Step, step } from './step';

const bytesFailure = 'expected and received bytes, first difference, why waiting stopped';

export const clientReceiveSteps: readonly Step[] = [
  step({
    id: 'client.receives',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives {bytes}',
    example: 'client receives "PONG\\r\\n"',
    summary: 'finds the bytes after the cursor and consumes them with what lay before them',
    failure: bytesFailure,
    run: (world, client, bytes) => receive(world, clients(world).get(client), bytes),
  }),
  step({
    id: 'client.receives.exactly',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives exactly {bytes}',
    example: 'client receives exactly hex "00 03 aa bb cc"',
    summary: 'the next unread bytes are these, and nothing follows within the quiet period',
    failure: `${bytesFailure}, the extra bytes`,
    run: (world, client, bytes) => receiveExactly(world, clients(world).get(client), bytes),
  }),
  step({
    id: 'client.receives.within',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives {bytes} within {duration}',
    example: 'client receives "PONG" within 250 ms',
    summary: 'as receives, with its own limit',
    failure: `${bytesFailure}, how late the bytes came`,
    limit: (_world, _client, _bytes, ms) => ms,
    run: (world, client, bytes, ms) => receive(world, clients(world).get(client), bytes, ms),
  }),
  step({
    id: 'client.receives.matching',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives data matching {regex}',
    example: 'client receives data matching /^250[ -]/m',
    summary: 'the first match after the cursor; named groups are kept for interpolation',
    failure: 'the expression and the received bytes',
    run: (world, client, regex) => receiveMatch(world, clients(world).get(client), regex),
  }),
  step({
    id: 'client.receives.like',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives data like {pattern}',
    example: 'client receives data like pattern "02 ?? ?? 10 *"',
    summary: 'the pattern matches from the cursor on; captures are kept for interpolation',
    failure: 'the element that stopped matching, with its offset',
    run: (world, client, pattern) => receivePattern(world, clients(world).get(client), pattern),
  }),
  step({
    id: 'client.receives.count',
    group: 'client',
    level: 'advanced',
    keyword: 'Then',
    expression: '{client} receives {size}',
    example: 'client receives 64 KiB',
    summary: 'counts the bytes after the cursor and consumes them',
    failure: 'received n of m bytes',
    run: (world, client, size) => receiveCount(world, clients(world).get(client), size),
  }),
  step({
    id: 'client.receives.everything',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives everything it sent',
    example: 'client receives everything it sent',
    summary: 'the whole stream received equals the whole stream sent since the connect',
    failure: 'difference of the whole stream',
    async run(world, reference) {
      const client = clients(world).get(reference);
      await receiveInTotal(world, client, client.sent);
      client.transcript.cursor = client.transcript.length;
    },
  }),
  step({
    id: 'client.receives.nothing',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives nothing for {duration}',
    example: 'client receives nothing for 200 ms',
    summary: 'watches for the time; unread bytes count, the end of the stream does not',
    failure: 'n bytes arrived after t, and a dump of them',
    limit: (_world, _client, ms) => ms,
    run: (world, client, ms) => receiveNothing(world, clients(world).get(client), ms),
  }),
  step({
    id: 'client.receives.lines',
    group: 'client',
    level: 'core',
    keyword: 'Then',
    expression: '{client} receives:',
    argument: 'either',
    example: 'client receives:',
    exampleArgument: '"""\nline "250 ok"\n"""',
    summary: 'as receives, with a doc string or table of literals, joined',
    failure: bytesFailure,
    run: (world, client, lines) =>
      receive(world, clients(world).get(client), bytesOf(world, lines)),
  }),
  step({
    id: 'client.received.total',
    group: 'client',
    level: 'advanced',
    keyword: 'Then',
    expression: '{client} has received {bytes} in total',
    example: 'client has received "ab" in total',
    summary: 'the whole stream since the connect is these bytes; moves no cursor',
    failure: 'difference of the whole stream',
    run: (world, client, bytes) => receiveInTotal(world, clients(world).get(client), bytes),
  }),
];
