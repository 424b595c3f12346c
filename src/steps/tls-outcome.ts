/** What steps want of the TLS of a client. */
import type { TlsAlert } from '../base/errors';
import type { TlsInfo } from '../network/tls-info';
import type { TlsVersion } from '../network/tls-settings';
import { failureWords } from './failure-classes';
import { stepFailure } from './failure-message';
import type { ScenarioClient } from './scenario-client';
import type { StepFailure } from './step-failure';
import type { StepWorld } from './step-world';

export function expectVersion(world: StepWorld, client: ScenarioClient, wanted: TlsVersion): void {
  const { protocol } = tlsOf(world, client);
  if (protocol !== wanted) throw other(world, client, 'negotiated', protocol, wanted);
}

export function expectAlpn(world: StepWorld, client: ScenarioClient, wanted: string): void {
  const { alpn } = tlsOf(world, client);
  if (alpn === wanted) return;
  throw other(world, client, 'negotiated', alpn === false ? 'no ALPN protocol' : alpn, wanted);
}

export function expectResumed(world: StepWorld, client: ScenarioClient, wanted: boolean): void {
  const { resumed } = tlsOf(world, client);
  if (resumed === wanted) return;
  const words = (of: boolean): string => (of ? 'a resumed session' : 'a full handshake');
  throw other(world, client, 'had', words(resumed), words(wanted));
}

/** Waits for an alert of the peer. @throws StepFailure */
export async function expectAlert(
  world: StepWorld,
  client: ScenarioClient,
  wanted: string,
): Promise<void> {
  const fits = ({ name, number }: TlsAlert): boolean =>
    name === wanted.toLowerCase().replaceAll(' ', '_') || String(number) === wanted;
  const received = ({ alert }: { readonly alert?: TlsAlert }): boolean =>
    alert !== undefined && alert.direction === 'received' && fits(alert);
  const look = (): true | undefined =>
    client.seeFailure(received) === undefined ? undefined : true;
  const { found } = await world.waitFor(client, look);
  if (found) return;
  const met = client.failures.map(({ error }) => error);
  const alerts = met.flatMap(({ alert }) => (alert === undefined ? [] : [alert]));
  const saw = alerts.map(({ name, number, direction }) => `${name} (${number}, ${direction})`);
  throw stepFailure(world, {
    headline: `${client.title} did not receive the TLS alert ${wanted}`,
    expected: wanted,
    actual: alerts.map(({ name }) => name),
    body: [
      saw.length > 0 ? `alerts: ${saw.join(', ')}` : 'no alert came',
      ...met.map((error) => `${failureWords(error)}: ${error.message}`),
    ],
    ...connectionOf(client),
  });
}

/** Waits for the end of the stream, and wants it to be cut off. @throws StepFailure */
export async function expectNoCloseNotify(world: StepWorld, client: ScenarioClient): Promise<void> {
  tlsOf(world, client);
  const { found } = await world.waitFor(client, () => (client.over ? true : undefined));
  const { closeNotify } = tlsOf(world, client);
  const came = closeNotify === 'received' || closeNotify === 'both';
  if (found && !came) return;
  throw stepFailure(world, {
    headline: came
      ? `${client.title} got a close notify`
      : `${client.title} got no close notify, but the stream has not ended either`,
    expected: 'FIN without close_notify',
    actual: came ? 'close_notify' : 'nothing',
    ...connectionOf(client),
  });
}

function tlsOf(world: StepWorld, client: ScenarioClient): TlsInfo {
  if (client.tls !== undefined) return client.tls;
  const [last] = client.failures.slice(-1);
  throw stepFailure(world, {
    headline: `${client.title} has no secured connection`,
    body: last === undefined ? [] : [`${failureWords(last.error)}: ${last.error.message}`],
    ...connectionOf(client),
  });
}

function other(
  world: StepWorld,
  client: ScenarioClient,
  verb: string,
  actual: string,
  expected: string,
): StepFailure {
  return stepFailure(world, {
    headline: `${client.title} ${verb} ${actual}, expected ${expected}`,
    expected,
    actual,
    ...connectionOf(client),
  });
}

function connectionOf({ connection }: ScenarioClient): { readonly connection?: string } {
  return connection === undefined ? {} : { connection };
}
