import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSeen, type SeenRow, seenLines } from '../../scripts/tls-seen-file';
import { realWorld } from '../../src/network/real/world';
import { inWorld, type Maker } from './maker';
import { playRow, tlsMatrix } from './tls-matrix';

const maker: Maker = {
  name: 'the real network',
  simulated: false,
  makeWorld: async () => realWorld({ trace: { mode: 'full' } }),
};

const line = Number.parseInt(process.versions.node, 10);
const written = readSeen(line);

test(`${maker.name}: every row of the matrix of TLS ends as it has to`, {
  timeout: 120_000,
}, async (t) => {
  const seen: (Pick<SeenRow, 'name' | 'expect'> & { seen: unknown })[] = [];
  for (const row of await tlsMatrix()) {
    const { name, expect } = row;
    await t.test(`${name} is told as ${Object.values(expect).join(' / ')}`, () =>
      inWorld(maker, async (world) => {
        const told = await playRow(world, row);
        seen.push({ name, expect, seen: told });
        assert.deepEqual(told, expect);
      }),
    );
  }
  if (seenLines.includes(line)) {
    await t.test(`what Node ${line} tells is what is written down of it`, () => {
      const known = written?.map(({ name, expect, seen }) => ({ name, expect, seen }));
      assert.deepEqual(seen, known);
    });
  }
});
