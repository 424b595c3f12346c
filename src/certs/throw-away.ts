import { alternativeNameOf } from './alternative-name';
import { issue } from './issue';
import { generateKey, pkcs8Of } from './key-types';
import { readValidity } from './validity';

const here = ['localhost', '127.0.0.1', '::1'];

/** A certificate for this machine alone, signed by its own key, valid for a day; PEM. */
export async function throwAwayKey(
  type: 'ec' | 'ed25519',
): Promise<{ readonly cert: string; readonly key: string }> {
  const keys = await generateKey(type);
  const cert = await issue(
    {
      subject: 'localhost',
      period: readValidity(),
      issuer: { privateKey: keys.privateKey },
      names: here.flatMap((name) => alternativeNameOf(name) ?? []),
      usages: ['server', 'client'],
      hash: 'sha256',
      identifiers: false,
      mustStaple: false,
    },
    keys,
  );
  return { cert, key: pkcs8Of(keys.privateKey) };
}
