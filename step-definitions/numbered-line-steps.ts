/** Many lines with numbers, to show that order is kept. */
import assert from 'node:assert/strict';
import { clients, type Step } from '../src/steps/index';
import { own } from './own';

const line = (index: number): string => `line ${String(index).padStart(4, '0')}\n`;

const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('');

export const numberedLineSteps: readonly Step[] = [
  own(
    'When',
    '{client} sends {int} numbered lines',
    'client "alice" sends 200 numbered lines',
    async (world, client, count) => {
      for (let index = 0; index < count; index++) {
        await clients(world)
          .get(client)
          .send(Buffer.from(line(index)));
      }
    },
  ),
  own(
    'Then',
    '{client} receives the {int} numbered lines in order',
    'client "alice" receives the 200 numbered lines in order',
    async (world, reference, count) => {
      const client = clients(world).get(reference);
      const wanted = lines(count);
      await world.waitFor(client, () =>
        client.transcript.length >= wanted.length ? true : undefined,
      );
      assert.equal(Buffer.from(client.transcript.all).toString(), wanted);
    },
  ),
];
