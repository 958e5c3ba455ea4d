import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getQueueToken } from '@nestjs/bullmq';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { CONFIG, type Config } from '#config/config.js';
import { SealProgressRepository } from '#database/seal-progress.repository.js';
import { WriteProbe } from '#database/write-probe.js';
import { type Check, checkWithin, sealCheck } from '#health/check.js';
import { Momentary } from '#health/momentary.js';
import { queueDepth } from '#queue/queue-depth.js';
import { SEAL_QUEUE } from '#queue/queues.js';
import { clockBehindMs } from '#sealing/clock.js';

/** For so long an answer is good. */
const ANSWER_TTL_MS = 2000;

/** What a worker is looked at for. */
interface WorkerHealth {
  status: 'ready' | 'not-ready';
  checks: { database: Check; queue: Check; seal: Check };
}

/** Answers `/livez`, `/readyz` and `/metrics` of a worker that is a process of its own, on `WORKER_PORT` when that is set. Ready means that it can
 * do what it is for: the database takes writes, the queue answers, and nothing waits for sealing too long. */
@Injectable()
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('worker');
  readonly #registry = new Registry();
  readonly #checks = new Gauge({
    name: 'sealroot_check',
    help: '1 while a check of /readyz is as it should be',
    labelNames: ['check'],
    registers: [this.#registry],
  });
  readonly #clockBehind = new Gauge({
    name: 'sealroot_clock_behind_seconds',
    help: "How far this process's clock is behind the newest batch; sealing waits while it is",
    registers: [this.#registry],
  });
  readonly #health = new Momentary(ANSWER_TTL_MS, () => this.#look());
  #server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly probe: WriteProbe,
    private readonly sealing: SealProgressRepository,
    @Inject(getQueueToken(SEAL_QUEUE)) private readonly queue: Queue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.workerPort === undefined) return;
    collectDefaultMetrics({ register: this.#registry });
    this.#server = createServer((request, response) => {
      this.#answer(request.url ?? '').then(
        ({ status, type, body }) =>
          response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
        (error: Error) => response.destroy(error),
      );
    });
    this.#server.listen(this.config.workerPort, this.config.host);
    await once(this.#server, 'listening');
    const { address, port } = this.#server.address() as AddressInfo;
    this.#logger.log(
      `health of the worker at http://${address.includes(':') ? `[${address}]` : address}:${port}/readyz`,
    );
  }

  onApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #answer(url: string): Promise<{ status: number; type: string; body: string }> {
    const json = (status: number, value: object) => ({ status, type: 'application/json', body: JSON.stringify(value) });
    if (url === '/livez') return json(200, { status: 'live' });
    const health = await this.#health.get();
    if (url === '/readyz') return json(health.status === 'ready' ? 200 : 503, health);
    if (url !== '/metrics') return json(404, { status: 404, title: 'There is nothing at this address' });
    for (const [check, { ok }] of Object.entries(health.checks)) this.#checks.set({ check }, ok ? 1 : 0);
    return { status: 200, type: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  async #look(): Promise<WorkerHealth> {
    const [database, queue, seal] = await Promise.all([
      checkWithin('writing to the database', async () => {
        await this.probe.run();
        return { ok: true, detail: 'answered, and can be written to' };
      }),
      checkWithin('asking the queue', async () => {
        await queueDepth(this.queue);
        return { ok: true, detail: 'answered' };
      }),
      checkWithin('looking at sealing', async () => {
        const progress = await this.sealing.read();
        this.#clockBehind.set(clockBehindMs(progress.lastSealedAt, new Date()) / 1000);
        return sealCheck(progress, this.config.sealIntervalMs);
      }),
    ]);
    const checks = { database, queue, seal };
    return { status: Object.values(checks).every(({ ok }) => ok) ? 'ready' : 'not-ready', checks };
  }
}
