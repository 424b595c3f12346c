import fastCheck from 'fast-check';

/**
 * The fast-check that Brine has loaded: what {@link bytes} and the others give fits into it. An
 * import of your own may be another copy.
 */
export const fc: typeof fastCheck = fastCheck;
