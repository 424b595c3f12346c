/** Sentences by which a proxy breaks single records of TLS. */
import type { Fault, Trigger } from '../faults/fault';
import type { EntityReference } from './named-entities';
import { type Direction, putAll, tlsRecords } from './proxy-faults';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

export const tlsRecordSteps: readonly Step[] = [
  step({
    id: 'tls.proxy.flips',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} flips bit {int} of TLS record {int} {direction}',
    example: 'the proxy flips bit 3 of TLS record 2 downstream',
    summary: 'records count from 1 in each direction, bits from the first byte behind the header',
    failure: 'a record 0',
    run: (world, proxy, bit, record, direction) =>
      onRecord(world, proxy, record, direction, {
        type: 'corrupt',
        attributes: { offset: 5 + Math.floor(bit / 8), bit: bit % 8 },
      }),
  }),
  step({
    id: 'tls.proxy.drops',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} drops TLS record {int} {direction}',
    example: 'the proxy drops TLS record 3 downstream',
    summary: 'leaves that record out',
    failure: 'a record 0',
    run: (world, proxy, record, direction) =>
      onRecord(world, proxy, record, direction, {
        type: 'drop',
        attributes: { unit: 'message', framing: tlsRecords },
      }),
  }),
  step({
    id: 'tls.proxy.repeats',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} repeats TLS record {int} {direction}',
    example: 'the proxy repeats TLS record 3 upstream',
    summary: 'sends that record twice',
    failure: 'a record 0',
    run: (world, proxy, record, direction) =>
      onRecord(world, proxy, record, direction, {
        type: 'duplicate',
        attributes: { unit: 'message', framing: tlsRecords },
      }),
  }),
  step({
    id: 'tls.proxy.swaps',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} swaps TLS records {int} and {int} {direction}',
    example: 'the proxy swaps TLS records 2 and 3 downstream',
    summary: 'delivers the second of two neighbours first',
    failure: 'records must be neighbours',
    run(world, proxy, record, next, direction) {
      if (next !== record + 1)
        throw new Error(`records must be neighbours, got ${record}, ${next}`);
      return putAll(
        world,
        proxy,
        [{ type: 'swap', attributes: { message: record, framing: tlsRecords } }],
        `record ${record}`,
        direction,
      );
    },
  }),
  step({
    id: 'tls.proxy.cuts',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} cuts the connection {size} into TLS record {int} {direction}',
    example: 'the proxy cuts the connection 20 bytes into TLS record 1 downstream',
    summary: 'FIN to both sides within the record, its header counted',
    failure: 'a record 0',
    run: (world, proxy, offset, record, direction) =>
      putAll(
        world,
        proxy,
        [
          {
            type: 'truncate',
            attributes: { after: 0, how: 'close' },
            trigger: { message: record, framing: tlsRecords, offset },
          },
        ],
        `record ${record}`,
        direction,
      ),
  }),
];

/** A fault that acts on one record and on nothing behind it. */
function onRecord(
  world: StepWorld,
  proxy: EntityReference,
  record: number,
  direction: Direction,
  fault: Fault,
): void {
  const until: Trigger = { message: 2, framing: tlsRecords };
  const one = { ...fault, trigger: { message: record, framing: tlsRecords, until } };
  putAll(world, proxy, [one], `record ${record}`, direction);
}
