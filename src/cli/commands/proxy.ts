/** Words and options of `brine proxy`; what each of its commands does is loaded when it is called. */
import { Argument, type Command } from 'commander';
import { suggestion } from '../../base/closest-word';
import { packageInfo } from '../../base/package-info';
import { CommandFailure, exitCodes } from '../exit-codes';
import type { Terminal } from '../print';
import type { ServeOptions } from '../proxy-serve';
import type { ProxyVerbs, VerbOptions } from '../proxy-verbs';
import type { ToxicWords } from '../proxy-words';

/** Adds `brine proxy` to the program. */
export function proxyCommand(program: Command, summary: string, terminal: Terminal): void {
  const proxy = program
    .command('proxy')
    .description(summary)
    .version(packageInfo().version, '-v, --version', 'print the version')
    .helpOption('--help', 'print this help')
    .option(
      '-h, --host <host>',
      'serve: where the API listens, default localhost; others: where the API is, default\n' +
        '$BRINE_URL, $TOXIPROXY_URL or http://localhost:8474',
    )
    .option('--json', 'print answers as JSON')
    .addHelpText(
      'after',
      '\nThe verbs take what toxiproxy-cli takes, and speak to Toxiproxy as well. They end with 1\n' +
        'when the API refuses or is not there, with 2 for wrong words.',
    );
  addServe(proxy, terminal);
  addRun(proxy, terminal);
  const verbs = (): ProxyVerbs => {
    const { ProxyVerbs: Verbs } = require('../proxy-verbs') as typeof import('../proxy-verbs');
    return new Verbs(terminal, proxy.opts<VerbOptions>());
  };
  addProxyVerbs(proxy, verbs);
  addToxicVerbs(proxy, verbs);
  addOurVerbs(proxy, verbs, terminal);
}

function addServe(proxy: Command, terminal: Terminal): void {
  const serve = proxy
    .command('serve', { isDefault: true })
    .description('run proxies and the control API until a signal (this is the default)');
  addServerOptions(serve)
    .option('--lenient-config', 'log what is wrong with the file and run the rest, as Toxiproxy')
    .option('--exit-when-idle <duration>', 'end when nothing has happened for so long, such as 30s')
    .addHelpText(
      'after',
      '\nPrints one JSON object a line: listening, then every event of the proxies, stopped. Logs go\n' +
        'to standard error, as much as LOG_LEVEL says. Ends with 0 after SIGINT and SIGTERM; a second\n' +
        'signal ends at once.',
    )
    .addArgument(new Argument('[words...]').default([], ''))
    .usage('[options]')
    .action(async (words: readonly string[], options: ServeOptions) => {
      const [word] = words;
      if (word !== undefined) {
        const names = proxy.commands.flatMap((command) => [command.name(), ...command.aliases()]);
        const near = suggestion(word, names);
        throw new CommandFailure(`no command ${JSON.stringify(word)}${near}`, exitCodes.usage);
      }
      const { serveProxies } = require('../proxy-serve') as typeof import('../proxy-serve');
      await serveProxies(terminal, { ...options, ...proxy.opts() });
    });
}

function addRun(proxy: Command, terminal: Terminal): void {
  const run = proxy
    .command('run')
    .description('serve while a command runs: BRINE_URL and BRINE_PROXY_<NAME> tell it where')
    .argument('<command>', 'the command, behind --')
    .argument('[words...]', 'its words');
  addServerOptions(run).action(async (command: string, words: string[], options: ServeOptions) => {
    const { runBehindProxies } = require('../proxy-run') as typeof import('../proxy-run');
    await runBehindProxies(terminal, [command, ...words], { ...options, ...proxy.opts() });
  });
}

function addServerOptions(command: Command): Command {
  return command
    .helpOption('--help', 'print this help')
    .option('--port <port>', 'port of the API; 0 is any, and is printed', '8474')
    .option('--config <file>', 'proxies to start with, in JSON or YAML')
    .option('--seed <n>', 'where chance comes from; default: chance, and is printed')
    .option(
      '--proxy <[name=]listen>upstream>',
      'a proxy without a file; may be given again',
      collect,
    )
    .option('--profile <name>', 'the network that the proxies of --proxy are on, such as 3g')
    .option('--allow-remote', 'the API and proxies may listen where others can reach them')
    .option('--allow-host <name>', 'a name the API may be called by; may be given again', collect)
    .option('--no-metrics', 'no /metrics')
    .option('--proxy-metrics', 'taken for the sake of Toxiproxy; they are on')
    .option('--runtime-metrics', 'also what Node tells of itself')
    .option('--capture <file>', 'write what is on the wire as pcapng')
    .option('--trace <file>', 'write what happened on the wire, at the end, as lines of JSON')
    .option('--trace-bytes', 'with the bytes');
}

