/** Sentences by which a proxy changes the bytes that go through it. */
import { printBytes } from '../base/byte-literal-printer';
import { put } from './proxy-faults';
import { type Step, step } from './step';

export const faultByteSteps: readonly Step[] = [
  step({
    id: 'fault.drops',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} drops {percentage} of the chunks {direction}',
    example: 'the proxy drops 10% of the chunks upstream',
    summary:
      '`drop`: whole chunks vanish from the stream, which is not what loss of packets looks like',
    failure: 'more than 100%',
    run: (world, proxy, probability, direction) =>
      put(world, proxy, direction, 'drop', { probability }),
  }),
  step({
    id: 'fault.flips',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} flips bit {int} of byte {int} {direction}',
    example: 'the proxy flips bit 3 of byte 17 downstream',
    summary: '`corrupt`: byte and bit are counted from 0, in that direction of each connection',
    failure: 'bit must be 0 to 7, byte 0 or more',
    run(world, proxy, bit, offset, direction) {
      if (bit < 0 || bit > 7) throw new Error(`bit must be 0 to 7, got ${bit}`);
      if (offset < 0) throw new Error(`byte must be 0 or more, got ${offset}`);
      return put(world, proxy, direction, 'corrupt', { offset, bit }, `byte ${offset} bit ${bit}`);
    },
  }),
  step({
    id: 'fault.replaces',
    group: 'fault',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} replaces {bytes} with {bytes} {direction}',
    example: 'the proxy replaces "STARTTLS" with "XXXXXXXX" downstream',
    summary: '`replace`: also where a chunk ends within a match; lengths may differ',
    failure: 'nothing to search for',
    run(world, proxy, find, replace, direction) {
      if (find.byteLength === 0) throw new Error('the bytes to replace must not be empty');
      const attributes = { find: dataOf(find), replace: dataOf(replace) };
      return put(world, proxy, direction, 'replace', attributes, printBytes(find));
    },
  }),
];

function dataOf(bytes: Uint8Array): { readonly hex: string } {
  return { hex: Buffer.from(bytes).toString('hex') };
}
