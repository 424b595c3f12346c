import { TcpError } from '../base/errors';
import { goListenText } from './go-errors';

/** Every refusal of the control API that is no text of a fault: status and message. */
const apiErrors = {
  badBody: [400, 'bad request body'],
  missingName: [400, 'missing required field: name'],
  missingUpstream: [400, 'missing required field: upstream'],
  proxyNotFound: [404, 'proxy not found'],
  proxyExists: [409, 'proxy already exists'],
  invalidStream: [400, 'stream was invalid, can be either upstream or downstream'],
  invalidType: [400, 'invalid toxic type'],
  toxicExists: [409, 'toxic already exists'],
  mockNotFound: [404, 'mock not found'],
  mockExists: [409, 'mock already exists'],
  toxicNotFound: [404, 'toxic not found'],
  connectionNotFound: [404, 'connection not found'],
  bodyTooLarge: [413, 'request body too large'],
  tooManyToxics: [400, 'too many toxics, at most 10000 are kept'],
  originRefused: [403, 'origin not allowed'],
  hostRefused: [403, 'host not allowed'],
  remoteRefused: [403, 'listening outside loopback is not allowed'],
  noEvent: [408, 'no such event within the time'],
  tooManyReaders: [503, 'too many readers of events, at most 64 are served'],
  timedOut: [503, 'request timed out'],
} as const;

/** A row of the table. */
export type ApiErrorName = keyof typeof apiErrors;

/** A request that is refused: what is answered, and with which status. */
export class ApiError extends Error {
  readonly status: number;
  /** More keys of the answer. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

/** A row of the table, with what there is to say beyond it. */
export function apiError(name: ApiErrorName, detail = ''): ApiError {
  const [status, message] = apiErrors[name];
  return new ApiError(status, `${message}${detail}`);
}

/** The refusal of a body. Clients rely on how it begins. */
export function badBody(reason: string): ApiError {
  return apiError('badBody', `: ${reason}`);
}

/** What is answered to whatever was thrown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!TcpError.is(error)) return new ApiError(500, `internal: ${String(error)}`);
  switch (error.code) {
    case 'EPROXYNOTFOUND':
      return apiError('proxyNotFound');
    case 'EPROXYEXISTS':
      return apiError('proxyExists');
    case 'ETOXICNOTFOUND':
      return apiError('toxicNotFound');
    case 'ETOXICEXISTS':
      return apiError('toxicExists');
    case 'EINVALIDFAULT':
      return error.field === 'type' ? apiError('invalidType') : new ApiError(400, error.message);
    case 'ECONFIG':
      return badBody(error.message);
    case 'EDEADLINE':
      return apiError('noEvent');
    default:
      return new ApiError(500, goListenText(error) ?? error.message);
  }
}
