/** Key stores of certs/, made by the programs whose stores people have. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passwords } from './files';

/** A store, and the commands that make it; `{out}` is the new file. */
export interface StoreRecipe {
  readonly file: string;
  readonly password: string;
  /** How it is encrypted, for the table. */
  readonly form: string;
  readonly by: string;
  readonly commands: readonly (readonly string[])[];
}

const legacy = ['-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
const modern = ['-certpbe', 'AES-256-CBC', '-keypbe', 'AES-256-CBC', '-macalg', 'sha256'];

const openssl = (
  pass: string,
  form: readonly string[],
  ...inputs: readonly string[]
): readonly string[] => [
  ...['openssl', 'pkcs12', '-export', '-out', '{out}', '-passout', `pass:${pass}`],
  ...form,
  ...inputs,
];

const javaImport = (alias: string, file: string, ...more: readonly string[]): readonly string[] => [
  ...['keytool', ...more, '-importcert', '-noprompt', '-storetype', 'PKCS12', '-keystore', '{out}'],
  ...['-storepass', passwords.legacy, '-alias', alias, '-file', file],
];

/** Stores of old times, in the encryption of Java 8 and OpenSSL 1.1. */
const oldJava = '-J-Dkeystore.pkcs12.legacy';

export const storeRecipes: readonly StoreRecipe[] = [
  {
    file: 'legacy/keystore.p12',
    password: passwords.legacy,
    form: 'RC2-40 and 3DES, MAC with SHA-1',
    by: 'openssl pkcs12 -export -legacy',
    commands: [
      openssl(
        passwords.legacy,
        ['-legacy', ...legacy],
        ...['-name', 'ballerina', '-in', 'server-rsa.pem', '-inkey', 'server-rsa.key'],
        ...['-certfile', 'ca.pem'],
      ),
    ],
  },
  {
    file: 'legacy/keystore-3des.p12',
    password: passwords.legacy,
    form: '3DES, MAC with SHA-1',
    by: 'openssl pkcs12 -export -legacy -descert',
    commands: [
      openssl(
        passwords.legacy,
        ['-legacy', '-certpbe', 'PBE-SHA1-3DES', ...legacy.slice(2)],
        ...['-name', 'chain', '-in', 'chain.pem', '-inkey', 'chain.key'],
      ),
    ],
  },
  {
    file: 'legacy/truststore.p12',
    password: passwords.legacy,
    form: 'RC2-40, MAC with SHA-1',
    by: `keytool -importcert ${oldJava}`,
    commands: [javaImport('root', 'ca.pem', oldJava)],
  },
  {
    file: 'legacy/truststore-ec.p12',
    password: passwords.legacy,
    form: 'RC2-40, MAC with SHA-1',
    by: `keytool -importcert ${oldJava}`,
    commands: [
      javaImport('root', 'ca.pem', oldJava),
      javaImport('rsa', 'server-rsa.pem', oldJava),
      javaImport('pinned', 'pinned-expired.pem', oldJava),
    ],
  },
  {
    file: 'legacy/pinned.p12',
    password: passwords.legacy,
    form: 'RC2-40 and 3DES, MAC with SHA-1',
    by: 'openssl pkcs12 -export -legacy',
    commands: [
      openssl(
        passwords.legacy,
        ['-legacy', ...legacy],
        ...['-name', 'ballerina', '-in', 'pinned-expired.pem', '-inkey', 'pinned-expired.key'],
      ),
    ],
  },
  {
    file: 'modern/keystore.p12',
    password: passwords.modern,
    form: 'AES-256, MAC with SHA-256',
    by: 'openssl pkcs12 -export',
    commands: [
      openssl(
        passwords.modern,
        modern,
        ...['-name', 'server', '-in', 'server.pem', '-inkey', 'server.key', '-certfile', 'ca.pem'],
      ),
    ],
  },
  {
    file: 'modern/truststore.p12',
    password: passwords.modern,
    form: 'AES-256, MAC with SHA-256',
    by: 'openssl pkcs12 -export -nokeys',
    commands: [openssl(passwords.modern, modern, '-nokeys', '-caname', 'root', '-in', 'ca.pem')],
  },
  {
    file: 'modern/java-keystore.p12',
    password: passwords.legacy,
    form: 'AES-256, MAC with SHA-256',
    by: 'keytool -importkeystore',
    commands: [
      [
        ...['keytool', '-importkeystore', '-noprompt'],
        ...['-srckeystore', 'modern/keystore.p12', '-srcstorepass', passwords.modern],
        ...['-destkeystore', '{out}', '-deststoretype', 'PKCS12'],
        ...['-deststorepass', passwords.legacy],
      ],
      [
        ...['keytool', '-importcert', '-noprompt', '-keystore', '{out}', '-alias', 'root'],
        ...['-storepass', passwords.legacy, '-file', 'ca.pem'],
      ],
    ],
  },
];

/**
 * Makes the stores.
 *
 * @returns what could not be made, and stays as it is
 */
export function makeStores(folder: string): readonly string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'brine-stores-'));
  try {
    return storeRecipes.flatMap((recipe, index) => {
      const out = join(scratch, `${index}.p12`);
      const failure = recipe.commands
        .map((command) =>
          run(
            folder,
            command.map((word) => (word === '{out}' ? out : word)),
          ),
        )
        .find((problem) => problem !== undefined);
      if (failure !== undefined) return [`${recipe.file} stays as it is: ${failure}`];
      mkdirSync(join(folder, recipe.file, '..'), { recursive: true });
      copyFileSync(out, join(folder, recipe.file));
      return [];
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(folder: string, [program = '', ...words]: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
  if (error !== undefined) return `${program}: ${error.message}`;
  return status === 0 ? undefined : `${program} ended with ${status}: ${stderr.trim()}`;
}

/** Program → version that made the stores. */
export type Makers = Readonly<Record<'openssl' | 'keytool', string>>;

/** The versions on this machine; of a program that is not here, what was known before. */
export function makersHere(before: Makers): Makers {
  const first = (program: string, word: string): string | undefined => {
    const { stdout, stderr } = spawnSync(program, [word], { encoding: 'utf8' });
    const [line] = `${stdout ?? ''}${stderr ?? ''}`.split('\n');
    return line === '' ? undefined : line?.replaceAll('"', '').replace(/ \(Library.*/, '');
  };
  return {
    openssl: first('openssl', 'version') ?? before.openssl,
    keytool: first('keytool', '-J-version') ?? before.keytool,
  };
}
