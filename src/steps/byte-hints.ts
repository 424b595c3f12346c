import { printBytesShortened } from '../base/byte-literal-printer';
import { asBuffer } from '../base/bytes';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** What a reader may want to know when a client did not get its bytes; only what is true. */
export function hintsAbout(
  world: StepWorld,
  client: ScenarioClient,
  expected: Uint8Array,
  received: Uint8Array,
): readonly string[] {
  const hints = [
    lineEndHint(expected, received),
    caseHint(expected, received),
    extraLineEndHint(expected, received),
    earlierHint(client, expected),
    laterHint(expected, received),
    elsewhereHint(world, client, expected),
    tlsHint(received),
    spokeFirstHint(client, expected, received),
  ];
  return hints.filter((hint) => hint !== undefined);
}

function lineEndHint(expected: Uint8Array, received: Uint8Array): string | undefined {
  const wanted = latin(expected);
  const bare = wanted.replace(/\r\n/g, '\n');
  if (bare === wanted.replace(/\n/g, '\r\n')) return undefined;
  const got = latin(received);
  if (got.includes(wanted)) return undefined;
  if (bare !== wanted && got.includes(bare)) return 'the same came with LF where CR LF was wanted';
  return got.includes(bare.replace(/\n/g, '\r\n'))
    ? 'the same came with CR LF where LF was wanted'
    : undefined;
}

function caseHint(expected: Uint8Array, received: Uint8Array): string | undefined {
  const [wanted, got] = [latin(expected), latin(received)];
  if (wanted === '' || got.includes(wanted)) return undefined;
  if (!got.toLowerCase().includes(wanted.toLowerCase())) return undefined;
  return 'equal when case is ignored; matching is byte-exact, use /…/i if you mean that';
}

function extraLineEndHint(expected: Uint8Array, received: Uint8Array): string | undefined {
  const got = latin(received);
  const extra = got.startsWith(latin(expected)) ? got.slice(expected.byteLength) : '';
  const end = /(?:\r\n|\n)$/.exec(got)?.[0] ?? '';
  const surplus = received.byteLength - expected.byteLength;
  if (extra === '\r\n' || extra === '\n') return 'the extra bytes are a line end';
  return surplus > 0 && surplus === end.length && !latin(expected).endsWith('\n')
    ? 'the extra bytes are a line end'
    : undefined;
}

/** The bytes lie before the cursor. */
function earlierHint(client: ScenarioClient, expected: Uint8Array): string | undefined {
  const { all, cursor, skipped } = client.transcript;
  if (expected.byteLength === 0) return undefined;
  const at = all.subarray(0, cursor).lastIndexOf(expected);
  if (at < 0) return undefined;
  const range = skipped.find(({ from, to }) => from <= at && at < to);
  return range === undefined
    ? 'these bytes came once already and were received by an earlier step'
    : `these bytes came earlier and were skipped by: ${range.step}`;
}

/** An exact comparison failed although the bytes stand further on. */
function laterHint(expected: Uint8Array, received: Uint8Array): string | undefined {
  if (expected.byteLength === 0) return undefined;
  const at = asBuffer(received).indexOf(expected);
  return at > 0 ? `the expected bytes come later, at byte ${at} of what is unread` : undefined;
}

function elsewhereHint(
  world: StepWorld,
  client: ScenarioClient,
  expected: Uint8Array,
): string | undefined {
  if (expected.byteLength === 0) return undefined;
  const others = world.named<ScenarioClient>('client').all.filter((other) => other !== client);
  const found = others.find(({ transcript }) => transcript.unread.indexOf(expected) >= 0);
  return found === undefined ? undefined : `${found.title} received these bytes`;
}

function tlsHint(received: Uint8Array): string | undefined {
  const [type, major, minor] = received;
  if (major !== 3 || minor === undefined || minor > 4) return undefined;
  if (type !== 0x15 && type !== 0x16) return undefined;
  const record = type === 0x15 ? 'alert' : 'handshake';
  return `what came begins like a TLS ${record} record: the peer speaks TLS`;
}

/** The expected bytes stand behind a greeting. */
function spokeFirstHint(
  client: ScenarioClient,
  expected: Uint8Array,
  received: Uint8Array,
): string | undefined {
  const { transcript, firstSentUs } = client;
  const firstUs = transcript.arrivedAtUs(transcript.cursor);
  const at = expected.byteLength === 0 ? 0 : asBuffer(received).indexOf(expected);
  if (at <= 0 || transcript.cursor > 0) return undefined;
  if (firstSentUs === undefined || firstUs === undefined || firstUs > firstSentUs) return undefined;
  const greeting = printBytesShortened(received.subarray(0, at), 64);
  return `the peer spoke first: ${greeting} came before the client sent anything`;
}

function latin(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}
