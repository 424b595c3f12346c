/** What is done to single records of TLS that pass by. */
import { recordTypes } from '../base/tls-phase';
import type { TlsRecordAction } from './tls-record-action';
import { fragmentsOf, type WholeRecord } from './tls-records';

const headerBytes = 5;
const handshake = 22;
const serverHello = 2;
/** Bytes behind the header of an alert that TLS 1.3 has hidden. */
const hiddenAlertBytes = 19;
/** Header, type and length of the message, version, random: then the length of the session id. */
const sessionIdAt = headerBytes + 4 + 2 + 32;

/** The pieces that leave in place of a record, or nothing for actions that change none. */
export function changedRecord(
  record: WholeRecord,
  action: TlsRecordAction,
): readonly Uint8Array[] | undefined {
  if (action === 'drop') return [];
  if (action === 'duplicate') return [record.bytes, record.bytes];
  if (typeof action === 'string') return undefined;
  if ('flip' in action) return [flipped(record.bytes, action.flip)];
  if ('cipher' in action) return [withCipher(record, action.cipher)];
  if ('fragment' in action) return fragmentsOf(record, action.fragment);
  if ('recordLength' in action) return [withHeader(record, 3, action.recordLength)];
  if ('recordVersion' in action) return [withHeader(record, 1, action.recordVersion)];
  if ('recordType' in action) {
    const bytes = Buffer.from(record.bytes);
    bytes.writeUInt8(action.recordType, 0);
    return [bytes];
  }
  return undefined;
}

/** An alert, in the clear, of TLS 1.2, or by its length of TLS 1.3. */
export function isAlert({ type, length }: WholeRecord): boolean {
  if (type === recordTypes.alert) return true;
  return type === recordTypes.applicationData && length === hiddenAlertBytes;
}

/** Whether a record is a ServerHello, which is what a suite is rewritten in. */
export function isServerHello({ type, bytes }: WholeRecord): boolean {
  return type === handshake && bytes[headerBytes] === serverHello;
}

/** One bit turned over, the lowest of a byte; behind the end it is the last byte. */
function flipped(bytes: Buffer, at: number | 'last'): Buffer {
  const changed = Buffer.from(bytes);
  const index = at === 'last' ? bytes.length - 1 : Math.min(at, bytes.length - 1);
  changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
  return changed;
}

function withCipher(record: WholeRecord, cipher: number): Buffer {
  const changed = Buffer.from(record.bytes);
  const at = sessionIdAt + 1 + (changed[sessionIdAt] ?? 0);
  if (isServerHello(record) && at + 2 <= changed.length) changed.writeUInt16BE(cipher, at);
  return changed;
}

function withHeader({ bytes }: WholeRecord, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16BE(value, at);
  return changed;
}
