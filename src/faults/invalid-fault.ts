import { TcpError } from '../base/errors';

/** The refusal of a fault. @param field - path of what is wrong, such as `attributes.rate` */
export function invalidFault(field: string, message: string): TcpError {
  return new TcpError(message, { code: 'EINVALIDFAULT', phase: 'config', field });
}
