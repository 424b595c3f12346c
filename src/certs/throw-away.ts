import { alternativeNameOf } from './alternative-name';
import { issue } from './issue';
import { generateKey, pkcs8Of } from './key-types';
import { readValidity } from './validity';

const here = ['localhost', '127.0.0.1', '::1'];

/** A certificate signed by its own key, valid for a day; PEM. @param names - default: this machine */
export async function throwAwayKey(
  type: 'ec' | 'ed25519',
  names: readonly string[] = here,
): Promise<{ readonly cert: string; readonly key: string }> {
  const keys = await generateKey(type);
  const cert = await issue(
    {
      subject: names[0] ?? 'localhost',
      period: readValidity(),
      issuer: { privateKey: keys.privateKey },
      names: names.flatMap((name) => alternativeNameOf(name) ?? []),
      usages: ['server', 'client'],
      hash: 'sha256',
      identifiers: false,
      mustStaple: false,
    },
    keys,
  );
  return { cert, key: pkcs8Of(keys.privateKey) };
}
