/** Sentences by which a server breaks TLS on purpose. */
import { suggestion } from '../base/closest-word';
import { type AlertName, alertNumbers } from '../base/tls-alerts';
import type { TlsPhase } from '../base/tls-phase';
import type { TlsAction } from '../faults/tls-fault';
import type { EntityReference } from './named-entities';
import { serverOf } from './scenario-servers';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

const alertNames = Object.keys(alertNumbers) as readonly AlertName[];

export const tlsFaultSteps: readonly Step[] = [
  step({
    id: 'tls.fault.stalls',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlspeer} stalls {tlsphase}',
    example: 'the listener "echo" stalls after the client hello',
    summary: 'says nothing more from there on, and keeps the connection',
    failure: '(never)',
    run: (world, peer, phase) => fault(world, peer, phase, 'stall'),
  }),
  step({
    id: 'tls.fault.closes',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlspeer} closes {tlsphase}',
    example: 'the listener "echo" closes after the server hello',
    summary: 'sends FIN there',
    failure: '(never)',
    run: (world, peer, phase) => fault(world, peer, phase, 'fin'),
  }),
  step({
    id: 'tls.fault.resets',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlspeer} resets {tlsphase}',
    example: 'the listener "echo" resets before the client hello',
    summary: 'sends RST there',
    failure: '(never)',
    run: (world, peer, phase) => fault(world, peer, phase, 'rst'),
  }),
  step({
    id: 'tls.fault.garbage',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlspeer} sends garbage {tlsphase}',
    example: 'the listener "echo" sends garbage after the client hello',
    summary: 'sends bytes that are no TLS record',
    failure: '(never)',
    run: (world, peer, phase) => fault(world, peer, phase, 'garbage'),
  }),
  step({
    id: 'tls.fault.plain-text',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlspeer} sends plain text {tlsphase}',
    example: 'the listener "echo" sends plain text after the client hello',
    summary: 'answers as an HTTP server without TLS does: HTTP/1.1 400 Bad Request',
    failure: '(never)',
    run: (world, peer, phase) => fault(world, peer, phase, 'plaintextHttp'),
  }),
  step({
    id: 'tls.fault.alert',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlspeer} sends the TLS alert {string} {tlsphase}',
    example: 'the listener "echo" sends the TLS alert "handshake_failure" after the client hello',
    summary: 'a fatal alert, by its name in RFC 8446 or its number',
    failure: 'an unknown alert, and the names that there are',
    run: (world, peer, alert, phase) => fault(world, peer, phase, { alert: readAlert(alert) }),
  }),
  step({
    id: 'tls.fault.waits',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlspeer} waits {duration} {tlsphase}',
    example: 'the listener "echo" waits 3 s after the client hello',
    summary: 'holds back what it sends next',
    failure: '(never)',
    run: (world, peer, ms, phase) => fault(world, peer, phase, { delay: ms }),
  }),
  step({
    id: 'tls.fault.drips',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {tlspeer} handshakes one byte every {duration}',
    example: 'the listener "echo" handshakes one byte every 100 ms',
    summary: 'sends every byte of the handshake alone, that far apart',
    failure: '(never)',
    run: (world, peer, ms) => fault(world, peer, 'accept', { drip: { bytes: 1, every: ms } }),
  }),
  step({
    id: 'tls.fault.no-close-notify',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {tlspeer} ends without close notify',
    example: 'the listener "echo" ends without close notify',
    summary: 'sends FIN without the closing alert before it',
    failure: '(never)',
    run: (world, peer) => fault(world, peer, 'closing', 'omitCloseNotify'),
  }),
];

/** @throws Error it is neither a name nor a number of an alert */
export function readAlert(words: string): AlertName | number {
  const name = alertNames.find((known) => known === words.toLowerCase().replaceAll(' ', '_'));
  if (name !== undefined) return name;
  if (/^\d{1,3}$/.test(words) && Number(words) < 256) return Number(words);
  throw new Error(
    `unknown TLS alert "${words}"${suggestion(words, alertNames)}, expected ${alertNames.join(', ')}, or a number`,
  );
}

async function fault(
  world: StepWorld,
  peer: EntityReference,
  on: TlsPhase,
  action: TlsAction,
): Promise<void> {
  await serverOf(world, peer).speakTls({ tlsFault: { on, do: action } });
}
