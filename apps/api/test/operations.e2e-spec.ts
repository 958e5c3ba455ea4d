import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '#database/project-root.js';
import { createTestDatabase } from '#database/testing.js';
import { hasRedisServer, startRedis } from '#queue/testing/redis-server.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

const redisFound = await hasRedisServer(Boolean(process.env['CI']));

const services: TestService[] = [];
const start = async (...options: Parameters<typeof startService>): Promise<TestService> => {
  const service = await startService(...options);
  services.push(service);
  return service;
};

afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});

const post = (service: TestService, document: string) =>
  service.app.inject({
    method: 'POST',
    url: '/v1/records',
    headers: { authorization: `Bearer ${service.key}` },
    payload: { digests: { sha256: sha256Hex(document) }, profile: 'generic@1' },
  });

/** The metrics that a file of docker/monitoring asks for. */
async function namesIn(file: string): Promise<string[]> {
  const text = await readFile(join(projectRoot(), 'docker', 'monitoring', file), 'utf8');
  return [...new Set(text.match(/\b(?:sealroot|nodejs|process)_[a-z0-9_]+/g))];
}

/** Until what was looked at before is not answered any more. */
const past = () => new Promise((done) => setTimeout(done, 1050));

describe('probes and metrics', () => {
  it('say how the service is, in numbers too, without any secret', async () => {
    const service = await start();
    expect((await service.app.inject('/livez')).json()).toEqual({ status: 'live' });
    const { id } = (await post(service, 'measured')).json<{ id: string }>();
    await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: {},
    });
    const waiting = (await service.app.inject('/readyz')).json<{
      checks: Record<string, { ok: boolean; detail: string }>;
    }>();
    expect(waiting).toMatchObject({
      status: 'ready',
      checks: { database: { ok: true }, queue: { ok: true }, seal: { ok: true }, anchor: { ok: true } },
    });
    expect(waiting.checks['seal']?.detail).toMatch(/oldest unsealed record waits/);
    expect((await service.app.inject('/metrics')).body).toMatch(/^sealroot_oldest_unsealed_age_seconds (?!0$)/m);
    await service.seal();
    await past();
    const { body, headers } = await service.app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    for (const line of [
      'sealroot_records_accepted_total 1',
      'sealroot_records_rejected_total 1',
      'sealroot_records_sealed 1',
      'sealroot_batches 1',
      'sealroot_oldest_unsealed_age_seconds 0',
      'sealroot_queue_jobs{queue="seal",state="waiting"} 0',
      'sealroot_http_request_duration_seconds_count{method="POST",route="/v1/records",status="2xx"} 1',
    ]) {
      expect(body.split('\n')).toContain(line);
    }
    expect((await service.app.inject('/readyz')).body).toContain('last batch sealed at');
    for (const file of ['alerts.yml', 'grafana.json']) {
      const used = await namesIn(file);
      expect(used.length).toBeGreaterThan(5);
      expect(used.filter((name) => !body.includes(`\n# TYPE ${name.replace(/_(bucket|count|sum)$/, '')} `))).toEqual(
        [],
      );
    }
    for (const secret of [service.key.slice(12), ADMIN, service.config.signingKey!.split('\n')[1]!])
      expect(body).not.toContain(secret);
    await verifyFromPublicData(service.app, id, 'measured');
  });

  it('turn 503 while the database takes no writes, with the reason in the answer, in the metrics and once in the log', async () => {
    const service = await start();
    const errors: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
    const warn = vi
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((text: unknown) => void errors.push(String(text)));
    try {
      const { rows } = await service.database.pool.query<{ name: string }>('SELECT current_database() AS name');
      const admin = service.database.pool;
      await admin.query(`ALTER DATABASE "${rows[0]!.name}" SET default_transaction_read_only = on`);
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      const ready = await service.app.inject('/readyz');
      expect(ready.statusCode, ready.body).toBe(503);
      expect(ready.json()).toMatchObject({ status: 'not-ready', checks: { database: { ok: false } } });
      await past();
      expect((await service.app.inject('/readyz')).json()).toMatchObject({
        checks: { database: { detail: 'the server is read-only (25006)' } },
      });
      const answers = await Promise.all([1, 2, 3, 4, 5].map((i) => post(service, `refused ${i}`)));
      for (const answer of answers) expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' });
      expect((await service.app.inject('/metrics')).body).toMatch(/^sealroot_check\{check="database"\} 0$/m);
    } finally {
      spy.mockRestore();
      warn.mockRestore();
    }
    expect(errors.filter((line) => line.startsWith('POST /v1/records') && line.includes('25006'))).toHaveLength(1);
  });

  it('turn 503 when the database is away, and so does intake; nothing of it reaches the log but kinds and messages', async () => {
    const service = await start({ LOG_LEVEL: 'debug' });
    const written: string[] = [];
    const capture = (text: unknown) => written.push(String(text)) > 0;
    const spies = [
      vi.spyOn(process.stdout, 'write').mockImplementation(capture),
      vi.spyOn(process.stderr, 'write').mockImplementation(capture),
    ];
    try {
      await post(service, 'warm');
      await service.database.drop();
      const ready = await service.app.inject('/readyz');
      expect(ready.statusCode).toBe(503);
      expect(ready.json()).toMatchObject({ status: 'not-ready', checks: { database: { ok: false } } });
      const answer = await post(service, 'x');
      expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' });
      expect(answer.headers['retry-after']).toBe('1');
      expect((await service.app.inject('/v1/batches')).statusCode).toBeGreaterThanOrEqual(500);
      expect((await service.app.inject('/livez')).statusCode).toBe(200);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    const log = written.join('');
    for (const line of log.split('\n').filter((text) => text.startsWith('{')))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    for (const secret of [service.key.slice(12), ADMIN, service.config.signingKey!.split('\n')[1]!])
      expect(log).not.toContain(secret);
    services.splice(0);
    await service.app.close();
  });
});

