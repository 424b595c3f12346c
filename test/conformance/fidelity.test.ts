/**
 * Whether the simulation behaves as the kernel does: the same scripts on both, compared by side.
 *
 * BRINE_FIDELITY=1000 plays that many random scripts, BRINE_FIDELITY_FROM=5000 others than usual.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realWorld } from '../../src/network/real/world';
import type { Plan } from '../../src/simulation/plan';
import { simulatedWorld } from '../../src/simulation/world';
import { play, type Report, randomScript, type Script } from './fidelity';

const count = Number(process.env['BRINE_FIDELITY'] ?? 120);
const from = Number(process.env['BRINE_FIDELITY_FROM'] ?? 1);

/** Scripts that play at the same time: more would make 8 ms too short on a small machine. */
const atOnce = 4;

/** A script that differs is played again: a busy machine may need more than 8 ms for a step. */
const replays = 3;

/** The loopback of Linux, where buffers are large and one read of Node gives up to 64 KiB. */
const loopback: Plan = {
  v: 1,
  links: [
    {
      from: '*',
      to: '*',
      latency: '50us',
      sendBuffer: 2_500_000,
      receiveBuffer: 4_000_000,
      mss: 65_536,
    },
  ],
};

/** Scripts in which simulation and kernel once went apart, or that a rule of closing hangs on. */
const examples: readonly Script[] = [
  example('a reset behind bytes that a paused side has not read', [
    { side: 'listener', do: 'pause' },
    { side: 'dialler', do: 'write', bytes: 100_000 },
    { side: 'dialler', do: 'reset' },
    { side: 'listener', do: 'resume' },
  ]),
  example('a destroy that leaves more unread than the stream takes ahead', [
    { side: 'dialler', do: 'pause' },
    { side: 'listener', do: 'write', bytes: 99_184 },
    { side: 'dialler', do: 'destroy' },
    { side: 'listener', do: 'write', bytes: 10 },
  ]),
  example('a destroy with bytes in the stream only', [
    { side: 'dialler', do: 'pause' },
    { side: 'listener', do: 'write', bytes: 1_000 },
    { side: 'dialler', do: 'destroy' },
  ]),
  example(
    'two late writes into a connection whose peer is gone',
    [
      { side: 'listener', do: 'destroy' },
      { side: 'dialler', do: 'write', bytes: 5 },
      { side: 'dialler', do: 'write', bytes: 5 },
    ],
    true,
  ),
  example(
    'a reset after our own end and the end of the peer',
    [
      { side: 'listener', do: 'end' },
      { side: 'dialler', do: 'write', bytes: 100 },
      { side: 'listener', do: 'destroy' },
      { side: 'dialler', do: 'write', bytes: 100 },
      { side: 'dialler', do: 'end' },
    ],
    true,
  ),
  example('a write into a side that has reset, from one that does not read', [
    { side: 'dialler', do: 'pause' },
    { side: 'listener', do: 'reset' },
    { side: 'dialler', do: 'write', bytes: 5 },
  ]),
  example('a paused side ends although its peer has ended long ago', [
    { side: 'dialler', do: 'pause' },
    { side: 'listener', do: 'write', bytes: 132_605 },
    { side: 'listener', do: 'end' },
    { side: 'dialler', do: 'write', bytes: 93_662 },
    { side: 'dialler', do: 'resume' },
  ]),
  example('both sides end at the same time', [
    { side: 'dialler', do: 'write', bytes: 20_000 },
    { side: 'dialler', do: 'end' },
    { side: 'listener', do: 'end' },
  ]),
];

for (const script of examples) {
  test(`kernel and simulation agree on ${script.name}`, { timeout: 20_000 }, async () => {
    const { kernel, simulation } = await compare(script);

    assert.deepEqual(simulation, kernel);
  });
}

test(`kernel and simulation agree on 99 of 100 random scripts (${count} from ${from})`, {
  timeout: 20_000 + count * 500,
}, async () => {
  const differences: string[] = [];
  let next = from;
  const player = async (): Promise<void> => {
    while (next < from + count) {
      const script = randomScript(next++);
      const { kernel, simulation } = await compare(script);
      if (same(kernel, simulation)) continue;
      differences.push(
        `${script.name}: ${JSON.stringify({ script, kernel, simulation }, null, 1)}`,
      );
    }
  };

  await Promise.all(Array.from({ length: atOnce }, player));

  assert.ok(differences.length <= count / 100, differences.join('\n'));
});

function example(name: string, steps: Script['steps'], halfOpen = false): Script {
  return { name, steps, halfOpen: { dialler: halfOpen, listener: halfOpen } };
}

async function compare(script: Script): Promise<{ kernel: Report; simulation: Report }> {
  const simulation = await simulatedWorld({ plan: loopback }).run((world) => play(world, script));
  let kernel = await onKernel(script);
  for (let again = 0; again < replays && !same(kernel, simulation); again++) {
    kernel = await onKernel(script);
  }
  return { kernel, simulation };
}

async function onKernel(script: Script): Promise<Report> {
  const world = realWorld({ trace: { mode: 'off' } });
  try {
    return await play(world, script);
  } finally {
    await world.scope[Symbol.asyncDispose]();
  }
}

function same(left: Report, right: Report): boolean {
  return left.dialler === right.dialler && left.listener === right.listener;
}
