import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Momentary } from '#health/momentary.js';
import { clockBehindMs } from '#sealing/clock.js';
import { AnchorMetrics } from './anchor-metrics.js';
import { CHECKS, ReadinessService } from './readiness.service.js';
import { ServiceStateService } from './service-state.service.js';

/** Upper bounds of the duration histogram, in seconds. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** For so long the numbers are good: collecting them costs queries. */
const TEXT_TTL_MS = 1000;

/** Numbers for Prometheus. No label ever comes from a request, so their number is bounded. */
@Injectable()
export class MetricsService {
  readonly #registry = new Registry();
  readonly #accepted = this.#counter('sealroot_records_accepted_total', 'Records accepted by this process');
  readonly #rejected = this.#counter('sealroot_records_rejected_total', 'Records that broke a rule, in this process');
  readonly #durations = new Histogram({
    name: 'sealroot_http_request_duration_seconds',
    help: 'Time to answer a request, by route and class of status',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [this.#registry],
  });
  readonly #sealed = this.#gauge('sealroot_records_sealed', 'Records in sealed batches', []);
  readonly #batches = this.#gauge('sealroot_batches', 'Sealed batches, which is the size of the log', []);
  readonly #unsealed = this.#gauge(
    'sealroot_oldest_unsealed_age_seconds',
    'Age of the oldest record that waits for sealing',
    [],
  );
  readonly #clockBehind = this.#gauge(
    'sealroot_clock_behind_seconds',
    "How far this process's clock is behind the newest batch; sealing waits while it is",
    [],
  );
  readonly #anchors = new AnchorMetrics(this.#registry);
  readonly #queue = this.#gauge('sealroot_queue_jobs', 'Jobs by queue and state', ['queue', 'state']);

  readonly #checks = this.#gauge('sealroot_check', '1 while a check of /readyz is as it should be', ['check']);
  readonly #text = new Momentary(TEXT_TTL_MS, () => this.#collect());

  constructor(
    private readonly state: ServiceStateService,
    private readonly readiness: ReadinessService,
  ) {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Counts the outcome of an intake request. */
  countIntake(accepted: number, rejected: number): void {
    if (accepted > 0) this.#accepted.inc(accepted);
    if (rejected > 0) this.#rejected.inc(rejected);
  }

  /** Measures every request of `server` from now on. */
  observe(server: FastifyInstance): void {
    // The label sets are looked up once for each route, not hashed again for each request.
    const labelled = new Map<string, { observe(seconds: number): void }>();
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? '(none)';
      const key = `${request.method} ${route} ${(reply.statusCode / 100) | 0}`;
      let histogram = labelled.get(key);
      if (histogram === undefined) {
        histogram = this.#durations.labels(request.method, route, `${(reply.statusCode / 100) | 0}xx`);
        labelled.set(key, histogram);
      }
      histogram.observe(reply.elapsedTime / 1000);
      done();
    });
  }

  /** All metrics in Prometheus's text format, as they were within the last second. */
  text(): Promise<{ contentType: string; body: string }> {
    return this.#text.get();
  }

  async #collect(): Promise<{ contentType: string; body: string }> {
    const [readiness, log, seal, anchors, queues] = await Promise.all([
      this.readiness.check(),
      // What cannot be read now is left out: there are the checks to say why, and all the other numbers.
      this.state.log().catch(() => null),
      this.state.seal().catch(() => null),
      this.state.anchors().catch(() => []),
      this.state.queues().catch(() => []),
    ]);
    for (const name of CHECKS) this.#checks.set({ check: name }, readiness.checks[name].ok ? 1 : 0);
    for (const gauge of [this.#sealed, this.#batches, this.#unsealed, this.#clockBehind]) gauge.remove();
    if (log) {
      this.#sealed.set(log.records);
      this.#batches.set(log.batches);
    }
    if (seal) {
      this.#unsealed.set(seal.oldestUnsealedAgeSeconds ?? 0);
      this.#clockBehind.set(clockBehindMs(seal.lastSealedAt, new Date()) / 1000);
    }
    this.#anchors.set(anchors);
    this.#queue.reset();
    for (const { queue, ...counts } of queues) {
      for (const [state, count] of Object.entries(counts)) this.#queue.set({ queue, state }, count);
    }
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }
}
