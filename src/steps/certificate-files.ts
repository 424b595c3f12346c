/** The files of certificates, for programs: `${certificate "leaf" key}`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioCertificate } from './scenario-certificates';
import type { StepWorld } from './step-world';

/** What a reference to a certificate may end with. */
export const certificateParts: readonly string[] = ['cert', 'key', 'ca', 'p12', 'fingerprint'];

/** Of every store that is written here. */
const storePassword = 'brine';

const folders = new WeakMap<StepWorld, string>();

/** The path of a file of a certificate, which is written now; or its fingerprint. */
export function certificateValue(
  world: StepWorld,
  kept: ScenarioCertificate,
  part: string,
): string {
  if (part === 'fingerprint') return kept.certificate.fingerprint256;
  const file = part === 'p12' ? `${kept.name}.p12` : `${kept.name}-${part}.pem`;
  const path = join(folderOf(world), encodeURIComponent(file));
  // A certificate may have been made again under its name since.
  rmSync(path, { force: true });
  writeFileSync(path, contentOf(kept, part), { mode: 0o600, flag: 'wx' });
  return path;
}

function contentOf(kept: ScenarioCertificate, part: string): string | Uint8Array {
  if (part === 'p12') return kept.certificate.toPkcs12(storePassword, kept.name);
  if (part === 'ca') return kept.trusted.pem;
  return part === 'key' ? kept.certificate.key : kept.certificate.chain;
}

/** A folder that nobody else may enter, and that goes with the scenario, whatever becomes of it. */
function folderOf(world: StepWorld): string {
  const known = folders.get(world);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'brine-certificates-'));
  folders.set(world, folder);
  world.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
