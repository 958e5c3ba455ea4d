import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository, type Checkpoint } from '#database/batch.repository.js';
import { SubmissionReaderRepository } from '#database/submission-reader.repository.js';
import { readEntry } from '#sealing/read-entry.js';
import { StatusReader } from '#sealing/status-reader.js';
import { canonicalize } from '#statement/jcs.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { LogClock } from '../log/log-clock.js';
import { Problem } from '../problems/problem.js';
import { proofAttestation } from './proof-attestation.js';
import { toBase64, toHexList } from './proof-text.js';
import type { StatusChoice } from './status-choice.js';

/** A checkpoint under which statuses are shown, with what all proofs under it have in common. One object stands for one state of it. */
export interface StatusHead {
  /** Batches that it covers. */
  size: number;
  /** Origin of its log. */
  origin: string;
  /** Entries of that log up to it: what was logged later has an ordinal from this on. */
  entries: number;
  /** Signed note, as JSON. */
  noteJson: string;
  /** What attests exactly this checkpoint: by anchor, canonical JSON. */
  attestations: readonly { anchor: string; json: string }[];
  /** Canonical JSON of its last batch: entry and path. */
  batch: string;
}

/** A checkpoint, and until when it may be shown as what was asked for; Infinity when that will not change. */
export interface StatusLease {
  head: StatusHead;
  untilMs: number;
}

/** Checkpoints remembered, a few kilobytes each. */
const CACHE_HEADS = 200;

/** The log's clock says a new time every second. */
const CLOCK_LEASE_MS = 1000;

/** Finds the checkpoint under which a status is shown. One serves all proofs of some seconds, so that what they share is made once. */
@Injectable()
export class StatusHeads {
  readonly #heads = new LRUCache<string, StatusHead>({ max: CACHE_HEADS });
  /** By choice and origin: what serves everybody, and what was read since for records that are newer than that. */
  readonly #shared = new Map<string, StatusLease>();
  readonly #newer = new Map<string, StatusLease>();
  readonly #reading = new Map<string, Promise<StatusLease>>();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'proofStatusAgeSeconds'>,
    private readonly batches: BatchRepository,
    private readonly submissions: SubmissionReaderRepository,
    private readonly reader: StatusReader,
    private readonly clock: LogClock,
  ) {}

  /** The checkpoint of the log of `batch` that shows what was asked for and covers the batch; without a promise while one serves.
   * @throws Problem `no-such-status`, `unavailable`, `log-empty` */
  find(choice: Exclude<StatusChoice, 'none'>, batch: Batch): StatusLease | Promise<StatusLease> {
    if (typeof choice === 'object') return this.#asOf(choice.asOf, batch);
    const key = `${choice} ${readEntry(batch.entry).origin}`;
    const now = Date.now();
    for (const lease of [this.#shared.get(key), this.#newer.get(key)]) {
      if (lease !== undefined && now < lease.untilMs && lease.head.size > batch.number) return lease;
    }
    return this.#read(key, choice, batch);
  }

  /** The checkpoint that covers a batch: the first, and for ever the same. */
  covering({ covering }: Batch): Promise<StatusHead> {
    return this.#head(covering);
  }

  async #read(key: string, choice: 'latest' | 'anchored' | 'cosigned', batch: Batch): Promise<StatusLease> {
    // Asked for by whoever comes meanwhile; what began before a record was sealed may not cover it.
    const reading = this.#reading.get(key);
    if (reading !== undefined) {
      const lease = await reading;
      if (lease.head.size > batch.number) return lease;
    }
    const fresh = this.#make(choice, batch);
    this.#reading.set(key, fresh);
    try {
      const lease = await fresh;
      const serves = (this.#shared.get(key)?.untilMs ?? 0) > Date.now();
      (serves ? this.#newer : this.#shared).set(key, lease);
      return lease;
    } finally {
      if (this.#reading.get(key) === fresh) this.#reading.delete(key);
    }
  }

  async #make(choice: 'latest' | 'anchored' | 'cosigned', batch: Batch): Promise<StatusLease> {
    const untilMs = Date.now() + (choice === 'cosigned' ? CLOCK_LEASE_MS : this.config.proofStatusAgeSeconds * 1000);
    const checkpoint = await this.#checkpoint(choice, batch);
    if (checkpoint.size <= batch.number)
      throw missing(`The checkpoint that is served for ${choice} does not cover the record's batch yet`, '1');
    return { head: await this.#head(checkpoint), untilMs };
  }

  async #checkpoint(choice: 'latest' | 'anchored' | 'cosigned', batch: Batch): Promise<Checkpoint> {
    switch (choice) {
      case 'latest':
        return this.#latest(batch);
      case 'cosigned': {
        const cosigned = await this.clock.newest(batch.number);
        if (originOf(cosigned) === readEntry(batch.entry).origin) return cosigned;
        throw missing(`The log ${readEntry(batch.entry).origin} has ended, and nobody says what time it is there`);
      }
      case 'anchored': {
        const size = await this.submissions.newestConfirmedSize(batch.number);
        if (size !== null) return (await this.batches.checkpoint(size))!;
        throw missing("No anchor has confirmed a checkpoint that covers the record's batch yet", '60');
      }
    }
  }

  /** The newest checkpoint; where nothing was sealed lately with the log's own clock, so that it is known how old the status is also then. */
  async #latest({ number }: Batch): Promise<Checkpoint> {
    const newest = (await this.batches.newestCheckpointOf(number))!;
    const last = (await this.batches.find(newest.size - 1))!;
    if (Date.now() - last.sealedAt.getTime() <= this.config.proofStatusAgeSeconds * 1000) return newest;
    try {
      const cosigned = await this.clock.newest(newest.size - 1);
      return cosigned.size >= newest.size && originOf(cosigned) === originOf(newest) ? cosigned : newest;
    } catch (cause) {
      // A log that cannot say what time it is still says what it holds.
      if (cause instanceof Problem) return newest;
      throw cause;
    }
  }

  async #asOf(asOf: string, batch: Batch): Promise<StatusLease> {
    const found = await this.batches.checkpointAsOf(batch.number, new Date(asOf));
    if (found === null)
      throw missing(
        `At ${asOf} the record was not in the log: its batch was closed at ${readEntry(batch.entry).sealedAt}`,
      );
    return { head: await this.#head(found), untilMs: found.followed ? Infinity : 0 };
  }

  async #head({ size, note }: Checkpoint): Promise<StatusHead> {
    const { origin, root } = parseCheckpoint(parseNote(note).text);
    const [last, answered] = await Promise.all([
      this.reader.batch(size - 1, size),
      this.submissions.attestations(size),
    ]);
    const attestations = answered.flatMap(({ anchor, attestation }) => {
      const evidence = proofAttestation(anchor, attestation, root);
      return evidence === null ? [] : [{ anchor, json: canonicalize(evidence as never) }];
    });
    const known = this.#heads.get(note);
    if (known !== undefined && isDeepStrictEqual(known.attestations, attestations)) return known;
    const batch = `{"entry":"${toBase64(last.entry)}","path":${toHexList(last.path)}}`;
    const entries = last.batch.first + last.batch.size;
    const head = { size, origin, entries, noteJson: JSON.stringify(note), attestations, batch };
    this.#heads.set(note, head);
    return head;
  }
}

function originOf({ note }: Checkpoint): string {
  return parseCheckpoint(parseNote(note).text).origin;
}

function missing(detail: string, retryAfterSeconds?: string): Problem {
  return new Problem(
    'no-such-status',
    `${detail}.`,
    retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': retryAfterSeconds } },
  );
}