describe('stopping', () => {
  it('answers what was accepted, and every answer stands afterwards', async () => {
    const database = await createTestDatabase();
    const first = await startService({}, { database });
    await first.app.listen(0, '127.0.0.1');
    const { port } = first.app.getHttpServer().address() as { port: number };
    const headers = { authorization: `Bearer ${first.key}`, 'content-type': 'application/json' };
    const requests = Array.from({ length: 300 }, async (_, i) => {
      const body = JSON.stringify({ digests: { sha256: sha256Hex(`last ${i}`) }, profile: 'generic@1' });
      const answer = await fetch(`http://127.0.0.1:${port}/v1/records`, { method: 'POST', headers, body });
      const value = (await answer.json()) as { id: string; code?: string };
      return { ...value, i, status: answer.status };
    });
    await Promise.any(requests);
    await first.app.close();
    const outcomes = await Promise.allSettled(requests);
    const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const accepted = answered.filter(({ status }) => status === 201);
    expect(accepted.length).toBeGreaterThan(0);
    for (const { status, code } of answered)
      if (status !== 201) expect({ status, code }).toEqual({ status: 503, code: 'unavailable' });

    const second = await start({ SIGNING_KEY: first.config.signingKey! }, { database });
    await second.seal();
    for (const { id, i } of accepted) await verifyFromPublicData(second.app, id, `last ${i}`);
  });
});

describe.skipIf(!redisFound)('with the queue in Redis', () => {
  it('is ready while Redis is there, and takes records without it', async () => {
    const redis = await startRedis();
    try {
      const service = await start({ REDIS_URL: redis.url });
      expect((await service.app.inject('/readyz')).json()).toMatchObject({
        status: 'ready',
        checks: { queue: { ok: true } },
      });
      await redis.kill();
      await past();
      const ready = await service.app.inject('/readyz');
      expect(ready.statusCode).toBe(200);
      expect(ready.json()).toMatchObject({
        status: 'degraded',
        checks: { database: { ok: true }, queue: { ok: false } },
      });
      expect((await service.app.inject('/metrics')).body).toMatch(/^sealroot_check\{check="queue"\} 0$/m);
      const { id } = (await post(service, 'without a queue')).json<{ id: string }>();
      await service.seal();
      await verifyFromPublicData(service.app, id, 'without a queue');
      await redis.restart();
      await expect
        .poll(async () => (await service.app.inject('/readyz')).json<{ status: string }>().status)
        .toBe('ready');
      await services.pop()!.stop();
    } finally {
      await redis.kill();
    }
  });
});
