/**
 * `npm run tls:seen`: plays every row of the matrix of TLS on the real network, with the Node that
 * runs this, and writes down what both ends told. docs/tls-faults.md is made from these files.
 */
import { writeFileSync } from 'node:fs';
import { realWorld } from '../src/network/real/world';
import { playRow, tlsMatrix } from '../test/conformance/tls-matrix';
import { type SeenRow, seenPath } from './tls-seen-file';

async function main(): Promise<void> {
  const seen: SeenRow[] = [];
  for (const row of await tlsMatrix()) {
    const world = realWorld();
    const { name, fault, layer, expect } = row;
    try {
      seen.push({ name, fault, layer, expect, seen: await playRow(world, row) });
    } finally {
      await world.scope[Symbol.asyncDispose]();
    }
  }
  const path = seenPath(Number.parseInt(process.versions.node, 10));
  writeFileSync(path, `${JSON.stringify(seen, undefined, 2)}\n`);
  console.log(`wrote ${path}`);
}

void main();
