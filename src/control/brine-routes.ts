import type { ControlContext } from './control-context';
import { json, type Route } from './route';

/** The routes that Toxiproxy does not have. */
export function brineRoutes(_context: ControlContext): readonly Route[] {
  return [{ method: 'GET', path: '/healthz', handle: () => json({ ok: true }) }];
}
