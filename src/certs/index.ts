/** Door `brine/certs`: certificates for tests, good ones and bad ones. */
export type { Random } from '../base/random';
export type { AuthorityOptions, IntermediateOptions, IssueOptions } from './authority';
export { Authority } from './authority';
export type { CertificateParts } from './certificate';
export { Certificate } from './certificate';
export type { Folder } from './folder';
export type { KeyType } from './key-types';
export type { Pkcs12Content, Pkcs12Key } from './pkcs12';
export { readPkcs12 } from './pkcs12';
export type { PresetName, PresetOutcome } from './preset-names';
export { presetOutcomes } from './preset-names';
export type { TrustEnvironment } from './trust-environment';
export type { TrustedRoots } from './trusted-roots';
export type { Validity } from './validity';
