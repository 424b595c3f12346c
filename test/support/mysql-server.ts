import type { Caller } from '../../src/tcp/caller';
import type { ConnectionService } from '../../src/tcp/service';
import { inPackets } from './packets';

/**
 * MySQL, as far as drivers in tests ask: protocol 4.1, without TLS; every password is right.
 *
 * It speaks the handshake, COM_PING, COM_QUIT and COM_QUERY. Statements are
 * `select VALUE as NAME`, where VALUE is a whole number or a quoted text, and `select sleep(…)`,
 * which sleeps for ever. Anything else is a syntax error.
 *
 * @source https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
 */
export function mysqlServer(): (caller: Caller) => Promise<ConnectionService> {
  return async (caller) => {
    await caller.writeBytes(packet(0, greeting));
    let greeted = false;
    return {
      onBytes: inPackets(
        (bytes) => (bytes.length < 4 ? undefined : 4 + bytes.readUIntLE(0, 3)),
        (request) => {
          if (greeted) return answer(request.subarray(4), caller);
          greeted = true;
          return packet(request.readUInt8(3) + 1, ok);
        },
      ),
    };
  };
}

const command = { quit: 1, query: 3, ping: 14 } as const;

/** LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
const capabilities = 0x0001 | 0x0200 | 0x2000 | 0x8000 | 0x8_0000;
const utf8 = 33;
const autocommit = 2;

const greeting = Buffer.concat([
  Buffer.from([10]),
  Buffer.from('8.0.0\0'),
  Buffer.from([1, 0, 0, 0]),
  Buffer.from('abcdefgh\0'),
  Buffer.from([capabilities & 0xff, (capabilities >> 8) & 0xff, utf8, autocommit, 0]),
  Buffer.from([(capabilities >> 16) & 0xff, capabilities >>> 24, 21]),
  Buffer.alloc(10),
  Buffer.from('ijklmnopqrst\0'),
  Buffer.from('mysql_native_password\0'),
]);

const ok = Buffer.from([0, 0, 0, autocommit, 0, 0, 0]);
const endOfList = Buffer.from([0xfe, 0, 0, autocommit, 0]);

function answer(request: Buffer, caller: Caller): Buffer | undefined {
  const kind = request.readUInt8(0);
  if (kind === command.ping) return packet(1, ok);
  if (kind === command.query) return query(request.toString('utf8', 1));
  if (kind !== command.quit) return packet(1, failure(1_047, '08S01', 'Unknown command'));
  // The server is the one that ends it.
  void caller.close();
  return undefined;
}

function query(statement: string): Buffer | undefined {
  if (/^select sleep\(/.test(statement)) return undefined;
  const match = /^select (?:(\d+)|'([^']*)') as (\w+)$/.exec(statement);
  if (match === null) {
    const what = `You have an error in your SQL syntax near '${statement}'`;
    return packet(1, failure(1_064, '42000', what));
  }
  const [, number, quoted, name = ''] = match;
  return Buffer.concat([
    packet(1, Buffer.from([1])),
    packet(2, column(name, number === undefined ? 253 : 8)),
    packet(3, endOfList),
    packet(4, text(number ?? quoted ?? '')),
    packet(5, endOfList),
  ]);
}

/** @param type - 8 is LONGLONG, 253 is VAR_STRING */
function column(name: string, type: number): Buffer {
  return Buffer.concat([
    ...['def', '', '', '', name, ''].map(text),
    Buffer.from([0x0c, utf8, 0, 255, 0, 0, 0, type, 0, 0, 0, 0, 0]),
  ]);
}

function failure(code: number, state: string, what: string): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, code & 0xff, code >> 8]),
    Buffer.from(`#${state}${what}`),
  ]);
}

/** A text of up to 250 bytes behind its length. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.from([0, 0, 0, sequence]);
  head.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([head, body]);
}
