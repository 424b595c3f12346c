import type { EntityReference, NamedEntities } from './named-entities';
import { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** The clients of a scenario. */
export function clients(world: StepWorld): NamedEntities<ScenarioClient> {
  return world.named('client');
}

/** A new client; one that so far only has settings is taken too. */
export function newClient(world: StepWorld, reference: EntityReference): ScenarioClient {
  const known = clients(world).find({ name: reference.name ?? 'client' });
  return known !== undefined && !known.used
    ? known
    : create(world, clients(world).newName(reference));
}

/** The client meant; made when it is mentioned for the first time. */
export function mentioned(world: StepWorld, reference: EntityReference): ScenarioClient {
  const known = clients(world).find(reference);
  return known ?? create(world, clients(world).nameOf(reference));
}

function create(world: StepWorld, name: string): ScenarioClient {
  return clients(world).add(new ScenarioClient(world, name), world.step.place);
}
