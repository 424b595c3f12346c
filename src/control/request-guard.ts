import type { Context } from 'hono';
import { isLoopback } from '../base/loopback';
import { type ApiError, apiError } from './api-errors';

/** Whom the control API answers. */
export interface GuardSettings {
  /** Where it listens, as asked for. */
  readonly host: string;
  readonly allowRemote: boolean;
  readonly allowHosts: readonly string[];
}

/** What browsers send first in their User-Agent. */
const browser = 'Mozilla/';

/**
 * Why a request is refused, or nothing.
 *
 * Pages of a browser must not reach an API on loopback: neither by its User-Agent, nor from another
 * origin, nor through a name that leads here (DNS rebinding).
 *
 * @source docs/control-api.md#who-is-answered
 */
export function refusalOf(
  c: Context,
  settings: GuardSettings,
  forBrowsers: boolean,
): 'userAgent' | ApiError | undefined {
  const agent = c.req.header('user-agent') ?? '';
  if (agent.startsWith(browser) && !(forBrowsers && c.req.method === 'GET')) return 'userAgent';
  if (c.req.header('origin') !== undefined) return apiError('originRefused');
  return isHostAllowed(c.req.header('host'), settings) ? undefined : apiError('hostRefused');
}

function isHostAllowed(header: string | undefined, settings: GuardSettings): boolean {
  if (header === undefined) return true;
  const { allowRemote, allowHosts } = settings;
  if (allowRemote && allowHosts.length === 0) return true;
  const host = header
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return (
    isLoopback(host) ||
    host === settings.host.toLowerCase() ||
    allowHosts.some((allowed) => allowed.toLowerCase() === host)
  );
}
