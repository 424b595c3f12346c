/** Placeholders for TLS and certificates. */
import { decodeText, quoteText } from '../base/quoted-text';
import type { TlsPhase } from '../base/tls-phase';
import { type PresetName, presetNames } from '../certs/preset-names';
import type { TlsVersion } from '../network/tls-settings';
import { known, type ParameterRows } from './parameter-type';
import { quoted } from './token-sources';

const versions: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const phases = new Map<string, TlsPhase>([
  ['before the client hello', 'accept'],
  ['after the client hello', 'clientHello'],
  ['after the server hello', 'serverHello'],
  ['after the certificate', 'certificate'],
  ['after the handshake', 'finished'],
  ['after the first data', 'application'],
]);

/** `notYetValid` → `not-yet-valid`; good certificates, and those with words of their own, have none. */
const presets = new Map<string, PresetName>(
  presetNames
    .filter((name) => !['valid', 'selfSigned', 'expiresIn'].includes(name))
    .map((name) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), name]),
);

export const tlsParameters: ParameterRows<
  'certificate' | 'certpreset' | 'tlsphase' | 'tlsversion'
> = {
  tlsversion: {
    regexps: [/TLS ?1\.[0-3]/.source],
    examples: ['TLS 1.3', 'TLS 1.2'],
    description: 'a version of TLS',
    read: (token) => known(versions[Number(token.slice(-1))]),
    print: (version) => `TLS 1.${versions.indexOf(version)}`,
  },
  tlsphase: {
    regexps: [...phases.keys()],
    examples: [...phases.keys()],
    description: 'how far the handshake has come',
    read: (token) => known(phases.get(token)),
    print: (phase) => known([...phases].find(([, its]) => its === phase)?.[0]),
  },
  certificate: {
    regexps: [`certificate ${quoted}`],
    examples: ['certificate "leaf"', 'certificate "ca"'],
    description: 'a certificate or an authority, always by its name',
    read: (token) => decodeText(token, 'certificate "'.length, token.length - 1),
    print: (name) => `certificate ${quoteText(name)}`,
  },
  certpreset: {
    regexps: [...presets.keys()],
    examples: [...presets.keys()],
    description: 'what is special, mostly wrong, about a certificate',
    read: (token) => known(presets.get(token)),
    print: (preset) => known([...presets].find(([, its]) => its === preset)?.[0]),
  },
};
