import { formatAddress } from '../base/address';
import type { Caller } from '../tcp/caller';
import { ConnectionFaults } from './connection-faults';
import type { MockHost } from './mock-host';

/** The faults of a connection of a mock; `undefined` where the mock has none. */
export function faultsOf(
  host: MockHost,
  caller: Caller,
  number: number,
): ConnectionFaults | undefined {
  const { faults, plan, world, exchanges } = host;
  if (faults === undefined) return undefined;
  return new ConnectionFaults({
    faults,
    caller,
    number,
    mock: plan.name,
    acted({ settings }, stream, action) {
      const { name, type } = settings;
      host.journal.add({ connection: number, kind: 'fault', reason: `${name}: ${action}` });
      if (!world.trace.active) return;
      const isUp = stream === 'upstream';
      const [client, own] = [formatAddress(caller.remote), `mock ${plan.name}`];
      world.trace.add({
        connection: caller.id,
        from: isUp ? client : own,
        to: isUp ? own : client,
        direction: isUp ? 'in' : 'out',
        kind: 'fault',
        detail: { fault: name, type: type.type, mock: plan.name, stream, action },
      });
    },
    openBeside: () => exchanges.filter((one) => one.isOpen && one.number !== number).length,
    onChange: (listener) => host.onChange(listener),
  });
}
