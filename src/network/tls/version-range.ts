import { constants } from 'node:crypto';
import { tlsRefusal } from '../../base/errors';
import type { TlsVersion } from '../tls-settings';

/** Oldest first. */
export const tlsVersions: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const without: Readonly<Record<TlsVersion, number>> = {
  TLSv1: constants.SSL_OP_NO_TLSv1,
  'TLSv1.1': constants.SSL_OP_NO_TLSv1_1,
  'TLSv1.2': constants.SSL_OP_NO_TLSv1_2,
  'TLSv1.3': constants.SSL_OP_NO_TLSv1_3,
};

/** A set of versions, as Node takes it. */
export interface VersionRange {
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** Bits that take away what lies between and was not asked for. */
  readonly secureOptions?: number;
  /** Whether OpenSSL must be told to allow what it holds for too weak. */
  readonly weak: boolean;
}

/**
 * Turns a set of versions into bounds and holes.
 *
 * @param versions - absent or empty: the defaults, TLS 1.2 and 1.3
 * @param serves - whether a wish for cipher suites leaves anything for a version
 * @throws TcpError `ETLSCONFIG` - an unknown version, or none is left
 */
export function versionRange(
  versions: readonly TlsVersion[] | undefined,
  serves: (version: TlsVersion) => boolean,
): VersionRange {
  const asked = versions !== undefined && versions.length > 0;
  const wanted: readonly TlsVersion[] = asked ? versions : ['TLSv1.2', 'TLSv1.3'];
  const unknown = wanted.find((version) => !tlsVersions.includes(version));
  if (unknown !== undefined) {
    throw tlsRefusal(
      'protocol.versions',
      `protocol.versions must be of ${tlsVersions.join(', ')}, got "${unknown}"`,
    );
  }
  const left = tlsVersions.filter((version) => wanted.includes(version) && serves(version));
  const [minVersion] = left;
  const maxVersion = left.at(-1);
  if (minVersion === undefined || maxVersion === undefined) {
    throw tlsRefusal('ciphers', `ciphers has no suite that ${wanted.join(' or ')} could use`);
  }
  if (!asked && left.length === 2) return { weak: false };
  const from = tlsVersions.indexOf(minVersion);
  const upTo = tlsVersions.indexOf(maxVersion);
  const holes = tlsVersions.slice(from, upTo).filter((version) => !left.includes(version));
  return {
    minVersion,
    maxVersion,
    ...(holes.length > 0 && {
      secureOptions: holes.reduce((bits, version) => bits | without[version], 0),
    }),
    weak: from < tlsVersions.indexOf('TLSv1.2'),
  };
}
