/** Placeholders for times, places, counts and words. */
import { formatDuration, readDuration } from '../base/duration';
import { printEndpoint, readEndpoint, readPortWords } from './endpoint-words';
import { failureClasses } from './failure-classes';
import { known, type ParameterRows, wordOf } from './parameter-type';
import { plainDecimal, readPercentage } from './percentage-words';
import { printTimes, readTimes } from './times-words';
import { duration, percentage, quoted } from './token-sources';

export const plainParameters: ParameterRows<
  | 'duration'
  | 'percentage'
  | 'times'
  | 'endpoint'
  | 'port'
  | 'failure'
  | 'direction'
  | 'commandline'
  | 'channel'
> = {
  duration: {
    regexps: [duration],
    examples: ['250 ms', '2 s', '5 minutes'],
    description: 'a length of time with its unit',
    read: (token) => readDuration('duration', token),
    print: printDuration,
  },
  percentage: {
    regexps: [percentage],
    examples: ['10%', '2.5 %'],
    description: 'a share, up to 100 %',
    read: readPercentage,
    print: (share) => `${plainDecimal(share * 100)}%`,
  },
  times: {
    regexps: [
      'once',
      'twice',
      'never',
      /(?:exactly |at least |at most )?\d+ times?/.source,
      /between \d+ and \d+ times/.source,
    ],
    examples: ['once', '5 times', 'at least 2 times', 'between 2 and 4 times'],
    description: 'how often; a bare number is exact',
    read: readTimes,
    print: printTimes,
  },
  endpoint: {
    regexps: [/(?:[A-Za-z0-9_.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}/.source, `the free port ${quoted}`],
    examples: ['127.0.0.1:7000', '[::1]:7000', 'the free port "web"'],
    description: 'a host and a port',
    read: readEndpoint,
    print: printEndpoint,
  },
  port: {
    regexps: [/port \d{1,5}/.source, 'any free port', `the free port ${quoted}`],
    examples: ['any free port', 'port 7000', 'the free port "web"'],
    description: 'a port on 127.0.0.1',
    read: readPortWords,
    print: (port) => (port === 0 ? 'any free port' : `port ${port}`),
  },
  failure: {
    regexps: failureClasses.map(({ words }) => words),
    examples: failureClasses.map(({ words }) => words),
    description: 'a class of failures',
    read: (token) => known(failureClasses.find(({ words }) => words === token)),
    print: ({ words }) => words,
  },
  direction: {
    regexps: ['upstream', 'downstream', 'both directions'],
    examples: ['upstream', 'downstream', 'both directions'],
    description: 'upstream is from client to server',
    read: (token) => wordOf(['upstream', 'downstream', 'both directions'], token),
    print: (direction) => direction,
  },
  commandline: {
    regexps: ['`[^`]+`'],
    examples: ['`node probe.js --port 7000`'],
    description: 'a program and its arguments, between backticks',
    read: (token) => token.slice(1, -1),
    print: (line) => `\`${line}\``,
  },
  channel: {
    regexps: ['stdout', 'stderr', 'output'],
    examples: ['stdout', 'stderr', 'output'],
    description: 'what a program prints to; output is both, in order of arrival',
    read: (token) => wordOf(['stdout', 'stderr', 'output'], token),
    print: (channel) => channel,
  },
};

/** A duration that reads back as the same number of milliseconds. */
function printDuration(ms: number): string {
  const text = formatDuration(ms);
  return readDuration('duration', text) === ms ? text : `${ms} ms`;
}
