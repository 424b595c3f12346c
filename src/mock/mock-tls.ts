import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { suggestion } from '../base/closest-word';
import { type PresetName, presetNames } from '../certs/preset-names';
import type { TlsFault } from '../faults/tls-fault';
import { readTlsFault } from '../faults/tls-fault-reader';
import type { TlsVersion } from '../network/tls-settings';
import type { CertKey } from '../tcp/key-material';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import type { Compiling } from './compiling';
import type { MockCertificate } from './mock-certificates';
import type { TlsDefinition, TlsVersionNumber } from './tls-definition';

const versions: readonly TlsVersionNumber[] = ['1.0', '1.1', '1.2', '1.3'];
const names: Readonly<Record<TlsVersionNumber, TlsVersion>> = {
  '1.0': 'TLSv1',
  '1.1': 'TLSv1.1',
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
};

/** Who a certificate is good for that a mock makes for itself. */
export const ownHosts: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** TLS of a mock, before there is a certificate. */
export interface TlsPlan {
  readonly mode: 'implicit' | 'starttls';
  /** Who the certificate made for it is good for; absent when there are files. */
  readonly hosts?: readonly string[];
  /** What is special about that certificate. */
  readonly preset?: PresetName;
  readonly socket: Omit<ListenerSecureSocket, 'key'> & { readonly key?: MockCertificate };
}

/**
 * Reads how a mock speaks TLS; `undefined` for not at all. What is wrong is kept in `place.problems`.
 *
 * @param isCaptured - the secrets go into the trace, where a capture finds them
 */
export function compileTls(
  tls: TlsDefinition | undefined,
  place: Compiling,
  isCaptured: boolean,
): TlsPlan | undefined {
  if (tls === undefined || tls.mode === 'off') return undefined;
  checkTls(tls, place);
  const path = (file: string): string => resolve(place.folder, file);
  const { cert, key, sni, ca, ciphers, alpn, handshakeTimeout, rejectTickets, keyLog } = tls;
  const clientAuth = tls.requireClientCert === true ? 'require' : 'request';
  const asks = tls.requireClientCert === true || tls.requestClientCert === true;
  const fault = faultOf(tls, place);
  const preset = presetOf(tls.selfSigned?.preset ?? 'valid');
  return {
    mode: tls.mode ?? 'implicit',
    ...(cert === undefined && {
      hosts: tls.selfSigned?.hosts ?? ownHosts,
      ...(preset !== undefined && preset !== 'valid' && { preset }),
    }),
    socket: {
      ...(cert !== undefined &&
        key !== undefined && {
          key: { certFile: path(cert), keyFile: path(key) },
        }),
      ...(sni !== undefined && {
        sni: Object.fromEntries(
          Object.entries(sni).map(([name, files]) => [
            name,
            { certFile: path(files.cert), keyFile: path(files.key) },
          ]),
        ),
      }),
      ...(ca !== undefined && { cert: path(ca) }),
      ...(asks && { clientAuth }),
      ...(ciphers !== undefined && { ciphers: ciphers.split(/[:, ]+/) }),
      ...(alpn !== undefined && { alpn }),
      ...(handshakeTimeout !== undefined && { handshakeTimeout }),
      ...(rejectTickets === true && { tickets: 'reject' as const }),
      ...(isCaptured && { keylog: true }),
      ...(keyLog !== undefined && {
        keylog: (line: Uint8Array) => appendFileSync(path(keyLog), line),
      }),
      ...(fault !== undefined && { tlsFault: fault as TlsFault<CertKey> }),
      protocol: { versions: versionsOf(tls) },
    },
  };
}

/** What a listener needs, with the key made where none is given. */
export async function secureSocketOf(
  plan: TlsPlan,
  makeKey: (hosts: readonly string[], preset: PresetName | undefined) => Promise<MockCertificate>,
): Promise<ListenerSecureSocket> {
  const { key = await makeKey(plan.hosts ?? [], plan.preset), ...rest } = plan.socket;
  return { ...rest, key };
}

function checkTls(tls: TlsDefinition, place: Compiling): void {
  const { cert, key, selfSigned, minVersion = '1.2', maxVersion = '1.3' } = tls;
  if (cert !== undefined && selfSigned !== undefined) {
    place.problem('cert and selfSigned exclude each other');
  }
  if ((cert === undefined) !== (key === undefined)) place.problem('cert and key belong together');
  if (versions.indexOf(minVersion) > versions.indexOf(maxVersion)) {
    place.problem(`minVersion ${minVersion} is above maxVersion ${maxVersion}`);
  }
  if ((tls.requestClientCert || tls.requireClientCert) === true && tls.ca === undefined) {
    place.problem('a certificate of the client can be checked only with ca');
  }
  if (selfSigned?.preset !== undefined && presetOf(selfSigned.preset) === undefined) {
    const near = suggestion(selfSigned.preset, presetNames);
    const at = place.at('selfSigned').at('preset');
    at.problem(`unknown preset "${selfSigned.preset}"${near}, expected ${presetNames.join(', ')}`);
  }
  if (tls.fault !== undefined && tls.closeNotify === false) {
    place.at('closeNotify').problem('closeNotify: false and fault exclude each other');
  }
}

/** `notYetValid` or `not-yet-valid` → the preset of that name. */
function presetOf(name: string): PresetName | undefined {
  const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return presetNames.find((known) => known === camel);
}

/** The fault that a mock has at its end of TLS. */
function faultOf({ fault, closeNotify }: TlsDefinition, place: Compiling): TlsFault | undefined {
  if (closeNotify === false) return { on: 'closing', do: 'omitCloseNotify' };
  if (fault === undefined) return undefined;
  const at = place.at('fault');
  return at.attempt(() => readTlsFault(at.path, fault, 'server'), undefined);
}

function versionsOf({
  minVersion = '1.2',
  maxVersion = '1.3',
}: TlsDefinition): readonly TlsVersion[] {
  const from = versions.indexOf(minVersion);
  return versions.slice(from, versions.indexOf(maxVersion) + 1).map((version) => names[version]);
}

/** TLS of a mock as code has it: settings of a listener, over those of the definition. */
export interface MockTls {
  /** Default: that of the definition, else `implicit`. */
  readonly mode?: 'implicit' | 'starttls';
  readonly socket: Partial<ListenerSecureSocket>;
}

/** The settings of a definition with those of code over them. */
export function mergeTls(plan: TlsPlan | undefined, { mode, socket }: MockTls): TlsPlan {
  const { key, ...rest } = socket;
  const own = key === undefined || key === 'selfsigned' ? {} : { key };
  return {
    mode: mode ?? plan?.mode ?? 'implicit',
    hosts: plan?.hosts ?? ownHosts,
    socket: { ...plan?.socket, ...rest, ...own },
  };
}
