/** Sentences by which a mock comes to be. */
import { mockFromPath, newMock } from './mock-starting';
import { mocks } from './scenario-mock';
import { type Step, step } from './step';

export const mockStartSteps: readonly Step[] = [
  step({
    id: 'mock.with-framing',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'a {mock} with {framing}',
    example: 'a mock "mail" with CRLF line framing',
    summary: 'a mock without rules, on any free port of 127.0.0.1',
    failure: 'could not listen',
    run: (world, reference, framing) => newMock(world, reference, { framing }),
  }),
  step({
    id: 'mock.from-file',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'a {mock} from {string}',
    example: 'a mock "redis" from "mocks/redis.yaml"',
    summary:
      'the mock of that name in a file, or its only one; the path starts beside the feature, else in the working folder',
    failure: 'each mistake of the file with its line, column and path',
    run: (world, reference, path) => mockFromPath(world, reference, path, 'definitions'),
  }),
  step({
    id: 'mock.from-recording',
    group: 'mock',
    level: 'advanced',
    keyword: 'Given',
    expression: 'a {mock} from recording {string}',
    example: 'a mock from recording "tapes/login.script"',
    summary:
      'a mock that plays a script, such as a wire log that was saved, or what a pcapng file holds, to each connection',
    failure: 'what is wrong with the script, by its line, or with the capture',
    run: (world, reference, path) => mockFromPath(world, reference, path, 'recording'),
  }),
  step({
    id: 'mock.mode',
    group: 'mock',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {mock} is strict/lenient',
    example: 'the mock is lenient',
    summary:
      'a strict one, which is the default, fails the scenario for frames that no rule takes, bytes left over and a script not played; a lenient one for broken promises of its rules alone',
    failure: '(at the end of the scenario)',
    run: (world, reference) =>
      mocks(world)
        .get(reference)
        .change({ mode: world.step.text.endsWith('strict') ? 'strict' : 'lenient' }),
  }),
  step({
    id: 'mock.state',
    group: 'mock',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {mock} is in state {string}',
    example: 'the mock is in state "authenticated"',
    summary: 'the state of the mock, of its connections, and of those to come',
    failure: 'unknown state, and those that its definition names',
    run(world, reference, state) {
      const mock = mocks(world).get(reference);
      const { refuseUnknownState } = require('./mock-states') as typeof import('./mock-states');
      refuseUnknownState(mock, state);
      mock.enter(state);
    },
  }),
];
