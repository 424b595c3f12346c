/** Whether the times of a recording are kept: no waits at all, as written, or `scale` times as long. */
export interface ReplayDefinition {
  /** Default `recorded`; with `scale` alone `scaled`. */
  readonly timing?: 'none' | 'recorded' | 'scaled';
  /** 0.5 is twice as fast; for `scaled`. */
  readonly scale?: number;
}
