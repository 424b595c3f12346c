/** Bugs that were put in on purpose: the property that is named must find each, and make it small. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crlf } from '../../../src/framing/delimiter';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { checkProperty } from '../../../src/property/campaign';
import { completeness, echo, prefix } from '../../../src/property/properties/echo';
import { framing } from '../../../src/property/properties/framing';
import { listenerIsolation } from '../../../src/property/properties/isolation';
import { noLeak } from '../../../src/property/properties/no-leak';
import { boundedTermination, readTimeoutEdge } from '../../../src/property/properties/read-timeout';
import { robustParser } from '../../../src/property/properties/robust-parser';
import { standardProperties } from '../../../src/property/standard-properties';
import type { WireProperty } from '../../../src/property/wire-property';
import { type EchoBug, echoServer } from '../../planted-bugs/echo-server';
import { buggyFramers, type FramerBug } from '../../planted-bugs/line-framers';
import { type ClientBug, readingClient } from '../../planted-bugs/reading-client';

const quick = { database: false, stability: { simulated: 2, real: 0 }, seed: 1 } as const;
const recording = [Buffer.from('PING\r\n'), Buffer.from('QUIT\r\n')];

const caught: readonly (readonly [EchoBug, WireProperty<unknown>])[] = [
  ['B02', echo(echoServer('B02'))],
  ['B07', echo(echoServer('B07'))],
  ['B08', echo(echoServer('B08'))],
  ['B10', noLeak(echoServer('B10'))],
  ['B16', prefix(echoServer('B16'))],
  ['B17', listenerIsolation(echoServer('B17'))],
  ['B18', listenerIsolation(echoServer('B18'))],
  ['B19', listenerIsolation(echoServer('B19'))],
  ['B23', completeness(echoServer('B23'))],
  ['B38', robustParser(echoServer('B38'), recording)],
];

for (const [bug, property] of caught) {
  test(`${bug}: ${property.title} finds it, the same each time`, { timeout: 60_000 }, async () => {
    const { counterexample, runs } = await checkProperty(property, { ...quick, runs: 3_000 });

    assert.ok(counterexample !== undefined, `not found in ${runs} runs`);
    assert.equal(counterexample.stability.verdict, 'deterministic');
  });
}

const caughtInClients: readonly (readonly [ClientBug, WireProperty<unknown>])[] = [
  ['B09', readTimeoutEdge(readingClient('B09'))],
  ['B12', boundedTermination(readingClient('B12'))],
  ['B14', boundedTermination(readingClient('B14'))],
  ['B40', boundedTermination(readingClient('B40'))],
];

for (const [bug, property] of caughtInClients) {
  test(`${bug}: ${property.title} finds it in a client`, { timeout: 60_000 }, async () => {
    const { counterexample, runs } = await checkProperty(property, { ...quick, runs: 1_000 });

    assert.ok(counterexample !== undefined, `not found in ${runs} runs`);
  });
}

const framerBugs: readonly FramerBug[] = ['B01', 'B03', 'B04', 'B05'];

for (const bug of framerBugs) {
  test(`${bug}: framing finds it in a framer`, { timeout: 60_000 }, async () => {
    const property = framing(buggyFramers[bug]);

    const { counterexample, runs } = await checkProperty(property, { ...quick, runs: 2_000 });

    assert.ok(counterexample !== undefined, `not found in ${runs} runs`);
  });
}

const sound = [
  ...standardProperties(echoServer()),
  ...standardProperties(readingClient()),
  framing(() => crlf()),
  framing(() => lengthPrefix('u16be')),
];

for (const property of sound) {
  test(`${property.id} ${property.title} finds nothing in what is sound`, {
    timeout: 60_000,
  }, async () => {
    const { counterexample, runs } = await checkProperty(property, { ...quick, runs: 150 });

    assert.equal(counterexample, undefined);
    assert.equal(runs, 150);
  });
}
