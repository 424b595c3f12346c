import { existsSync } from 'node:fs';
import { formatAddress } from '../base/address';
import { certificateParts, certificateValue } from './certificate-files';
import { nothingCalled, type Reference } from './interpolation';
import type { Entity, EntityKind } from './named-entities';
import type { ScenarioCertificate } from './scenario-certificates';
import type { StepWorld } from './step-world';

type Reader = (world: StepWorld, reference: Reference) => string;

/** What is asked of a command here. */
interface CommandEntity extends Entity {
  readonly program: { readonly pid: number };
}

/** What may stand behind `${`, and how it gives its value. */
const readers: Readonly<Record<string, Reader>> = {
  mock: addressOf('mock'),
  listener: addressOf('listener'),
  proxy: addressOf('proxy'),
  port: (world, reference) => {
    allowParts(reference, []);
    const name = nameOf(reference);
    const port = world.freePorts.get(name);
    if (port === undefined) throw nothingCalled('port', name, world.freePorts.keys());
    return String(port);
  },
  command: (world, reference) => {
    allowParts(reference, ['pid'], true);
    return String(find<CommandEntity>(world, 'command', reference).program.pid);
  },
  certificate: (world, reference) => {
    allowParts(reference, certificateParts, true);
    const kept = find<ScenarioCertificate>(world, 'certificate', reference);
    return certificateValue(world, kept, reference.part ?? '');
  },
  match: (world, reference) => {
    allowParts(reference, []);
    const name = nameOf(reference);
    const bytes = world.matches.get(name);
    if (bytes === undefined) throw nothingCalled('match', name, world.matches.keys());
    return Buffer.from(bytes).toString('utf8');
  },
  directory: (world, reference) => {
    allowParts(reference, []);
    return world.folder.path;
  },
  file: (world, reference) => {
    allowParts(reference, []);
    const name = nameOf(reference);
    const path = world.folder.beside(name);
    if (existsSync(path)) return path;
    throw new Error(`file "${name}" not found (looked in ${world.folder.feature})`);
  },
  seed: (world, reference) => {
    allowParts(reference, []);
    return String(world.seed);
  },
  env: (_world, { part, name, source }) => {
    const variable = part ?? name;
    if (variable === undefined) throw new Error(`${source} needs a name, as in \${env HOME}`);
    const value = process.env[variable];
    if (value === undefined) throw nothingCalled('env', variable, Object.keys(process.env));
    return value;
  },
};

/**
 * The value that a reference has in a scenario.
 *
 * @throws Error there is nothing of that kind, name or part
 * @source docs/processes.md#command-lines
 */
export function referencedValue(world: StepWorld, reference: Reference): string {
  const { kind } = reference;
  const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (read !== undefined) return read(world, reference);
  const { message } = nothingCalled('', kind, Object.keys(readers));
  throw new Error(
    `${message}; write \${env ${kind}} for a variable of the environment, $\${ for a literal \${`,
  );
}

function addressOf(kind: EntityKind): Reader {
  return (world, reference) => {
    allowParts(reference, ['host', 'port']);
    const { address, name } = find<Entity>(world, kind, reference);
    if (address === undefined) throw new Error(`${kind} "${name}" does not listen`);
    if (reference.part === 'host') return address.host;
    return reference.part === 'port' ? String(address.port) : formatAddress(address);
  };
}

/** Without a name, the one of that kind mentioned last. */
function find<T extends Entity>(world: StepWorld, kind: EntityKind, reference: Reference): T {
  const entities = world.named<T>(kind);
  const found = entities.find(reference);
  if (found !== undefined) return found;
  throw nothingCalled(
    kind,
    entities.nameOf(reference),
    entities.all.map(({ name }) => name),
  );
}

function nameOf({ name, kind, source }: Reference): string {
  if (name !== undefined) return name;
  throw new Error(`${source} needs a name, as in \${${kind} "x"}`);
}

function allowParts({ part, source }: Reference, allowed: readonly string[], needed = false): void {
  if (part === undefined ? !needed : allowed.includes(part)) return;
  const words = allowed.length === 0 ? 'no word' : allowed.join(' or ');
  throw new Error(`${source}: expected ${words} at its end`);
}
