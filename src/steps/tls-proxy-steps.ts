/** Sentences by which a proxy breaks TLS between others: it sees records, and no keys. */
import type { TlsPhase } from '../base/tls-phase';
import type { Fault, Trigger } from '../faults/fault';
import { actionBytes } from '../faults/tls-action-bytes';
import type { TlsAction } from '../faults/tls-fault';
import type { EntityReference } from './named-entities';
import { putAll, tlsRecords } from './proxy-faults';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';
import { readAlert } from './tls-fault-steps';

const late = 'the certificate, which a proxy cannot see';

export const tlsProxySteps: readonly Step[] = [
  step({
    id: 'tls.proxy.stalls',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} stalls {tlsphase}',
    example: 'the proxy "flaky" stalls after the client hello',
    summary: 'lets nothing more reach the client from there on, and keeps the connection',
    failure: late,
    run: (world, proxy, phase) => putAll(world, proxy, [{ ...hold, ...from(phase) }], phase),
  }),
  step({
    id: 'tls.proxy.closes',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} closes {tlsphase}',
    example: 'the proxy "flaky" closes after the server hello',
    summary: 'sends FIN to both sides there',
    failure: late,
    run: (world, proxy, phase) =>
      putAll(
        world,
        proxy,
        [{ type: 'truncate', attributes: { after: 0, how: 'close' }, ...from(phase) }],
        phase,
      ),
  }),
  step({
    id: 'tls.proxy.resets',
    group: 'tls',
    level: 'core',
    keyword: 'Given',
    expression: 'the {proxy} resets {tlsphase}',
    example: 'the proxy "flaky" resets after the client hello',
    summary: 'sends RST to both sides there',
    failure: late,
    run: (world, proxy, phase) => putAll(world, proxy, [{ type: 'reset', ...from(phase) }], phase),
  }),
  step({
    id: 'tls.proxy.garbage',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} sends garbage {tlsphase}',
    example: 'the proxy "flaky" sends garbage after the client hello',
    summary: 'gives the client bytes that are no TLS record, and nothing more',
    failure: late,
    run: (world, proxy, phase) => say(world, proxy, phase, 'garbage'),
  }),
  step({
    id: 'tls.proxy.plain-text',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} sends plain text {tlsphase}',
    example: 'the proxy "flaky" sends plain text after the client hello',
    summary: 'answers the client as an HTTP server without TLS does, and nothing more',
    failure: late,
    run: (world, proxy, phase) => say(world, proxy, phase, 'plaintextHttp'),
  }),
  step({
    id: 'tls.proxy.alert',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} sends the TLS alert {string} {tlsphase}',
    example: 'the proxy "flaky" sends the TLS alert "handshake_failure" after the client hello',
    summary: 'gives the client a fatal alert in the clear, by its name or number, and nothing more',
    failure: 'an unknown alert, and the names that there are',
    run: (world, proxy, alert, phase) => say(world, proxy, phase, { alert: readAlert(alert) }),
  }),
  step({
    id: 'tls.proxy.waits',
    group: 'tls',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {proxy} waits {duration} {tlsphase}',
    example: 'the proxy "flaky" waits 3 s after the client hello',
    summary: 'holds back for so long what goes to the client then',
    failure: late,
    run(world, proxy, ms, phase) {
      const { trigger } = from(phase);
      const until: Trigger = { at: ms, since: 'toxic' };
      return putAll(
        world,
        proxy,
        [{ ...hold, trigger: { event: 'established', ...trigger, until } as Trigger }],
        phase,
      );
    },
  }),
];

const unseen: Readonly<Partial<Record<TlsPhase, string>>> = {
  certificate: 'the certificate phase',
  application: 'the first data',
};

const hold: Fault = { type: 'hold' };

/** Where a fault of what goes to the client begins. @throws Error a phase that a proxy cannot see */
function from(phase: TlsPhase): { readonly trigger?: Trigger } {
  switch (phase) {
    case 'accept':
      return {};
    case 'clientHello':
      return { trigger: { stream: 'upstream', event: 'tls:clientHello' } };
    case 'serverHello':
      return { trigger: { message: 2, framing: tlsRecords } };
    case 'finished':
      return { trigger: { stream: 'upstream', event: 'tls:established' } };
    default:
      throw new Error(`a proxy cannot see ${unseen[phase]} of TLS; use the listener or the mock`);
  }
}

/** Gives the client bytes in place of what its server says from then on. */
function say(world: StepWorld, proxy: EntityReference, phase: TlsPhase, action: TlsAction): void {
  const hex = Buffer.from(actionBytes(action, new Uint8Array())).toString('hex');
  // The bytes are put in behind what holds the rest back.
  const inject: Fault = { type: 'inject', attributes: { bytes: { hex } }, ...from(phase) };
  putAll(world, proxy, [{ ...hold, ...from(phase) }, inject], phase);
}
