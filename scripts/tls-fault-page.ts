import type { TlsFaultPreset } from '../src/faults/tls-fault-presets';
import type { SeenKinds, SeenRow } from './tls-seen-file';

const opening = `# Faults of TLS

\`tlsFault\` in \`secureSocket\` makes one end of TLS misbehave, at a Listener or at a Client. It is data: a name from the table below, or an object.

\`\`\`ts
import assert from 'node:assert/strict';
import { Client, Listener, TcpError } from 'brine';
import { simulatedWorld } from 'brine/simulated';

await simulatedWorld().run(async (world) => {
  // The client says nothing at all; the listener waits for its greeting.
  const tlsFault = { on: 'accept', do: 'stall' } as const;
  const silent = await new Listener(0, { world }).attach(() => ({ onBytes: () => undefined })).start();
  const stalled = await Client.connect(silent, {
    world,
    secureSocket: { tlsFault, handshakeTimeout: '5s' },
  }).catch((reason: unknown) => reason);
  assert.ok(TcpError.is(stalled));
  assert.equal(stalled.kind, 'handshake-timeout');
  assert.match(stalled.message, /after the fault stall on accept at this end$/);
});
\`\`\`

## Shapes

| Fault | Layer | Does |
| --- | --- | --- |
| \`{ negotiate: { … } }\` | A | a genuine end that offers something else than its options say: \`versions\`, \`ciphers\`, \`groups\`, \`sigalgs\`, \`alpn\`, \`maxSendFragment\`; \`renegotiate: 'ask'\`; at a listener also \`helloRetry\`, \`clientAuth\`, \`tickets: 'reject'\`, \`sni: 'refuse'\` or \`'stall'\`, \`renegotiate: 'allow'\` or \`'refuse'\` |
| \`{ certificate: key }\` | A | a genuine end that shows this certificate in place of its own; \`'none'\`: it has none |
| \`{ certificate: 'expired' }\` | A | the [preset](certificates.md#bad-certificates) of that name, issued by the authority that has issued \`key\`; at a listener whose key is none of an authority, by one that is made for it and that \`trustAnchor\` tells |
| \`{ on: phase, do: action, ending? }\` | B | acts once the phase was reached |

Phases, in order: \`accept\` is before the first byte; \`clientHello\` and \`serverHello\` when a whole one has passed; \`certificate\` after that of the server; \`finished\` when this end is done with its handshake; \`application\` after the first data; \`closing\` when this end is about to say close_notify. A client of TLS 1.3 cannot see \`certificate\` and acts on \`finished\` instead.

| Action | Does |
| --- | --- |
| \`'stall'\`, \`'fin'\`, \`'rst'\` | nothing more is sent; FIN; RST |
| \`'garbage'\`, \`'plaintextHttp'\`, \`'plaintextSmtp'\` | 64 bytes of a7, an HTTP answer, an SMTP greeting |
| \`'echoHello'\` | the ClientHello is sent back |
| \`{ alert, level? }\` | an alert in the clear, by name or number |
| \`'emptyRecord'\`, \`{ recordLength }\`, \`{ recordVersion }\`, \`{ recordType }\` | a handshake record with nothing in it; with a length that is not its own; under another version; of another type |
| \`{ inject }\` | bytes as they are, or hex digits |
| \`'cutMidRecord'\` | the next record of this end is cut in half, then FIN |
| \`{ fragment: n }\` | handshake records in the clear become records of n bytes |
| \`{ drip: { bytes, every } }\` | from then on so many bytes at a time, each after a while |
| \`{ delay }\` | what comes next is held back |
| \`'omitCloseNotify'\` | on \`closing\`: FIN without close_notify |

\`ending\` is what follows: \`'stall'\`, \`'fin'\` or \`'rst'\`. RST waits 30 ms when something was sent before it, so that a peer that reads has it.

At a listener, a fault on \`accept\` or \`clientHello\` answers without any TLS behind it: no service and no \`handshakeError\` hears of the connection, which lasts until the peer has ended it or the listener stops. Every other fault is below a genuine TLS stack, whose end fails in its own way; its message names the fault. Plain bytes under a valid encryption cannot be forged: whatever is injected after the hellos is a bad record for the peer.

What is about the records of a peer, or at a byte within a record, is not for an end but [for a proxy](#in-a-proxy): \`drop\`, \`duplicate\`, \`swap\`, \`flip\` and \`cipher\` are refused.

In a trace, an event of kind \`tls\` with \`detail.event\` \`fault\` marks when a fault has acted.

## In a proxy

The fault \`tls\` of a [proxy](proxies.md) knows the records that pass through it, so both ends may be anybody's. It acts once, on one direction (\`stream\`), and needs no key: lengths and types of records are in the clear.

\`\`\`ts
import assert from 'node:assert/strict';
import { Client, Listener, TcpError } from 'brine';
import { downstream, tls } from 'brine/faults';
import { Proxy } from 'brine/proxy';

const server = new Listener(0, { secureSocket: { key: 'selfsigned' } });
await server.attach(() => ({ onBytes: (bytes) => bytes })).start();
const proxy = await Proxy.start({ upstream: \`127.0.0.1:\${server.port}\` });

// The ServerHello, cut behind its fortieth byte.
proxy.addToxic(downstream(tls({ on: { byte: 40, inRecord: 1 }, do: 'fin' })));
const cut = await Client.connect(proxy.listen, {
  secureSocket: { cert: { pem: server.trustAnchor ?? '' } },
}).catch((reason: unknown) => reason);
assert.ok(TcpError.is(cut));
assert.equal(cut.kind, 'closed-in-handshake');

await proxy.close();
await server.gracefulStop();
\`\`\`

| \`on\` | Acts |
| --- | --- |
| a phase | on the first record of the direction behind it; what is sent or ended, at once. In TLS 1.3 \`finished\` is the first encrypted record of the client, and \`certificate\` is never seen |
| \`{ record: n, direction? }\` | on record n of the direction, from 1; of the other direction, behind it |
| \`{ byte, inRecord }\` | behind so many bytes of a record, its header of 5 counted; for what is sent or ended |

| \`do\`, beside the actions above | Does to a record |
| --- | --- |
| \`'drop'\`, \`'duplicate'\`, \`'swap'\` | it vanishes; comes twice; comes behind the next one |
| \`{ flip: n }\`, \`{ flip: 'last' }\` | the lowest bit of its byte n, the header counted, or of its last byte |
| \`{ cipher: n }\` | the suite that the ServerHello has chosen |
| \`{ recordLength }\`, \`{ recordVersion }\`, \`{ recordType }\` | another value in its own header |
| \`'cutMidRecord'\`, \`{ fragment }\`, \`{ drip }\`, \`{ delay }\`, \`'omitCloseNotify'\` | as at an end |
| \`{ inject }\` | comes behind these bytes; the stream goes on |

Positions are never offsets of the stream: the first flight of a server has another length on each version of Node. A stream that is not TLS passes as it is, with an event \`warning\`. Triggers know the records as well: \`{ message: 3, framing: 'tls' }\`.
`;

