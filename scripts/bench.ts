/**
 * `npm run bench [name …]`: compares Brine with bare Node doing the same work, side by side.
 * Everything runs compiled, without ts-node, as it does for users.
 * Prints a table and leaves every turn in .brine/out/bench/<name>.json. How to read it:
 * docs/performance.md.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { cursorTo } from 'node:readline';
import { paint, print, printProblem } from '../src/cli/print';
import { type Benchmark, type BenchmarkResult, runBenchmark } from './bench/benchmark';
import { bulkClient, bulkListener } from './bench/bulk';
import { canPin } from './bench/child';
import { connections, echo, roundTrip } from './bench/echo';
import { mockConnections, mockEcho, mockStart } from './bench/mock';
import { proxyBulk, proxyConnections, proxyRoundTrip } from './bench/proxy';
import { recording, recordingBulk } from './bench/recording';
import { crowd, simulation } from './bench/simulation';
import { help } from './bench/start-up';
import { tableOf } from './bench/table';
import { tlsHandshakes } from './bench/tls-handshakes';
import { trace } from './bench/trace';

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  echo,
  'round-trip': roundTrip,
  connections,
  'bulk-listener': bulkListener,
  'bulk-client': bulkClient,
  'proxy-bulk': proxyBulk,
  'proxy-round-trip': proxyRoundTrip,
  'proxy-connections': proxyConnections,
  'mock-echo': mockEcho,
  'mock-connections': mockConnections,
  'mock-start': mockStart,
  trace,
  recording,
  'recording-bulk': recordingBulk,
  'tls-handshakes': tlsHandshakes,
  simulation,
  crowd,
  help,
};
const rounds = { warmUp: 2, measured: 7 };
const folder = '.brine/out/bench';

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.find((word) => !(word in benchmarks));
  if (unknown !== undefined) {
    printProblem(`no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}`);
    return 2;
  }
  mkdirSync(folder, { recursive: true });
  // Captures name the version of Brine, which is looked for beside its code.
  copyFileSync('package.json', `${folder}/js/package.json`);
  const pinning = canPin() ? 'each side on its own processor' : 'taskset not installed: not pinned';
  print(
    `Node ${process.version}, ${rounds.measured} rounds after ${rounds.warmUp} to warm up, ${pinning}\n`,
  );
  for (const name of words.length > 0 ? words : Object.keys(benchmarks)) {
    const benchmark = await benchmarks[name]?.();
    if (benchmark === undefined) continue;
    try {
      const result = await runBenchmark(benchmark, rounds, showProgress);
      hideProgress();
      print(tableOf(result));
      keep(result);
    } finally {
      await benchmark.stop();
    }
  }
  return 0;
}

function keep(result: BenchmarkResult): void {
  const path = `${folder}/${result.name}.json`;
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
}

function showProgress(name: string, round: number, count: number, variant: string): void {
  if (process.stderr.isTTY !== true) return;
  hideProgress();
  const at = round > 0 ? `round ${round} of ${count}` : 'warming up';
  process.stderr.write(paint('dim', `… ${name}: ${at}, ${variant}`, process.stderr));
}

function hideProgress(): void {
  if (process.stderr.isTTY !== true) return;
  cursorTo(process.stderr, 0);
  process.stderr.write('\u001b[K');
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: Error) => {
    hideProgress();
    printProblem(error.stack ?? error.message);
    process.exitCode = 1;
  },
);
