import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { within } from '#config/within.js';
import { type QueueDepth, queueDepth } from '#queue/queue-depth.js';
import { ANCHOR_QUEUE, CONFIRM_QUEUE, DELIVER_QUEUE, SEAL_QUEUE } from '#queue/queues.js';

/** Time allowed to the queue's store: a lost Redis keeps commands waiting for ever. */
const TIMEOUT_MS = 2000;

/** Looks at the queues; the API puts nothing into them. */
@Injectable()
export class QueueState {
  readonly #queues: Queue[];

  constructor(
    @InjectQueue(SEAL_QUEUE) seal: Queue,
    @InjectQueue(ANCHOR_QUEUE) anchor: Queue,
    @InjectQueue(CONFIRM_QUEUE) confirm: Queue,
    @InjectQueue(DELIVER_QUEUE) deliver: Queue,
  ) {
    this.#queues = [seal, anchor, confirm, deliver];
  }

  /** How full each queue is.
   * @throws when the queue's store does not answer in time */
  depths(): Promise<QueueDepth[]> {
    return within(Promise.all(this.#queues.map(queueDepth)), TIMEOUT_MS, () => {
      throw new Error(`The queue did not answer within ${TIMEOUT_MS} ms`);
    });
  }
}
