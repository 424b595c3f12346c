/** Words and options of `brine replay`. */
import type { Command } from 'commander';
import { CommandFailure, exitCodes } from '../exit-codes';
import type { Terminal } from '../print';

interface ReplayOptions {
  readonly module?: string;
  readonly echo?: true;
  readonly allowRemote?: true;
}

/** Adds `brine replay` to the program. */
export function replayCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('replay')
    .description(summary)
    .argument('<case>', 'the word behind "replay:", the file of a case, or env for $BRINE')
    .option('--module <file>', 'the target; default: the one that the case was found in')
    .option('--echo', 'the target is a server that returns what it gets')
    .option('--allow-remote', 'it may be on another machine')
    .addHelpText('after', '\nEnds with 3 when the case still fails, with 0 when it holds now.')
    .action(async (word: string, options: ReplayOptions) => {
      const { replayCase } = require('../replay-run') as typeof import('../replay-run');
      const text = word === 'env' ? process.env['BRINE'] : word;
      if (text === undefined) {
        throw new CommandFailure('BRINE is not set in the environment', exitCodes.usage);
      }
      await replayCase(terminal, text, options);
    });
}
