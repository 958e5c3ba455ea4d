import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import {
  type Coverage,
  SubmissionReaderRepository,
  type SubmissionState,
} from '#database/submission-reader.repository.js';

/** How long what is known of a batch's anchors is taken as current. */
const FRESH_MS = 1000;

/** A batch's anchoring counts as settled this long after it was confirmed: until then a reorganisation of the chain, however unlikely, is
 * believed, and its proof is handed out with an attestation less. */
const SETTLED_AFTER_MS = 86_400_000;

/** Batches remembered. */
const CACHE_BATCHES = 2000;

/** A sealed batch and how far it is anchored. A new object means that something has changed. */
export interface BatchStanding {
  batch: Batch;
  /** One for each anchor that has a submission covering the batch. */
  coverage: Coverage[];
  /** As answers show them; also names configured anchors that have nothing yet. */
  anchors: AnchorStanding[];
  /** Whether an anchor has confirmed it. */
  anchored: boolean;
  /** Whether nothing of this will change. */
  settled: boolean;
}

/** How a batch stands with one anchor. */
export interface AnchorStanding {
  anchor: string;
  state: SubmissionState;
  detail: string;
  checkpointSize: number | null;
  /** RFC 3339. */
  since: string;
}

interface Entry {
  standing: BatchStanding;
  key: string;
  readAtMs: number;
}

/** Knows sealed batches and their anchoring, at most a second late. */
@Injectable()
export class BatchStandingService {
  readonly #entries = new LRUCache<number, Entry>({ max: CACHE_BATCHES });
  readonly #reading = new Map<number, Promise<BatchStanding | null>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly batches: BatchRepository,
    private readonly submissions: SubmissionReaderRepository,
  ) {}

  /** The standing of batch `number`, null when there is none; a promise only when the database must be asked. */
  find(number: number): BatchStanding | Promise<BatchStanding | null> {
    const entry = this.#entries.get(number);
    if (entry && (entry.standing.settled || Date.now() - entry.readAtMs < FRESH_MS)) return entry.standing;
    let reading = this.#reading.get(number);
    if (reading === undefined) {
      reading = this.#read(number, entry).finally(() => this.#reading.delete(number));
      this.#reading.set(number, reading);
    }
    return reading;
  }

  async #read(number: number, before: Entry | undefined): Promise<BatchStanding | null> {
    const readAtMs = Date.now();
    const batch = await this.batches.find(number);
    if (!batch) return null;
    const names = await this.submissions.anchorNames(this.config.anchors);
    const coverage = await this.submissions.coverage(number, names);
    const missing = this.config.anchors.filter((name) => !coverage.some(({ anchor }) => anchor === name));
    const waits = missing.length === 0 ? new Map<string, string>() : await this.submissions.waits(missing);
    const key = `${coverageKey(coverage)} ${JSON.stringify([...waits])}`;
    // The same object stands for "nothing new": proofs made from it stay valid.
    const now = toStanding(batch, coverage, this.config.anchors, waits);
    const standing = before?.key === key && before.standing.settled === now.settled ? before.standing : now;
    this.#entries.set(number, { standing, key, readAtMs });
    return standing;
  }
}

function coverageKey(coverage: Coverage[]): string {
  return coverage
    .map(({ anchor, submission: { checkpointSize, state, detail, attestation }, settled }) => {
      const attested = attestation ? createHash('sha256').update(attestation).digest('base64') : '-';
      return JSON.stringify([anchor, checkpointSize, state, detail, attested, settled]);
    })
    .join();
}

function toStanding(
  batch: Batch,
  coverage: Coverage[],
  configured: string[],
  waits: ReadonlyMap<string, string>,
): BatchStanding {
  const anchors: AnchorStanding[] = coverage.map(({ anchor, submission }) => ({
    anchor,
    state: submission.state,
    detail: submission.detail,
    checkpointSize: submission.checkpointSize,
    since: (submission.confirmedAt ?? submission.submittedAt ?? submission.createdAt).toISOString(),
  }));
  for (const anchor of configured) {
    if (anchors.some((standing) => standing.anchor === anchor)) continue;
    const detail = waits.get(anchor) ?? 'waiting for the next checkpoint to be anchored';
    anchors.push({ anchor, state: 'unsubmitted', detail, checkpointSize: null, since: batch.sealedAt.toISOString() });
  }
  return {
    batch,
    coverage,
    anchors,
    anchored: coverage.some(({ submission: { state } }) => state === 'confirmed' || state === 'final'),
    settled: coverage.length > 0 && coverage.length === anchors.length && coverage.every(isSettled),
  };
}

function isSettled({ settled, submission: { confirmedAt } }: Coverage): boolean {
  return settled && confirmedAt !== null && Date.now() - confirmedAt.getTime() > SETTLED_AFTER_MS;
}
