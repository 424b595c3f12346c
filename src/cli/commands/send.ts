/** Words and options of `brine send`. */
import type { Command } from 'commander';
import type { Terminal } from '../print';
import type { SendOptions } from '../send';

/** Adds `brine send` to the program. */
export function sendCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('send')
    .description(summary)
    .argument('<host:port>', 'where to')
    .argument(
      '[bytes...]',
      'byte literals or text: PING, "PING\\r\\n", hex "02 10"; - is standard input',
    )
    .option(
      '--expect <what>',
      'bytes, /regex/ or pattern "…" that must come; may be given again',
      collect,
    )
    .option('--within <duration>', 'how long an answer may take', '2s')
    .option('--framing <name>', 'what a message is, such as crlf; each word is sent as one')
    .option('--chunks <n>', 'send in pieces of n bytes', Number)
    .option('--every <duration>', 'pause between pieces')
    .option('--half-close', 'send FIN behind the last byte, and read on')
    .option(
      '--script <file>',
      'do what a script says the client does, and expect what it says comes',
    )
    .option('--tls', 'speak TLS')
    .option('--ca <pem>', 'who may sign the certificate; default: the roots of Node')
    .option('--servername <name>', 'name that is asked for and checked')
    .option('--hex', 'print what comes as a dump')
    .option('--output <file>', 'write what comes into a file instead')
    .addHelpText(
      'after',
      '\nWithout --expect it prints what comes until the peer closes or is silent; with --framing\n' +
        'a message for each one sent. Ends with 1 when the peer cannot be reached or resets the\n' +
        'connection, with 3 when something else comes than is expected.',
    )
    .action(async (address: string, bytes: string[], options: SendOptions) => {
      const { sendBytes } = require('../send') as typeof import('../send');
      await sendBytes(terminal, address, bytes, options);
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
