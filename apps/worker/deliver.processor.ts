import { Processor } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import { deliverNext } from '#events/webhook-delivery.js';
import type { GuardedPost } from '#outbound/guarded-post.js';
import { DELIVER_QUEUE, type DeliverJob, WORKER_OPTIONS } from '#queue/queues.js';
import { AttemptSlots } from './attempt-slots.js';
import { JobProcessor } from './job-processor.js';

/** Nest injection token of the way in which webhooks are sent ({@link GuardedPost}). */
export const GUARDED_POST = Symbol('GUARDED_POST');

/** Jobs at once. Nearly all of their time is spent waiting for receivers; one endpoint has at most four, one that fails a single one. */
const CONCURRENCY = 200;

/** Those of one agency: its slow receivers take no place of others'. */
const JOBS_PER_AGENCY = 16;

/** After this time a job makes room for others; what is still due comes back. */
const TURN_MS = 5000;

/** Sends an endpoint what is due, one after the other. */
@Processor(DELIVER_QUEUE, WORKER_OPTIONS)
export class DeliverProcessor extends JobProcessor<DeliverJob> implements OnApplicationBootstrap {
  readonly #slots = new AttemptSlots(JOBS_PER_AGENCY);

  constructor(
    private readonly deliveries: WebhookDeliveryRepository,
    @Inject(GUARDED_POST) private readonly post: GuardedPost,
  ) {
    super('webhooks');
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = CONCURRENCY;
  }

  override async process({ data: { endpointId, agencyId } }: Job<DeliverJob>): Promise<void> {
    await this.#slots.occupy(String(agencyId), () => this.#deliver(endpointId));
  }

  async #deliver(endpointId: string): Promise<void> {
    const end = performance.now() + TURN_MS;
    const deps = { deliveries: this.deliveries, post: this.post, now: () => new Date(), random: Math.random };
    do {
      const attempted = await deliverNext(deps, endpointId);
      if (attempted === null) return;
      const { delivered, event, detail } = attempted;
      this.logger.debug(`${endpointId}, ${event}: ${detail}`);
      // A receiver that fails gets its next attempt when that is due.
      if (!delivered) return;
    } while (performance.now() < end);
  }
}
