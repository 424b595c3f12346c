/** Sentences about what a mock answers. */

import { parseScript } from '../capture/script-parser';
import { readScriptTable } from '../capture/script-table';
import { ruleForBytes, ruleForPattern, ruleForRegex } from './mock-replies';
import { mocks } from './scenario-mock';
import { type Step, step } from './step';

const taken = 'there is a rule for the same already';

export const mockRuleSteps: readonly Step[] = [
  step({
    id: 'mock.greets',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} greets with {bytes}',
    example: 'the mock "mail" greets with "220 ready"',
    summary: 'sends it to whoever connects, through the framing',
    failure: '(never)',
    run(world, reference, bytes) {
      const mock = mocks(world).get(reference);
      mock.change({ onConnect: [mock.definition.onConnect ?? [], { send: bytes }].flat() });
    },
  }),
  step({
    id: 'mock.answers',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} answers {bytes} with {bytes}',
    example: 'the mock answers "PING" with "PONG"',
    summary: 'a rule for a frame that equals the bytes',
    failure: taken,
    run: (world, mock, bytes, reply) =>
      mocks(world)
        .get(mock)
        .addRule(ruleForBytes(bytes, { send: reply })),
  }),
  step({
    id: 'mock.answers.regex',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} answers {regex} with {bytes}',
    example: 'the mock answers /^HELO (\\w+)/ with "250 hello $1"',
    summary: 'a rule for a frame that matches; $1 and $<name> are what the groups caught',
    failure: `${taken}; a group that the expression does not have`,
    run: (world, mock, regex, reply) => mocks(world).get(mock).addRule(ruleForRegex(regex, reply)),
  }),
  step({
    id: 'mock.answers.pattern',
    group: 'mock',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {mock} answers {pattern} with {bytes}',
    example: 'the mock answers pattern "01 ?? 00" with hex "06"',
    summary: 'a rule for a frame like the pattern',
    failure: taken,
    run: (world, mock, pattern, reply) =>
      mocks(world).get(mock).addRule(ruleForPattern(pattern, reply)),
  }),
  step({
    id: 'mock.answers.else',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} answers anything else with {bytes}',
    example: 'the mock answers anything else with "500 what?"',
    summary: 'the answer to frames that no rule takes; they are unexpected all the same',
    failure: 'there is such an answer already',
    run(world, reference, bytes) {
      const mock = mocks(world).get(reference);
      if (mock.definition.unmatched !== undefined) {
        throw new Error(`${mock.title} has an answer to anything else already`);
      }
      mock.change({ unmatched: { send: bytes } });
    },
  }),
  step({
    id: 'mock.answers.after',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} answers {bytes} with {bytes} after {duration}',
    example: 'the mock answers "SLOW" with "ok" after 300 ms',
    summary: 'waits before the answer; answers keep the order of their frames',
    failure: taken,
    run: (world, mock, bytes, reply, ms) =>
      mocks(world)
        .get(mock)
        .addRule(ruleForBytes(bytes, { wait: ms, send: reply })),
  }),
  step({
    id: 'mock.never-answers',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} never answers {bytes}',
    example: 'the mock never answers "HEARTBEAT"',
    summary: 'a rule that expects the frame and stays silent',
    failure: taken,
    run: (world, mock, bytes) =>
      mocks(world)
        .get(mock)
        .addRule(ruleForBytes(bytes, { silence: true })),
  }),
  step({
    id: 'mock.follows-script',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} follows the script:',
    argument: 'either',
    example: 'the mock "mail" follows the script:',
    exampleArgument: '"""\n> expect /^EHLO / within 2 s\n< 250 ok\n* close\n"""',
    summary:
      'each connection plays it from its beginning; what fits no line goes to the rules (scripts.md)',
    failure: 'line n: what is wrong with it',
    run: (world, mock, argument) =>
      mocks(world)
        .get(mock)
        .follow(
          argument.kind === 'table' ? readScriptTable(argument.rows) : parseScript(argument.text),
        ),
  }),
];
