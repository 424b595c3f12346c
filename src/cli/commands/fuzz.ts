/** Words and options of `brine fuzz` and `brine replay`. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CampaignOptions, Profile } from '../../property/campaign-options';
import { CommandFailure, exitCodes } from '../exit-codes';
import type { Terminal } from '../print';

interface FuzzOptions {
  readonly module?: string;
  readonly echo?: true;
  readonly allowRemote?: true;
  readonly property?: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly time?: string;
  readonly profile?: Profile;
  readonly world?: 'real' | 'simulated';
  readonly shard?: string;
  readonly database: string | false;
  readonly json?: string;
}

/** Adds `brine fuzz` to the program. */
export function fuzzCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('fuzz')
    .description(summary)
    .argument('[host:port]', 'a server that runs already')
    .option('--module <file>', 'a module that exports createServer, createClient or properties')
    .option('--echo', 'the server returns what it gets')
    .option('--allow-remote', 'it may be on another machine')
    .option('--property <ids>', 'only these, such as P3,P7; default: all that fit')
    .option(
      '--seed <n>',
      'what every case follows from; default: a fresh one, which is told',
      Number,
    )
    .option('--runs <n>', 'at most so many cases of each property', Number)
    .option('--time <duration>', 'at most so long for each property')
    .option('--profile <name>', 'smoke, default, thorough or nightly')
    .option('--world <kind>', 'simulated or real; default: by the target')
    .option('--shard <i/n>', 'part i of n of the campaign')
    .option('--database <folder>', 'failures, which are tried first', '.brine/failures')
    .option('--no-database', 'keep no failures')
    .option('--json <file>', 'write the results as data')
    .addHelpText('after', '\nEnds with 3 when a property does not hold.')
    .action(async (endpoint: string | undefined, options: FuzzOptions) => {
      const { endpointTarget, moduleTarget } =
        require('../fuzz-target') as typeof import('../fuzz-target');
      const { runFuzz } = require('../fuzz-run') as typeof import('../fuzz-run');
      if ((endpoint === undefined) === (options.module === undefined)) {
        throw new CommandFailure('name one target: host:port, or --module', exitCodes.usage);
      }
      const target =
        endpoint === undefined
          ? moduleTarget(terminal.folder, options.module ?? '')
          : endpointTarget(endpoint, { echo: options.echo === true }, options.allowRemote === true);
      const chosen = options.property?.split(',').map((word) => word.trim());
      await runFuzz(terminal, target, chosen, campaignOf(terminal, options), options.json);
    });
}

function campaignOf({ folder }: Terminal, options: FuzzOptions): CampaignOptions {
  const { seed, runs, time, profile, world, shard, database } = options;
  const [index, count] = (shard ?? '1/1').split('/').map(Number);
  return {
    database: database === false ? false : resolve(folder, database),
    shard: { index: index ?? Number.NaN, count: count ?? Number.NaN },
    ...(seed !== undefined && { seed }),
    ...(runs !== undefined && { runs }),
    ...(time !== undefined && { time }),
    ...(profile !== undefined && { profile }),
    ...(world !== undefined && { world }),
  };
}
