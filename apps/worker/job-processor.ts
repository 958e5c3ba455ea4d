import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { describeError, describeRootCause, logSparsely } from '#config/sparse-log.js';

/** What the jobs of a queue have in common: a failed attempt and a worker that lost its queue are logged, under the processor's name. */
export abstract class JobProcessor<Data> extends WorkerHost {
  protected readonly logger: Logger;

  constructor(name: string) {
    super();
    this.logger = new Logger(name);
  }

  abstract override process(job: Job<Data>): Promise<void>;

  @OnWorkerEvent('failed')
  onFailed(job: Job<Data> | undefined, error: Error): void {
    this.logger.error(`${job?.id} failed at attempt ${job?.attemptsMade}: ${describeError(error)}`, error.stack);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    logSparsely(this.logger, 'warn', `worker: ${describeRootCause(error)}`);
  }
}
