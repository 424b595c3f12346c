/** Sentences about what a mock met. */
import {
  expectAccepted,
  expectInOrder,
  expectInStream,
  expectNothingUnexpected,
  expectPlayed,
  expectReceived,
} from './mock-verdicts';
import { mocks } from './scenario-mock';
import { type Step, step } from './step';

const failure = 'what came instead, the nearest rule with the reason, hints, the wire';

export const mockVerdictSteps: readonly Step[] = [
  step({
    id: 'mock.received',
    group: 'mock',
    level: 'core',
    keyword: 'Then',
    expression: 'the {mock} received {bytes}',
    example: 'the mock received "QUIT"',
    summary:
      'waits for the frame; without framing, for the bytes in the stream, behind those that such a step has found before',
    failure,
    run(world, reference, bytes) {
      const mock = mocks(world).get(reference);
      if (mock.isStream) return expectInStream(world, mock, bytes);
      return expectReceived(world, mock, bytes);
    },
  }),
  step({
    id: 'mock.received.times',
    group: 'mock',
    level: 'core',
    keyword: 'Then',
    expression: 'the {mock} received {bytes} {times}',
    example: 'the mock received "LIST" exactly 2 times',
    summary: 'waits until it came so often; where there is a most, waits for quiet too',
    failure,
    run: (world, mock, bytes, times) => expectReceived(world, mocks(world).get(mock), bytes, times),
  }),
  step({
    id: 'mock.received.not',
    group: 'mock',
    level: 'core',
    keyword: 'Then',
    expression: 'the {mock} did not receive {bytes}',
    example: 'the mock did not receive "DELETE"',
    summary: 'judges once it is quiet',
    failure: 'that it came, when, and on which connection',
    run: (world, mock, bytes) =>
      expectReceived(world, mocks(world).get(mock), bytes, { min: 0, max: 0 }),
  }),
  step({
    id: 'mock.received.in-order',
    group: 'mock',
    level: 'core',
    keyword: 'Then',
    expression: 'the {mock} received in order:',
    argument: 'either',
    example: 'the mock received in order:',
    exampleArgument: '"""\n/^EHLO /\n"MAIL"\n"QUIT"\n"""',
    summary:
      'a literal, pattern or expression a line, or a row of the column bytes; other frames may lie between; on one connection',
    failure: 'the first item that is missing, and what came',
    run: (world, mock, argument) => expectInOrder(world, mocks(world).get(mock), argument),
  }),
  step({
    id: 'mock.nothing-unexpected',
    group: 'mock',
    level: 'core',
    keyword: 'Then',
    expression: 'the {mock} received nothing unexpected',
    example: 'the mock received nothing unexpected',
    summary: 'once it is quiet: every frame was taken by a rule or the script, and none is cut off',
    failure: 'each frame that nothing took, with the nearest rule, and what is left over',
    run: (world, mock) => expectNothingUnexpected(world, mocks(world).get(mock)),
  }),
  step({
    id: 'mock.played-script',
    group: 'mock',
    level: 'core',
    keyword: 'Then',
    expression: 'the {mock} played its whole script',
    example: 'the mock "mail" played its whole script',
    summary: 'waits until its last connection has come to the end of the script',
    failure: 'stopped at line n waiting for x, got y',
    run: (world, mock) => expectPlayed(world, mocks(world).get(mock)),
  }),
  step({
    id: 'mock.accepted',
    group: 'mock',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the {mock} accepted {int} connection(s)',
    example: 'the mock accepted 1 connection',
    summary: 'waits until there were so many, and for quiet',
    failure: 'expected n, accepted m',
    run: (world, mock, count) => expectAccepted(world, mocks(world).get(mock), count),
  }),
];
