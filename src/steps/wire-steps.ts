/** Sentences about what was on the wire, and about what is left open. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseScript } from '../capture/script-parser';
import { readWireLog } from '../capture/wire-log';
import { stepFailure } from './failure-message';
import { expectNothingOpen } from './open-connections';
import { savedPath } from './saved-path';
import { captureOf } from './scenario-capture';
import { clients } from './scenario-clients';
import { listeners } from './scenario-listener';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';
import { connectionsBetween, expectLog, findOnWire } from './wire-assertions';
import { wireLogText } from './wire-text';

/** Without times and shortening, a log is a script that holds every time. */
const whole = { times: 'none', payloadLimit: Number.POSITIVE_INFINITY } as const;

export const wireSteps: readonly Step[] = [
  step({
    id: 'assertion.wire-log.pair',
    group: 'assertion',
    level: 'core',
    keyword: 'Then',
    expression: 'the wire log between the {client} and the {listener} is:',
    argument: 'docString',
    example: 'the wire log between the client and the listener is:',
    exampleArgument: '"""\n> "PING"\n< "PING"\n* peer closes\n"""',
    summary:
      'a script equals the log of that pair: > is what the client sent, < what came back; times count only where a line names one',
    failure: 'difference of the lines, first line that differs',
    async run(world, client, listener, { text }) {
      const pair = { client: clients(world).get(client), listener: listeners(world).get(listener) };
      const connections = connectionsBetween(pair.client, pair.listener);
      const what = `the wire log between ${pair.client.title} and ${pair.listener.title}`;
      await expectLog(world, parseScript(text), { what, how: 'whole', connections });
    },
  }),
  step({
    id: 'assertion.nothing-open',
    group: 'assertion',
    level: 'core',
    keyword: 'Then',
    expression: 'no connection is left open',
    example: 'no connection is left open',
    summary: 'no connection of the scenario is open, and no read or write waits, after settling',
    failure: 'each with its owner, its state, and the step that opened it',
    run: (world) => expectNothingOpen(world),
  }),
  step({
    id: 'capture.hides',
    group: 'capture',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the wire log hides {regex}',
    example: 'the wire log hides /PASS \\S+/',
    summary: 'masks matches in the log and in messages, with as many characters',
    failure: 'bad regex',
    run(world, { source, flags }) {
      captureOf(world).refuseNewRules();
      world.redactions.push(new RegExp(source, `${flags.replace('d', '')}g`));
    },
  }),
  step({
    id: 'capture.marked',
    group: 'capture',
    level: 'advanced',
    keyword: 'When',
    expression: 'the wire log is marked {string}',
    example: 'the wire log is marked "after login"',
    summary: 'adds a line to the log',
    failure: '(never)',
    run(world, mark) {
      const nowhere = { connection: '', from: '', to: '', direction: '-' } as const;
      world.world.trace.add({ ...nowhere, kind: 'note', detail: { mark } });
    },
  }),
  step({
    id: 'capture.saved',
    group: 'capture',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the wire log is saved as {string}',
    example: 'the wire log is saved as "out/run.script"',
    summary: 'writes the log as a script; the path starts from the working folder',
    failure: 'cannot write file',
    async run(world, name) {
      await world.settle();
      const path = savedPath(world, name);
      mkdirSync(dirname(path), { recursive: true });
      const payloadLimit = Number.POSITIVE_INFINITY;
      writeFileSync(path, wireLogText(world, { payloadLimit }));
    },
  }),
  step({
    id: 'capture.contains',
    group: 'capture',
    level: 'core',
    keyword: 'Then',
    expression: 'the wire log contains:',
    argument: 'docString',
    example: 'the wire log contains:',
    exampleArgument: '"""\n> "PING"\n* peer resets\n"""',
    summary: 'the lines of a script, in their order; others may lie between',
    failure: 'first missing line, nearest line',
    run: (world, { text }) =>
      expectLog(world, parseScript(text), { what: 'the wire log', how: 'within' }),
  }),
  step({
    id: 'capture.snapshot',
    group: 'capture',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the wire log matches the snapshot {string}',
    example: 'the wire log matches the snapshot "login.script"',
    summary: 'compares with snapshots/<file> beside the feature; BRINE_UPDATE=1 writes it',
    failure: 'difference of the lines, how to update',
    run: (world, name) => matchSnapshot(world, name),
  }),
  step({
    id: 'capture.nothing-contains',
    group: 'capture',
    level: 'core',
    keyword: 'Then',
    expression: 'nothing on the wire contains {bytes}',
    example: 'nothing on the wire contains "s3cret"',
    summary: 'searches every direction of every connection, across chunks',
    failure: 'connection, direction, offset',
    async run(world, bytes) {
      await world.settle();
      const found = findOnWire(world, bytes);
      if (found === undefined) return;
      throw stepFailure(world, {
        headline: `what must not be on the wire is there: connection ${found.number}, ${found.way}, from byte ${found.offset}`,
        connections: found.connections,
      });
    },
  }),
];

async function matchSnapshot(world: StepWorld, name: string): Promise<void> {
  const path = join(world.folder.feature, 'snapshots', name);
  const shown = relative(process.cwd(), path);
  if (process.env['BRINE_UPDATE'] === '1') {
    await world.settle();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wireLogText(world, whole));
    return;
  }
  const update = 'run with BRINE_UPDATE=1 to write it anew';
  if (!existsSync(path)) throw new Error(`there is no snapshot ${shown}; ${update}`);
  const script = readWireLog(readFileSync(path, 'utf8'), { file: shown });
  const options = { what: 'the wire log', how: 'whole', hints: [`${shown}: ${update}`] } as const;
  await expectLog(world, script, options);
}
