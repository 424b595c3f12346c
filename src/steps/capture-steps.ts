/** Sentences about captures: files that other tools read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { counted, stepFailure } from './failure-message';
import { savedPath } from './saved-path';
import { captureOf } from './scenario-capture';
import { type Step, step } from './step';

export const captureSteps: readonly Step[] = [
  step({
    id: 'capture.started',
    group: 'capture',
    level: 'core',
    keyword: 'Given',
    expression: 'the wire is captured to {string}',
    example: 'the wire is captured to "out/run.pcapng"',
    summary:
      'writes a pcapng file from now until the scenario ends; the path starts from the working folder',
    failure: 'cannot write file',
    run: (world, name) => captureOf(world).start(savedPath(world, name)),
  }),
  step({
    id: 'capture.secrets',
    group: 'capture',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the capture includes the TLS secrets',
    example: 'the capture includes the TLS secrets',
    summary: 'writes the key log into the capture of the step above, or of `@pcap`',
    failure: 'no capture is running',
    run: (world) => captureOf(world).includeSecrets(),
  }),
  step({
    id: 'capture.connections',
    group: 'capture',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the capture has {int} connection(s)',
    example: 'the capture has 2 connections',
    summary: 'how many connections the capture has seen, after settling',
    failure: 'expected n, has m',
    async run(world, expected) {
      await world.settle();
      const seen = await captureOf(world).connections();
      if (seen === expected) return;
      throw stepFailure(world, {
        headline: `expected ${counted(expected, 'connection')} in the capture, it has ${seen}`,
        connections: world.world.trace.events.map(({ connection }) => connection),
      });
    },
  }),
  step({
    id: 'assertion.capture.saved',
    group: 'assertion',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the capture is saved as {string}',
    example: 'the capture is saved as "out/run.pcapng"',
    summary:
      'writes what was on the wire up to now as a pcapng file; the path starts from the working folder',
    failure: 'cannot write file',
    async run(world, name) {
      await world.settle();
      const path = savedPath(world, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, captureOf(world).bytes());
    },
  }),
];
