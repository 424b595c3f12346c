/** Layer A: what a genuine end of TLS offers instead of what its options say. */
import { configError, refusal } from '../base/errors';
import {
  readCount,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import type { TlsSettings, TlsSide } from '../network/tls-settings';
import type { TlsNegotiation } from './tls-fault';

const lists = ['versions', 'groups', 'sigalgs', 'alpn'] as const;
const forServers = ['helloRetry', 'clientAuth', 'tickets', 'sni'] as const;
const keys = [...lists, 'ciphers', 'maxSendFragment', 'renegotiate', ...forServers];

/** No client sends its first key share for this one, and all of them know it. */
const rareGroup = 'P-384';

/** Reads what is negotiated. @throws TcpError `ECONFIG` */
export function readNegotiation(field: string, value: unknown, side: TlsSide): TlsNegotiation {
  const options = readObject(field, value);
  refuseUnknownKeys(field, options, keys);
  const server = forServers.find((key) => options[key] !== undefined);
  if (side === 'client' && server !== undefined) {
    throw refusal(
      `${field}.${server}`,
      `${field}.${server} is something that only a listener does`,
    );
  }
  for (const key of lists) readTexts(`${field}.${key}`, options[key]);
  readWord(`${field}.clientAuth`, options['clientAuth'], ['none', 'request', 'require']);
  readWord(`${field}.tickets`, options['tickets'], ['reject']);
  readWord(`${field}.sni`, options['sni'], ['refuse', 'stall']);
  // A client of Node goes along with whatever a server asks for.
  const words = side === 'client' ? ['ask'] : ['allow', 'refuse', 'ask'];
  readWord(`${field}.renegotiate`, options['renegotiate'], words);
  const { helloRetry, maxSendFragment, ciphers } = options;
  if (helloRetry !== undefined && helloRetry !== true) {
    throw configError(`${field}.helloRetry`, 'true', helloRetry);
  }
  if (maxSendFragment !== undefined) {
    const most = readCount(`${field}.maxSendFragment`, maxSendFragment, 512);
    if (most > 16_384) throw configError(`${field}.maxSendFragment`, 'at most 16384', most);
  }
  if (Array.isArray(ciphers)) readTexts(`${field}.ciphers`, ciphers);
  else if (ciphers !== undefined) {
    readText(`${field}.ciphers.openssl`, readObject(`${field}.ciphers`, ciphers)['openssl']);
  }
  return options as TlsNegotiation;
}

/** The settings of an end, with what it offers instead. */
export function negotiated(settings: TlsSettings, wish: TlsNegotiation): TlsSettings {
  const { helloRetry, sni, renegotiate, versions, ...rest } = wish;
  return {
    ...settings,
    ...rest,
    ...(versions !== undefined && { versions }),
    ...(helloRetry && { groups: [rareGroup], versions: versions ?? ['TLSv1.3'] }),
    ...(sni !== undefined && { sni: { '*': sni } }),
    ...(renegotiate !== undefined && { renegotiation: renegotiate }),
  };
}

function readTexts(field: string, value: unknown): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw configError(field, 'a list of texts', value);
  for (const [index, text] of value.entries()) readText(`${field}[${index}]`, text);
}

function readWord(field: string, value: unknown, words: readonly string[]): void {
  if (value !== undefined) readOneOf(field, value, words);
}