/** What one Node line has told of every row. */
export interface SeenLine {
  readonly line: number;
  readonly rows: readonly SeenRow[];
}

/** The page about faults of TLS, with tables of those that have names and of what was seen. */
export function tlsFaultPage(
  presets: readonly TlsFaultPreset[],
  lines: readonly SeenLine[],
): string {
  return [
    opening,
    '## Names',
    '',
    'What the other end tells when nothing else is odd and it requires close_notify. `presetNamed` of `brine/faults` gives the fault of a name.',
    '',
    '| Name | Fault | Layer | At | The other end tells |',
    '| --- | --- | --- | --- | --- |',
    ...presets.map(presetLine),
    '',
    '## The matrix',
    '',
    'Every fault, and every pair of ends that do not fit, as both ends of ours tell it: first the client, then the listener; `·` where it does not matter, `gone` where only that the peer has ended, `not dialled` where the listener could not start. Each row is played on the real network by the tests on every Node line, and compared with what is written down here; `npm run tls:seen` writes it anew.',
    '',
    `| Row | Fault | Layer | Expected | ${lines.map(({ line }) => `Node ${line}`).join(' | ')} |`,
    `| --- | --- | --- | --- | ${lines.map(() => '---').join(' | ')} |`,
    ...matrixLines(lines),
    '',
  ].join('\n');
}

function presetLine({ name, fault, layer, side, expect }: TlsFaultPreset): string {
  const end = side === 'client' ? 'client' : 'listener';
  return `| \`${name}\` | \`${JSON.stringify(fault)}\` | ${layer} | ${end} | ${expect} |`;
}

function matrixLines(lines: readonly SeenLine[]): readonly string[] {
  const [first] = lines;
  return (first?.rows ?? []).map(({ name, fault, layer, expect }) => {
    const own = lines.map(({ rows }) => rows.find((row) => row.name === name));
    const expected = [...new Set(own.map((row) => kindsText(row?.expect ?? expect)))];
    const cells = own.map((row) => cellOf(row));
    const what = fault.startsWith('{') ? `\`${fault}\`` : fault;
    return `| ${name} | ${what} | ${layer} | ${expected.join('; ')} | ${cells.join(' | ')} |`;
  });
}

/** Green, with what was told, when it is what had to be told on that line. */
function cellOf(row: SeenRow | undefined): string {
  if (row === undefined) return '❌ not played';
  const seen = kindsText(row.seen);
  return seen === kindsText(row.expect) ? `✅ ${seen}` : `❌ ${seen}`;
}

function kindsText({ client = '·', listener = '·' }: SeenKinds): string {
  return `${client} / ${listener}`;
}
