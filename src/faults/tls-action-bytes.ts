import { alertNumbers } from '../base/tls-alerts';
import { recordTypes } from '../base/tls-phase';
import type { TlsAction, TlsActionFault } from './tls-fault';
import { recordOf } from './tls-records';

/** No type of a record, and no letter. */
const garbage = Buffer.alloc(64, 0xa7);
const http = Buffer.from(
  'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
);
const smtp = Buffer.from('220 mail ESMTP\r\n');
/** What stands where a message would: a ServerHello that says it is 60 bytes long. */
const hollow = Buffer.concat([Buffer.from([2, 0, 0, 60]), Buffer.alloc(60, 3)]);

/**
 * What an action sends in the clear.
 *
 * @param heard - what the peer has sent up to now, for an echo
 * @returns empty for actions that send nothing of their own
 */
export function actionBytes(action: TlsAction, heard: Uint8Array): Uint8Array {
  if (typeof action === 'string') return wholeBytes(action, heard);
  if ('alert' in action) {
    const { alert } = action;
    const number = typeof alert === 'number' ? alert : alertNumbers[alert];
    // The one alert that is no failure; OpenSSL heeds it only as a warning.
    const { level = number === alertNumbers.close_notify ? 'warning' : 'fatal' } = action;
    return recordOf(recordTypes.alert, Buffer.from([level === 'fatal' ? 2 : 1, number]));
  }
  if ('inject' in action) {
    return typeof action.inject === 'string' ? Buffer.from(action.inject, 'hex') : action.inject;
  }
  if ('recordLength' in action) return claiming(action.recordLength);
  if ('recordVersion' in action) {
    return recordOf(recordTypes.handshake, hollow, action.recordVersion);
  }
  if ('recordType' in action) {
    const short = action.recordType === recordTypes.changeCipherSpec;
    return recordOf(action.recordType, short ? Buffer.from([1]) : hollow);
  }
  return Buffer.alloc(0);
}

/** What follows an action: silence, FIN or RST. */
export function endingOf({ do: action, ending }: TlsActionFault): 'stall' | 'fin' | 'rst' {
  if (action === 'fin' || action === 'rst') return action;
  return ending ?? (action === 'cutMidRecord' ? 'fin' : 'stall');
}

function wholeBytes(action: string, heard: Uint8Array): Uint8Array {
  switch (action) {
    case 'garbage':
      return garbage;
    case 'plaintextHttp':
      return http;
    case 'plaintextSmtp':
      return smtp;
    case 'echoHello':
      return heard;
    case 'emptyRecord':
      return recordOf(recordTypes.handshake, Buffer.alloc(0));
    default:
      return Buffer.alloc(0);
  }
}

function claiming(length: number): Buffer {
  const record = recordOf(recordTypes.handshake, hollow);
  record.writeUInt16BE(length, 3);
  return record;
}
