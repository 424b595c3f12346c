import type { ConnectionService } from '../../src/tcp/service';
import { inPackets } from './packets';

/**
 * PostgreSQL, as far as drivers in tests ask: protocol 3.0, without TLS and without passwords.
 *
 * It speaks the start, simple queries, and the extended protocol with text parameters. Statements
 * are `select VALUE as NAME`, where VALUE is a whole number, a quoted text or `$1`, and
 * `select pg_sleep(…)`, which sleeps for ever. Anything else is a syntax error.
 *
 * @source https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function postgresServer(): () => ConnectionService {
  return () => {
    let started = false;
    const session: Session = { statement: '', parameters: [] };
    const sizeOf = (bytes: Buffer): number | undefined => {
      const lengthAt = started ? 1 : 0;
      return bytes.length < lengthAt + 4 ? undefined : lengthAt + bytes.readInt32BE(lengthAt);
    };
    const onBytes = inPackets(sizeOf, (packet) => {
      if (started) return answer(session, packet);
      const code = packet.readInt32BE(4);
      if (code === sslRequest) return Buffer.from('N');
      started = true;
      return code === protocol3
        ? welcome
        : failure('08P01', `unsupported frontend protocol ${code}`);
    });
    return { onBytes };
  };
}

interface Session {
  statement: string;
  parameters: readonly string[];
}

const protocol3 = 196_608;
const sslRequest = 80_877_103;
const readyForQuery = message('Z', Buffer.from('I'));

const welcome = Buffer.concat([
  message('R', int32(0)),
  message('S', text('server_version'), text('16.0')),
  message('S', text('client_encoding'), text('UTF8')),
  message('K', int32(1), int32(2)),
  readyForQuery,
]);

function answer(session: Session, packet: Buffer): Buffer | undefined {
  const body = packet.subarray(5);
  switch (packet.toString('latin1', 0, 1)) {
    case 'Q': {
      const result = query(textAt(body, 0), []);
      return result && Buffer.concat([result.description, result.rows, readyForQuery]);
    }
    case 'P':
      session.statement = textAt(body, textAt(body, 0).length + 1);
      return message('1');
    case 'B':
      session.parameters = readParameters(body);
      return message('2');
    case 'D':
      return query(session.statement, session.parameters)?.description;
    case 'E':
      return query(session.statement, session.parameters)?.rows;
    case 'S':
      return readyForQuery;
    default:
      return undefined;
  }
}

/** @returns `undefined` when no answer comes */
function query(
  statement: string,
  parameters: readonly string[],
): { readonly description: Buffer; readonly rows: Buffer } | undefined {
  if (/^select pg_sleep\(/.test(statement)) return undefined;
  const match = /^select (?:(\d+)|'([^']*)'|\$1(?:::\w+)?) as (\w+)$/.exec(statement);
  if (match === null) {
    const rows = failure('42601', `syntax error at or near "${statement.split(' ')[0]}"`);
    return { description: Buffer.alloc(0), rows };
  }
  const [, number, quoted, name = ''] = match;
  const value = Buffer.from(number ?? quoted ?? parameters[0] ?? '');
  const type = number === undefined ? int32(25) : int32(23);
  return {
    description: message(
      'T',
      int16(1),
      text(name),
      int32(0),
      int16(0),
      type,
      int16(-1),
      int32(-1),
      int16(0),
    ),
    rows: Buffer.concat([
      message('D', int16(1), int32(value.length), value),
      message('C', text('SELECT 1')),
    ]),
  };
}

function failure(code: string, what: string): Buffer {
  const fields = ['SERROR', 'VERROR', `C${code}`, `M${what}`].map(text);
  return message('E', ...fields, Buffer.alloc(1));
}

/** Parameters of a Bind message that come as text. */
function readParameters(body: Buffer): readonly string[] {
  let at = textAt(body, 0).length + 1;
  at += textAt(body, at).length + 1;
  at += 2 + 2 * body.readInt16BE(at);
  const count = body.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4 + length;
    return body.toString('utf8', at - length, at);
  });
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(4 + body.length), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at, bytes.indexOf(0, at));
}
