import type { Metrics } from './metrics';
import type { Route } from './route';

/** `/metrics`, when there are any. */
export function metricsRoutes(metrics: Metrics | undefined): readonly Route[] {
  if (metrics === undefined) return [];
  return [
    {
      method: 'GET',
      path: '/metrics',
      handle: async () =>
        new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } }),
    },
  ];
}
