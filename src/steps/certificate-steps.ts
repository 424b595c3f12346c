/** Sentences that make certificates. */
import { expire, issue } from './scenario-certificates';
import { type Step, step } from './step';

export const certificateSteps: readonly Step[] = [
  step({
    id: 'certificate.self-signed',
    group: 'certificate',
    level: 'core',
    keyword: 'Given',
    expression: 'a self-signed {certificate} for {string}',
    example: 'a self-signed certificate "leaf" for "localhost"',
    summary:
      'a new key and its certificate, good for 24 hours; several names are separated by commas',
    failure: 'a name that is no host and no address',
    run: (world, name, names) => issue(world, name, { names, preset: 'selfSigned' }),
  }),
  step({
    id: 'certificate.signed',
    group: 'certificate',
    level: 'core',
    keyword: 'Given',
    expression: 'a {certificate} for {string} signed by {certificate}',
    example: 'a certificate "leaf" for "localhost" signed by certificate "ca"',
    summary: 'a certificate of that authority, which is made when it is first named',
    failure: 'certificate "x" is a leaf, it cannot sign',
    run: (world, name, names, signer) => issue(world, name, { names, signer }),
  }),
  step({
    id: 'certificate.preset',
    group: 'certificate',
    level: 'core',
    keyword: 'Given',
    expression: 'a/an {certpreset} {certificate} for {string}',
    example: 'an expired certificate "bad" for "localhost"',
    summary: 'a certificate with one thing wrong, signed by the authority "ca"',
    failure: 'a name that is no host and no address',
    run: (world, preset, name, names) => issue(world, name, { names, preset }),
  }),
  step({
    id: 'certificate.expired',
    group: 'certificate',
    level: 'advanced',
    keyword: 'Given',
    expression: 'a/the {certificate} that expired {duration} ago',
    example: 'the certificate "old" that expired 24 hours ago',
    summary:
      'makes the certificate, or makes it again, with that end; in real time, as OpenSSL does',
    failure: '(never)',
    run: (world, name, ms) => expire(world, name, ms),
  }),
];
