import { resp } from '../../src/framing/resp';
import { framed } from '../../src/tcp/framed';
import type { ConnectionService } from '../../src/tcp/service';

/**
 * Redis, as far as drivers in tests ask: RESP2, and RESP3 after `HELLO 3`.
 *
 * It speaks HELLO, CLIENT, INFO, PING, ECHO, SET, GET, INCR, DEL and QUIT, without options and
 * without expiry; BLPOP waits for ever. Everything else is an error, as it is there.
 *
 * @param keys - what is stored; connections that are given the same share it
 * @source https://github.com/redis/redis-specifications/blob/master/protocol/RESP3.md
 */
export function redisServer(keys: Map<string, string>): () => ConnectionService {
  return () => {
    const session: Session = { keys, protocol: 2 };
    return framed(resp(), {
      async onFrame(frame, caller) {
        const [name = '', ...words] = readWords(frame);
        const command = commands[name.toUpperCase()];
        const reply = command?.(session, words) ?? error(`unknown command '${name}'`);
        if (name.toUpperCase() === 'QUIT') {
          await caller.writeBytes(Buffer.from(reply));
          void caller.close();
          return undefined;
        }
        return reply === silence ? undefined : Buffer.from(reply);
      },
    });
  };
}

interface Session {
  readonly keys: Map<string, string>;
  protocol: 2 | 3;
}

/** A reply that never comes. */
const silence = '';

type Command = (session: Session, words: readonly string[]) => string;

const commands: Readonly<Record<string, Command>> = {
  HELLO: hello,
  CLIENT: () => simple('OK'),
  INFO: () => bulk('# Server\r\nredis_version:7.4.0\r\n# Persistence\r\nloading:0\r\n'),
  PING: (_session, [text]) => (text === undefined ? simple('PONG') : bulk(text)),
  ECHO: (_session, [text = '']) => bulk(text),
  GET: ({ keys, protocol }, [key = '']) => {
    const value = keys.get(key);
    if (value !== undefined) return bulk(value);
    return protocol === 3 ? '_\r\n' : '$-1\r\n';
  },
  SET: ({ keys }, [key = '', value = '']) => {
    keys.set(key, value);
    return simple('OK');
  },
  INCR: ({ keys }, [key = '']) => {
    const next = Number(keys.get(key) ?? 0) + 1;
    if (!Number.isInteger(next)) return error('value is not an integer or out of range');
    keys.set(key, String(next));
    return `:${next}\r\n`;
  },
  DEL: ({ keys }, names) => `:${names.filter((name) => keys.delete(name)).length}\r\n`,
  BLPOP: () => silence,
  QUIT: () => simple('OK'),
};

function hello(session: Session, [version]: readonly string[]): string {
  if (version !== undefined && version !== '2' && version !== '3') {
    return '-NOPROTO unsupported protocol version\r\n';
  }
  if (version !== undefined) session.protocol = version === '3' ? 3 : 2;
  const facts = [
    [bulk('server'), bulk('redis')],
    [bulk('version'), bulk('7.4.0')],
    [bulk('proto'), `:${session.protocol}\r\n`],
    [bulk('id'), ':1\r\n'],
    [bulk('mode'), bulk('standalone')],
    [bulk('role'), bulk('master')],
    [bulk('modules'), '*0\r\n'],
  ].flat();
  const head = session.protocol === 3 ? `%${facts.length / 2}` : `*${facts.length}`;
  return `${head}\r\n${facts.join('')}`;
}

function simple(text: string): string {
  return `+${text}\r\n`;
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function error(text: string): string {
  return `-ERR ${text}\r\n`;
}

/** The words of a command: an array of bulk strings. */
function readWords(frame: Uint8Array): readonly string[] {
  const bytes = Buffer.from(frame);
  const words: string[] = [];
  let at = bytes.indexOf('\r\n') + 2;
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const length = Number(bytes.toString('latin1', at + 1, lineEnd));
    words.push(bytes.toString('utf8', lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return words;
}
