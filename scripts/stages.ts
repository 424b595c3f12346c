/** What `npm test` runs. A stage is a script of package.json, so each can be run alone as well. */
export interface Stage {
  /** Name of the script in package.json. */
  readonly script: string;
  /** Stages that must have passed first. */
  readonly after: readonly string[];
  /** Whether what it runs counts for the coverage of src/. */
  readonly covers: boolean;
}

/**
 * In this order stages are started, as many at a time as there are processors: the long ones
 * first, so that the short ones fill what is left.
 */
export const stages: readonly Stage[] = [
  { script: 'compile', after: [], covers: false },
  { script: 'build', after: [], covers: false },
  { script: 'test:unit', after: ['compile'], covers: true },
  { script: 'pack:check', after: ['compile', 'build'], covers: false },
  { script: 'features', after: ['compile'], covers: true },
  { script: 'features:legacy', after: ['compile'], covers: false },
  { script: 'features:simulated', after: ['compile'], covers: true },
  { script: 'test:soak', after: ['compile'], covers: false },
  { script: 'test:browser', after: ['compile'], covers: false },
  { script: 'docs:check', after: ['compile', 'build'], covers: false },
  { script: 'types', after: [], covers: false },
  { script: 'floors', after: [], covers: false },
  { script: 'lint', after: [], covers: false },
];
