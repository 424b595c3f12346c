import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { refusal } from '../base/errors';
import { packageInfo } from '../base/package-info';
import type { World } from '../network/world';
import { fromJson, toJson } from './case-json';
import { verdictOf } from './verdict';
import type { WireProperty } from './wire-property';

/** A failing case with everything that running it again needs. */
export interface StoredCase {
  readonly v: 1;
  readonly property: string;
  /** What it was found in. */
  readonly target: string;
  readonly world: World['kind'];
  /** The case, as {@link toJson} writes it. */
  readonly case: unknown;
  /** What it failed of. */
  readonly verdict: string;
  /** Where fast-check generates it again, should the form of cases change. */
  readonly fc: { readonly seed: number; readonly path: string };
  readonly brine: string;
  readonly node: string;
}

const tokenStart = 'BRINE=v1:';
/** Longest token that is worth printing; what is longer is passed on as a file. */
export const tokenLimit = 4_096;

/** What is kept of a failure. */
export function storedCase<Case>(
  property: WireProperty<Case>,
  target: string,
  world: World['kind'],
  found: {
    readonly example: Case;
    readonly error: Error;
    readonly seed: number;
    readonly path: string;
  },
): StoredCase {
  return {
    v: 1,
    property: property.id,
    target,
    world,
    case: toJson(found.example),
    verdict: verdictOf(found.error),
    fc: { seed: found.seed, path: found.path },
    brine: packageInfo().version,
    node: process.version,
  };
}

/** Twelve digits that stand for a failure: the same property, verdict and case. */
export function caseHash({ property, verdict, case: example }: StoredCase): string {
  const text = JSON.stringify([property, verdict, example]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** One word that holds a stored case. */
export function tokenOf(stored: StoredCase): string {
  return tokenStart + deflateRawSync(JSON.stringify(stored)).toString('base64url');
}

/** Whether a text is meant as a token. */
export function isToken(text: string): boolean {
  return text.startsWith(tokenStart) || text.startsWith('v1:');
}

/** Most bytes that a token may unfold to. */
const unfoldedLimit = 64 * 1_024 * 1_024;

/**
 * Reads a token, with or without its `BRINE=`.
 *
 * @throws TcpError `ECONFIG` - it is cut short, or no token
 */
export function readToken(token: string): StoredCase {
  const body = token.replace(/^BRINE=/, '').replace(/^v1:/, '');
  let text: string;
  try {
    const folded = Buffer.from(body, 'base64url');
    text = inflateRawSync(folded, { maxOutputLength: unfoldedLimit }).toString();
  } catch (cause) {
    throw refusal('replay', 'the replay token is not whole: copy all of it', cause);
  }
  return readStoredCase(text, 'the replay token');
}

/**
 * Reads a stored case.
 *
 * @param source - as it is called in messages
 * @throws TcpError `ECONFIG` - it is none, or of a version that is not known here
 */
export function readStoredCase(text: string, source: string): StoredCase {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refusal('replay', `${source} is no JSON`, cause);
  }
  if (typeof value !== 'object' || value === null || !('property' in value)) {
    throw refusal('replay', `${source} is no stored case`);
  }
  const stored = value as StoredCase;
  if (stored.v !== 1) {
    throw refusal('replay', `${source} is of version ${String(stored.v)}; this Brine reads 1`);
  }
  return stored;
}

/** The case itself. */
export function exampleOf<Case>(stored: StoredCase): Case {
  return fromJson(stored.case) as Case;
}
