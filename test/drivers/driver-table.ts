/** The table of docs/simulation.md, out of the facts that the tests of the drivers show. */
import { readFileSync } from 'node:fs';
import { allCases } from './all-cases';
import type { DriverRow } from './driver-case';

const begin = '<!-- drivers: written by npm run docs:update -->';
const end = '<!-- /drivers -->';

const heads = [
  'Driver',
  'Version tested',
  'Hook',
  'Answered',
  'Long wait passed',
  'Same trace again',
  'Needs the preload',
];

/** The page with the table in its place. @throws Error the page has no place for it */
export function withDriverTable(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`no place for the table: ${begin} … ${end}`);
  return `${before}${begin}\n\n${driverTable()}\n\n${end}${after}`;
}

function driverTable(): string {
  const rows = [...allCases.values()].map(({ row }) => cells(row));
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(row: DriverRow): readonly string[] {
  const { name, part = name, hook, answered, waited, sameTrace, preload } = row;
  return [
    part,
    testedVersion(name),
    hook,
    answered,
    waited,
    sameTrace,
    preload === false ? 'no' : preload,
  ];
}

/** The version that package.json names; for what comes with Node, the versions of Node. */
export function testedVersion(name: string): string {
  const { devDependencies, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const version: unknown = name === 'node' ? `Node ${engines.node}` : devDependencies[name];
  if (typeof version !== 'string') throw new Error(`package.json names no version of ${name}`);
  return version;
}
