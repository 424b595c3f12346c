import { suggestion } from '../base/closest-word';
import { refusal } from '../base/errors';
import type { ListenerSecureSocket } from '../tcp/secure-socket';

/** A certificate with its key, as `key` of a listener takes it. */
export type MockCertificate = ListenerSecureSocket['key'];

/** Certificates by name. */
export type MockCertificates =
  | Readonly<Record<string, MockCertificate>>
  | ((name: string) => MockCertificate | undefined);

/** The key of a name. @throws TcpError `ECONFIG` - there is none */
export function certificateNamed(
  name: string,
  files: NonNullable<ListenerSecureSocket['sni']>,
  certificates: MockCertificates,
): MockCertificate {
  const given =
    typeof certificates === 'function' ? certificates(name) : ownValue(certificates, name);
  const key = given ?? ownValue(files, name);
  if (key !== undefined && key !== 'refuse') return key;
  const known = [...Object.keys(files), ...Object.keys(certificates)];
  throw refusal('startTls', `there is no certificate "${name}"${suggestion(name, known)}`);
}

function ownValue<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
