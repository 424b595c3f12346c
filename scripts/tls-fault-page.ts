import type { TlsFaultPreset } from '../src/faults/tls-fault-presets';

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
| \`{ negotiate: { … } }\` | A | a genuine end that offers something else than its options say: \`versions\`, \`ciphers\`, \`groups\`, \`sigalgs\`, \`alpn\`, \`maxSendFragment\`; at a listener also \`helloRetry\`, \`clientAuth\`, \`tickets: 'reject'\`, \`sni: 'refuse'\` or \`'stall'\`, \`renegotiate: 'allow'\` or \`'refuse'\` |
| \`{ certificate: key }\` | A | a genuine end that shows this certificate in place of its own |
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

What is about the records of a peer, or at a byte within a record, is not for an end: \`drop\`, \`duplicate\`, \`swap\`, \`flip\` and \`cipher\` are refused.

In a trace, an event of kind \`tls\` with \`detail.event\` \`fault\` marks when a fault has acted.
`;

/** The page about faults of TLS, with a table of those that have names. */
export function tlsFaultPage(presets: readonly TlsFaultPreset[]): string {
  const rows = presets.map(
    ({ name, fault, layer, side, expect }) =>
      `| \`${name}\` | \`${JSON.stringify(fault)}\` | ${layer} | ${endOf(side)} | ${expect} |`,
  );
  return [
    opening,
    '## Names',
    '',
    'What the other end tells when nothing else is odd and it requires close_notify. `presetNamed` of `brine/faults` gives the fault of a name.',
    '',
    '| Name | Fault | Layer | At | The other end tells |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function endOf(side: string): string {
  return side === 'client' ? 'client' : 'listener';
}
