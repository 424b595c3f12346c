/**
 * `npm start`: plays the scenarios of features/01-getting-started on loopback, tells them step by
 * step, and ends with what went over the wire.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { countOf, paint, print } from '../src/cli/print';
import { type Envelope, Story } from './showcase/story';
import { addWireTotals, type WireTotals } from './showcase/wire-totals';

const cucumber = 'node_modules/@cucumber/cucumber/bin/cucumber.js';

async function main(): Promise<void> {
  const words = [cucumber, '--profile', 'showcase', ...process.argv.slice(2)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const begin = performance.now();
  const story = new Story(print);
  for await (const line of createInterface({ input: child.stdout })) {
    const envelope = readEnvelope(line);
    if (envelope === undefined) print(line);
    else story.see(envelope);
  }
  const [exitCode] = await ended;
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
  printSummary(story, addWireTotals(story.totals), seconds);
  process.exitCode = exitCode ?? 1;
  if (story.verdicts.passed === 0) process.exitCode = 1;
}

/** A line of a program that printed to our output is no message. */
function readEnvelope(line: string): Envelope | undefined {
  try {
    return JSON.parse(line) as Envelope;
  } catch {
    return undefined;
  }
}

function printSummary(story: Story, wire: WireTotals, seconds: string): void {
  const { passed, failed, skipped } = story.verdicts;
  const row = (name: string, text: string) => print(`  ${paint('dim', name.padEnd(12))} ${text}`);
  print(`\n${paint('bold', 'What was played')}`);
  row('steps', `${story.steps} in ${seconds} s`);
  const proxies = wire.proxies === 1 ? '1 proxy' : `${wire.proxies} proxies`;
  const peers = [countOf(wire.listeners, 'listener'), countOf(wire.programs, 'program'), proxies];
  row('peers', peers.join(', '));
  row('connections', `${wire.dialled} dialled, ${wire.accepted} accepted, ${wire.refused} refused`);
  row('bytes', `${kibibytes(wire.bytesSent)} sent, ${kibibytes(wire.bytesReceived)} received`);
  row('endings', `${wire.finsSent} FIN and ${wire.resetsSent} RST sent`);
  row('failures', `${wire.failures} met on the wire`);
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  print(`\n${paint(failed > 0 ? 'red' : 'green', `${passed} passed, ${failed} failed${rest}`)}`);
}

function kibibytes(bytes: number): string {
  return bytes < 1_024 ? `${bytes} B` : `${(bytes / 1_024).toFixed(1)} KiB`;
}

void main();
