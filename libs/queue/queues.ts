import type { JobsOptions } from 'bullmq';

/** Seals what waits: one job for each batch number. */
export const SEAL_QUEUE = 'seal';
/** Takes the newest checkpoint to an anchor: one job for each anchor and checkpoint. */
export const ANCHOR_QUEUE = 'anchor';
/** Goes on with a submission that is due: one job for each submission. */
export const CONFIRM_QUEUE = 'confirm';

/** Sends webhooks that are due: up to a few jobs for each endpoint. */
export const DELIVER_QUEUE = 'deliver';

/** All queues of the service. */
export const QUEUES = [SEAL_QUEUE, ANCHOR_QUEUE, CONFIRM_QUEUE, DELIVER_QUEUE] as const;

/** Data of a job of {@link SEAL_QUEUE}. */
export interface SealJob {
  /** Number that the batch will have. */
  number: number;
}

/** Data of a job of {@link ANCHOR_QUEUE}. */
export interface AnchorJob {
  anchor: string;
}

/** Data of a job of {@link CONFIRM_QUEUE}. */
export interface ConfirmJob {
  /** Id of the submission's row. */
  submissionId: string;
  /** The anchor that it is for. */
  anchor: string;
}

/** Data of a job of {@link DELIVER_QUEUE}. */
export interface DeliverJob {
  /** Id of the endpoint. */
  endpointId: string;
  /** Whose it is. */
  agencyId: number;
}

/** Id of a job. Ids are made of names and numbers only, so that whoever finds work due gives it the same id: a queue holds it once. */
export const jobId = {
  seal: (number: number, attempt: number): string => `seal-${number}-${attempt}`,
  // No colon, of which the queue makes keys.
  anchor: (anchor: string, checkpointSize: number): string => `anchor-${anchor.replace(':', '.')}-${checkpointSize}`,
  confirm: (submissionId: string): string => `confirm-${submissionId}`,
  deliver: (endpointId: string, lane: number): string => `deliver-${endpointId}-${lane}`,
};

/** Options of every job. A job leaves the queue when it has succeeded or failed for good, so its id is free when the work is due again;
 * meanwhile it is retried after 0.25, 0.5, 1, 2 and 4 seconds, and the id keeps it from being put in twice. */
export const JOB_OPTIONS: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 6,
  backoff: { type: 'exponential', delay: 250 },
  // A stack trace is in the log; the queue need not keep it.
  stackTraceLimit: 1,
};

/** Time after which the job of a process that died is taken up by another, in milliseconds. Living processes renew their hold. */
const LOCK_MS = 6000;

/** Options of every worker. */
export const WORKER_OPTIONS = {
  lockDuration: LOCK_MS,
  stalledInterval: LOCK_MS / 2,
  // A job whose process died twice is dropped; the tables say that it is still due, and it comes back as a new one.
  maxStalledCount: 1,
  // After a lost connection the default is to pause for 15 seconds, longer than a batch may wait.
  runRetryDelay: 500,
  // How long a worker sleeps without looking, in seconds. It is woken for a new job; this only bounds a wake-up that got lost.
  drainDelay: 1,
  // Counts of completed and failed jobs, kept in the queue's own store for all processes together.
  metrics: { maxDataPoints: 60 },
} as const;
