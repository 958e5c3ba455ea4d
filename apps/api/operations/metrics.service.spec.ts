import { expect, it } from 'vitest';
import { MetricsService } from './metrics.service.js';
import { CHECKS, type ReadinessService } from './readiness.service.js';
import type { ServiceStateService } from './service-state.service.js';

it('leaves out what cannot be read now, rather than call it good', async () => {
  const away = () => Promise.reject(new Error('no database'));
  const state = { log: away, seal: away, anchors: away, queues: away } as unknown as ServiceStateService;
  const checks = Object.fromEntries(CHECKS.map((name) => [name, { ok: false, detail: '' }]));
  const readiness = { check: () => Promise.resolve({ status: 'not-ready', checks }) } as unknown as ReadinessService;
  const { body } = await new MetricsService(state, readiness).text();
  expect(body).toMatch(/^sealroot_check\{check="seal"\} 0$/m);
  for (const name of ['records_sealed', 'batches', 'oldest_unsealed_age_seconds', 'clock_behind_seconds'])
    expect(body).not.toMatch(new RegExp(`^sealroot_${name} `, 'm'));
});
