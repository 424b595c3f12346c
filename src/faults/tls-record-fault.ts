import { configError } from '../base/errors';
import { readCount, readObject, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import { tlsPhases } from '../base/tls-phase';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';
import { readTlsAction } from './tls-fault-reader';
import {
  isChange,
  type TlsRecordAction,
  type TlsRecordPlace,
  type TlsRecordValues,
} from './tls-record-action';
import { RecordStage } from './tls-record-stage';

/** A fault of the records of TLS. */
export interface TlsRecordAttributes {
  /** A phase, `{ record, direction }` or `{ byte, inRecord }`. */
  readonly on: TlsRecordPlace;
  readonly do: TlsRecordAction;
  /** What follows an action that ends; default `stall`, for `cutMidRecord` `fin`. */
  readonly ending: 'stall' | 'fin' | 'rst';
}

/**
 * Faults that know the records of TLS, in front of ends that do not know of it. A stream that is
 * not TLS passes as it is, with a warning.
 *
 * @source docs/tls-faults.md#in-a-proxy
 */
export const tlsRecordType: FaultType<TlsRecordValues> = faultType({
  type: 'tls',
  attributes: {
    on: { kind: 'data', required: true, read: readPlace },
    do: { kind: 'data', required: true, read: readAction },
    ending: { kind: 'choice', choices: ['stall', 'fin', 'rst'] },
  },
  check: ({ on, do: action }) => {
    if (action === 'omitCloseNotify' && on !== 'closing') {
      return 'invalid attribute on: must be "closing" for omitCloseNotify';
    }
    const inside = typeof on === 'object' && 'byte' in on;
    return inside && isChange(action)
      ? 'invalid attribute do: within a record something is sent or ended, no record is changed'
      : undefined;
  },
  stage: (values) => new RecordStage(values),
});

/** Breaks TLS that passes through a proxy, record by record. */
export const tls: FaultBuilder<TlsRecordAttributes> = builderOf(tlsRecordType);

function readPlace(field: string, value: unknown): TlsRecordPlace {
  if (typeof value === 'string') return readOneOf(field, value, tlsPhases);
  const place = readObject(field, value);
  if ('byte' in place) {
    refuseUnknownKeys(field, place, ['byte', 'inRecord']);
    return {
      byte: readCount(`${field}.byte`, place['byte']),
      inRecord: readCount(`${field}.inRecord`, place['inRecord'], 1),
    };
  }
  refuseUnknownKeys(field, place, ['record', 'direction']);
  const { direction } = place;
  const streams = ['upstream', 'downstream'] as const;
  return {
    record: readCount(`${field}.record`, place['record'], 1),
    ...(direction !== undefined && {
      direction: readOneOf(`${field}.direction`, direction, streams),
    }),
  };
}

function readAction(field: string, value: unknown): TlsRecordAction {
  if (value === 'drop' || value === 'duplicate' || value === 'swap') return value;
  if (typeof value === 'object' && value !== null) {
    const action = value as Record<string, unknown>;
    if ('flip' in action) {
      refuseUnknownKeys(field, action, ['flip']);
      const { flip } = action;
      return { flip: flip === 'last' ? flip : readCount(`${field}.flip`, flip) };
    }
    if ('cipher' in action) {
      refuseUnknownKeys(field, action, ['cipher']);
      const cipher = readCount(`${field}.cipher`, action['cipher']);
      if (cipher > 0xffff) throw configError(`${field}.cipher`, 'at most 65535', cipher);
      return { cipher };
    }
  }
  return readTlsAction(field, value);
}