function addProxyVerbs(proxy: Command, verbs: () => ProxyVerbs): void {
  verb(proxy, 'list', ['l', 'li', 'ls'], 'list all proxies').action(() => verbs().list());
  verb(proxy, 'inspect', ['i', 'ins'], 'list the toxics of a proxy')
    .argument('<name>', 'name of the proxy')
    .action((name: string) => verbs().inspect(name));
  verb(proxy, 'create', ['c', 'new'], 'create a proxy')
    .argument('<name>', 'name of the proxy')
    .option('-l, --listen <address>', 'where it listens; default: a free port on 127.0.0.1')
    .option('-u, --upstream <address>', 'where it leads')
    .option('--toxic <json>', 'a toxic it has from the start; may be given again', collect)
    .action((name: string, words: object) => verbs().create(name, words));
  verb(proxy, 'toggle', ['tog'], 'disable a proxy that is enabled, enable one that is not')
    .argument('<name>', 'name of the proxy')
    .action((name: string) => verbs().toggle(name));
  verb(proxy, 'delete', ['d'], 'delete a proxy')
    .argument('<name>', 'name of the proxy')
    .action((name: string) => verbs().delete(name));
}

function addToxicVerbs(proxy: Command, verbs: () => ProxyVerbs): void {
  const toxic = verb(proxy, 'toxic', ['t'], 'add, update or remove a toxic');
  verb(toxic, 'add', ['a'], 'add a toxic')
    .argument('<proxy>', 'name of the proxy')
    .option('-t, --type <type>', 'such as latency; brine proxy faults lists them')
    .option('-n, --toxicName <name>', 'its name; default: <type>_<stream>')
    .option('--tox, --toxicity <share>', 'share of connections, 0 to 1')
    .option('-a, --attribute <key=value>', 'may be given again', collect)
    .option('-u, --upstream', 'acts on what clients send')
    .option('-d, --downstream', 'acts on what clients get (this is the default)')
    .option('--both', 'acts on both')
    .option('--trigger <json>', 'when it begins to act, such as \'{"byte": 100}\'')
    .option('--for <duration>', 'removes itself after so long, such as 5s')
    .action((name: string, words: ToxicWords) => verbs().addToxic(name, words));
  verb(toxic, 'update', ['u'], 'change a toxic')
    .argument('<proxy>', 'name of the proxy')
    .option('-n, --toxicName <name>', 'its name')
    .option('--tox, --toxicity <share>', 'share of connections, 0 to 1; left alone unless given')
    .option('-a, --attribute <key=value>', 'may be given again', collect)
    .action((name: string, words: ToxicWords) => verbs().updateToxic(name, words));
  verb(toxic, 'remove', ['r', 'delete', 'd'], 'remove a toxic')
    .argument('<proxy>', 'name of the proxy')
    .option('-n, --toxicName <name>', 'its name')
    .action((name: string, words: ToxicWords) => verbs().removeToxic(name, words));
}

function addOurVerbs(proxy: Command, verbs: () => ProxyVerbs, terminal: Terminal): void {
  verb(proxy, 'populate', [], 'create the proxies of a file, replace those that differ')
    .argument('<file>', 'JSON or YAML')
    .action(async (file: string) => {
      const { readProxyList } = require('../proxy-list') as typeof import('../proxy-list');
      await verbs().populate(readProxyList(terminal, file));
    });
  verb(proxy, 'reset', [], 'enable all proxies, remove all toxics').action(() => verbs().reset());
  verb(proxy, 'server-version', [], 'print the version of the server').action(() =>
    verbs().serverVersion(),
  );
  verb(proxy, 'connections', [], 'list connections')
    .argument('[name]', 'only those of this proxy')
    .action((name: string | undefined) => verbs().connections(name));
  verb(proxy, 'kill', [], 'end a connection')
    .argument('<id>', 'such as mail#3')
    .option('--how <how>', 'end is FIN, half is FIN to the client only, reset is RST', 'end')
    .action((id: string, { how }: { how: string }) => verbs().kill(id, how));
  verb(proxy, 'events', [], 'print events as they happen, one JSON object a line')
    .argument('[name]', 'only those of this proxy')
    .action((name: string | undefined) => verbs().events(name));
  verb(proxy, 'heal', [], 'enable a proxy and remove its toxics')
    .argument('<name>', 'name of the proxy')
    .action((name: string) => verbs().heal(name));
  verb(proxy, 'profile', [], 'put a proxy on a network')
    .argument('<name>', 'name of the proxy')
    .argument('<profile>', 'such as 3g or offline')
    .action((name: string, profile: string) => verbs().profile(name, profile));
  verb(proxy, 'faults', [], 'list the types of toxics and their attributes').action(() =>
    verbs().faults(),
  );
}

function verb(
  parent: Command,
  name: string,
  aliases: readonly string[],
  description: string,
): Command {
  return parent
    .command(name)
    .aliases(aliases)
    .description(description)
    .helpOption('--help', 'print this help');
}

function collect(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}
