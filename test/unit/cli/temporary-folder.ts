import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder of a test, removed when the test has ended. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'brine-cli-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same, with a package.json in it. */
export function temporaryPackage(context: TestContext, manifest: object = {}): string {
  const folder = temporaryFolder(context);
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'starter', version: '1.0.0', ...manifest }, undefined, 2)}\n`,
  );
  return folder;
}
