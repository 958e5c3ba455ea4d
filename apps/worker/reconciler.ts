import { InjectQueue } from '@nestjs/bullmq';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { AnchorPolicySettings } from '#config/anchor-policy.js';
import { CONFIG, type Config } from '#config/config.js';
import { type StartTerms, SubmissionRepository } from '#database/submission.repository.js';
import { WaitingChunkRepository } from '#database/waiting-chunk.repository.js';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import {
  ANCHOR_QUEUE,
  type AnchorJob,
  CONFIRM_QUEUE,
  type ConfirmJob,
  DELIVER_QUEUE,
  type DeliverJob,
  jobId,
  SEAL_QUEUE,
  type SealJob,
} from '#queue/queues.js';
import { describeError, logSparsely } from '#config/sparse-log.js';
import { startTerms } from './anchor-terms.js';
import { ANCHORS, type Anchors } from './anchors.js';
import { AttemptSlots } from './attempt-slots.js';
import { sealingIsDue } from './sealing-due.js';

/** Longest pause between two looks, in milliseconds; a quarter of the seal interval when that is shorter. */
const LOOK_INTERVAL_MS = 250;

/** Shortest pause between two looks. */
const LEAST_PAUSE_MS = 5;

/** Pause after a look that failed: the database or the queue is away. */
const FAILURE_PAUSE_MS = 500;

/** A job that was put in is put in again after this time if its work is still due: the queue may have lost it. */
const REPEAT_MS = 1000;

/** A batch that is overdue by this much gets another job. A job whose process was killed holds its id until its lock runs out, and that is
 * several times as long as a record may wait; two jobs for one batch do no harm, since only one of them gets the sealing lock. */
const SEAL_AGAIN_MS = 1000;

/** Finds the work that is due, in PostgreSQL alone, and puts it into the queue under ids that make it unique. Every worker process runs one:
 * whatever is lost on the way, a job, a process or the whole queue, the work is found again. */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('reconciler');
  readonly #putAt = new Map<string, number>();
  readonly #terms: StartTerms[];
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'sealIntervalMs' | 'batchMaxRecords'> & AnchorPolicySettings,
    @Inject(ANCHORS) anchors: Anchors,
    private readonly chunks: WaitingChunkRepository,
    private readonly submissions: SubmissionRepository,
    private readonly slots: AttemptSlots,
    @InjectQueue(SEAL_QUEUE) private readonly seal: Queue<SealJob>,
    @InjectQueue(ANCHOR_QUEUE) private readonly anchor: Queue<AnchorJob>,
    @InjectQueue(CONFIRM_QUEUE) private readonly confirm: Queue<ConfirmJob>,
    private readonly deliveries: WebhookDeliveryRepository,
    @InjectQueue(DELIVER_QUEUE) private readonly deliver: Queue<DeliverJob>,
  ) {
    // Settings that an anchor cannot keep stop the start.
    this.#terms = [...anchors.values()].map((anchor) => startTerms(anchor, config));
  }

  onApplicationBootstrap(): void {
    void this.#run();
  }

  beforeApplicationShutdown(): void {
    // Not waited for: a look may hang on a queue whose server is away, and it holds nothing that must be finished.
    this.#stopped = true;
    this.#wake?.();
  }

  /** One look. Resolves to the pause until the next one is worth while, in milliseconds. */
  async look(): Promise<number> {
    const pause = await this.#lookForSealing();
    await this.#lookForAnchoring();
    await this.#lookForDeliveries();
    return pause;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let pauseMs: number;
      try {
        pauseMs = await this.look();
      } catch (error) {
        if (this.#stopped) return;
        pauseMs = FAILURE_PAUSE_MS;
        logSparsely(this.#logger, 'error', `looking for due work failed: ${describeError(error)}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pauseMs);
      });
    }
  }

  async #lookForSealing(): Promise<number> {
    const { sealIntervalMs, batchMaxRecords } = this.config;
    const waiting = await this.chunks.read(batchMaxRecords);
    const { nextNumber, oldestAgeMs } = waiting;
    const interval = Math.min(LOOK_INTERVAL_MS, sealIntervalMs / 4);
    if (oldestAgeMs === null) return interval;
    if (!sealingIsDue(waiting, this.config)) {
      // The next look is exactly when the oldest chunk becomes due, so that polling adds nothing to a record's wait.
      return Math.max(LEAST_PAUSE_MS, Math.min(interval, sealIntervalMs - oldestAgeMs));
    }
    const attempt = Math.max(0, Math.floor((oldestAgeMs - sealIntervalMs) / SEAL_AGAIN_MS));
    await this.#put(this.seal, [{ id: jobId.seal(nextNumber, attempt), data: { number: nextNumber } }]);
    return interval;
  }

  async #lookForAnchoring(): Promise<void> {
    if (this.#terms.length === 0) return;
    const starts = await this.submissions.dueStarts(this.#terms);
    await this.#put(
      this.anchor,
      starts.map(({ anchor, checkpointSize }) => ({ id: jobId.anchor(anchor, checkpointSize), data: { anchor } })),
    );
    // No more than there are free slots for; the rest is still due at a later look.
    const limits = this.#terms.map(({ anchor }) => ({ anchor, limit: this.slots.free(anchor) }));
    const due = await this.submissions.due(limits);
    await this.#put(
      this.confirm,
      due.map(({ id, anchor }) => ({ id: jobId.confirm(id), data: { submissionId: id, anchor } })),
    );
  }

  async #lookForDeliveries(): Promise<void> {
    const due = await this.deliveries.due();
    // Ids are the same in every process: of one endpoint no more lanes are at work than it may have.
    const jobs = due.flatMap(({ endpointId, agencyId, deliveries }) =>
      Array.from({ length: deliveries }, (_, lane) => ({
        id: jobId.deliver(endpointId, lane),
        data: { endpointId, agencyId },
      })),
    );
    await this.#put(this.deliver, jobs);
  }

  /** Puts jobs in, except those put in a moment ago. A job that is still in the queue is not put in twice: that is what ids are for. */
  async #put<T>(queue: Queue<T>, jobs: { id: string; data: T }[]): Promise<void> {
    const now = performance.now();
    for (const [id, at] of this.#putAt) if (now - at >= REPEAT_MS) this.#putAt.delete(id);
    const fresh = jobs.filter(({ id }) => !this.#putAt.has(id));
    await Promise.all(fresh.map(({ id, data }) => (queue as Queue).add(queue.name, data, { jobId: id })));
    for (const { id } of fresh) this.#putAt.set(id, now);
  }
}
