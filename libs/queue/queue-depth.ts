import type { Queue } from 'bullmq';

/** How full a queue is. */
export interface QueueDepth {
  queue: string;
  /** Jobs that could run now. */
  waiting: number;
  /** Jobs that run. */
  active: number;
  /** Jobs that failed and will be tried again. */
  delayed: number;
  /** Jobs that failed at every attempt, since the queue's store was made. */
  failed: number;
}

/** How full `queue` is, seen by all processes.
 * @throws when the queue's store cannot be reached */
export async function queueDepth(queue: Queue): Promise<QueueDepth> {
  const [counts, failures] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed'),
    queue.getMetrics('failed', 0, 0),
  ]);
  const { waiting = 0, active = 0, delayed = 0 } = counts;
  return { queue: queue.name, waiting, active, delayed, failed: failures.meta.count };
}
