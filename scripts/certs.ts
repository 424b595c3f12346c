/**
 * `npm run certs`: issues the files of certs/ again and writes its README.md.
 *
 * `npm run certs:check` writes nothing, and fails when a file differs from its row. Stores are made
 * by `openssl` and `keytool`; without them those that are there stay, and their rows are read from
 * them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printProblem } from '../src/cli/print';
import { issueFiles } from './certs/files';
import { folder, makersIn, readmeOf } from './certs/readme';
import { makersHere, makeStores } from './certs/stores';

const readme = join(folder, 'README.md');

async function write(): Promise<void> {
  await issueFiles(folder);
  for (const warning of makeStores(folder)) printProblem(warning);
  writeFileSync(readme, await readmeOf(folder, makersHere(makersIn(readme))));
  console.log(`wrote ${folder}`);
}

async function check(): Promise<void> {
  const wanted = (await readmeOf(folder, makersIn(readme))).split('\n');
  const found = readFileSync(readme, 'utf8').split('\n');
  const lines = Array.from({ length: Math.max(wanted.length, found.length) }, (_, at) => at);
  const different = lines.filter((at) => wanted[at] !== found[at]);
  if (different.length === 0) return;
  for (const at of different) {
    printProblem(`${readme}:${at + 1}: ${found[at] ?? ''}\n  the files say: ${wanted[at] ?? ''}`);
  }
  process.exitCode = 1;
}

void (process.argv.includes('--check') ? check() : write());
