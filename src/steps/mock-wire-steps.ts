import { parseScript } from '../capture/script-parser';
import { clients } from './scenario-clients';
import { mocks } from './scenario-mock';
import { type Step, step } from './step';
import { connectionsBetween, expectLog } from './wire-assertions';

export const mockWireSteps: readonly Step[] = [
  step({
    id: 'assertion.wire-log.mock',
    group: 'assertion',
    level: 'core',
    keyword: 'Then',
    expression: 'the wire log between the {client} and the {mock} is:',
    argument: 'docString',
    example: 'the wire log between the client and the mock is:',
    exampleArgument: '"""\n> "PING\\r\\n"\n< "PONG\\r\\n"\n* peer closes\n"""',
    summary:
      'a script equals the log of that pair: > is what the client sent, < what came back; bytes with their framing',
    failure: 'difference of the lines, first line that differs',
    async run(world, client, mock, { text }) {
      const pair = { client: clients(world).get(client), mock: mocks(world).get(mock) };
      const connections = connectionsBetween(pair.client, pair.mock);
      const what = `the wire log between ${pair.client.title} and ${pair.mock.title}`;
      await expectLog(world, parseScript(text), { what, how: 'whole', connections });
    },
  }),
];
