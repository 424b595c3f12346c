import { TcpError } from '../base/errors';

/** The refusal of a call that is not allowed now. */
export function stateError(what: string, why: string, compatMessage?: string): TcpError {
  return new TcpError(`${what} refused: ${why}`, {
    code: 'ESTATE',
    phase: 'config',
    ...(compatMessage === undefined ? {} : { compatMessage }),
  });
}
