import { certificates } from './scenario-certificates';
import { mocks } from './scenario-mock';
import { type Step, step } from './step';

/** What only a mock can do with TLS; what a listener can do too is in `tls-listener-steps.ts`. */
export const mockTlsSteps: readonly Step[] = [
  step({
    id: 'mock.upgrades',
    group: 'mock',
    level: 'core',
    keyword: 'Given',
    expression: 'the {mock} upgrades to TLS after {bytes}',
    example: 'the mock upgrades to TLS after "STARTTLS"',
    summary:
      'answers that frame as its rule says, then starts TLS on the connection, with the certificate made last, else one of its own',
    failure: 'the mock speaks TLS already',
    async run(world, reference, bytes) {
      const mock = mocks(world).get(reference);
      if (mock.speaksTls) throw new Error(`${mock.title} already speaks TLS`);
      const shown = certificates(world).all.findLast(({ wish }) => wish !== undefined);
      await mock.upgradeAfter(bytes, shown?.certificate);
    },
  }),
];
