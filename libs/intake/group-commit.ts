import type { NewRecord } from '#database/record-insert.js';
import { RecordStoreError, referenceKey } from '#database/record.repository.js';
import { IntakeError } from './error.js';

/** Most leaves in one chunk: a batch takes whole chunks, so small ones fill it better; and a chunk is one row. */
export const CHUNK_MAX_RECORDS = 1000;

/** Commits under way at once: they share flushes of the write-ahead log, and the next group is written while the database works. */
const MAX_IN_FLIGHT = 4;

/** Groups that may wait before new requests are turned away: bounds memory (about 2 KB a record) and a request's wait. */
const MAX_WAITING_GROUPS = 50;

/** Least number of records that may wait, whatever the group's size: several of the largest requests. */
const MIN_WAITING_RECORDS = 20_000;

/** Seconds after which a request that was turned away should come again. */
const RETRY_AFTER_SECONDS = 1;

interface Waiting {
  records: NewRecord[];
  resolve: (taken: Set<string>) => void;
  reject: (error: IntakeError) => void;
}

/** Settings of a {@link GroupCommit}. */
export interface GroupCommitOptions {
  /** A request waits this long for company, at most. */
  intervalMs: number;
  /** Records at which a group is committed at once; a larger request is a group of its own. */
  maxRecords: number;
}

/** Turns concurrent requests into few commits: those that arrive within the interval, or while the database is busy, share one transaction.
 * A request is never split over two groups, so it is stored as a whole or not at all. */
export class GroupCommit {
  #waiting: Waiting[] = [];
  #waitingRecords = 0;
  #admittedRecords = 0;
  readonly #admittedOf = new Map<number, number>();
  #inFlight = 0;
  #timerSet = false;
  #stopping = false;
  #idle: (() => void)[] = [];
  readonly #maxWaitingRecords: number;

  constructor(
    /** Stores one group; resolves to the ids that were not stored because their reference is taken. */
    private readonly store: (records: NewRecord[]) => Promise<Set<string>>,
    private readonly options: GroupCommitOptions,
  ) {
    this.#maxWaitingRecords = Math.max(MIN_WAITING_RECORDS, options.maxRecords * MAX_WAITING_GROUPS);
  }

  /** Records that wait for their commit or are in it: what a gauge shows. */
  get waitingRecords(): number {
    return this.#waitingRecords;
  }

  /** Keeps room for `count` more records of an agency: ask before working on a request. However many agencies take what they get, as much as each
   * of them has is left for the next.
   * @returns gives the room back; to be called right before {@link commit}, or when the request fails
   * @throws IntakeError `overloaded`, `stopping` */
  admit(agencyId: number, count: number): () => void {
    if (this.#stopping)
      throw new IntakeError('stopping', 'The service is stopping and accepts no more records', RETRY_AFTER_SECONDS);
    const before = this.#waitingRecords + this.#admittedRecords;
    if (before + count > this.#maxWaitingRecords) {
      throw new IntakeError(
        'overloaded',
        `Accepting ${count} records: expected fewer than ${this.#maxWaitingRecords} waiting for their commit, got ${before}`,
        RETRY_AFTER_SECONDS,
      );
    }
    const ofAgency = (this.#admittedOf.get(agencyId) ?? 0) + count;
    const mostOfAgency = this.#maxWaitingRecords - before;
    if (ofAgency > mostOfAgency) {
      throw new IntakeError(
        'overloaded',
        `Accepting ${count} records: expected at most ${mostOfAgency} of one agency in work at the moment, got ${ofAgency}`,
        RETRY_AFTER_SECONDS,
      );
    }
    this.#admittedRecords += count;
    this.#admittedOf.set(agencyId, ofAgency);
    let held = count;
    return () => {
      if (held === 0) return;
      this.#admittedRecords -= held;
      const left = this.#admittedOf.get(agencyId)! - held;
      if (left > 0) this.#admittedOf.set(agencyId, left);
      else this.#admittedOf.delete(agencyId);
      held = 0;
      this.#wakeIfIdle();
    };
  }

  /** Resolves once the records are committed, to the ids of those that were not stored because their reference is taken (in the database, or
   * by a record before them).
   * @throws IntakeError */
  commit(records: NewRecord[]): Promise<Set<string>> {
    if (records.length === 0) return Promise.resolve(new Set());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      this.#waitingRecords += records.length;
      this.#pump();
    });
  }

  /** Refuses new requests and resolves when every earlier one is answered. */
  async drain(): Promise<void> {
    this.#stopping = true;
    this.#pump();
    // What is worked on when the last commit ends comes to be committed itself.
    while (!this.#isIdle()) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#inFlight === 0 && this.#waiting.length === 0 && this.#admittedRecords === 0;
  }

  #wakeIfIdle(): void {
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Starts as many commits as are due. */
  #pump(due = this.#stopping || this.options.intervalMs === 0): void {
    while (this.#inFlight < MAX_IN_FLIGHT && this.#waiting.length > 0) {
      const group = this.#nextGroup();
      // Waiting for company only makes sense while there is room for it.
      if (!due && group.length === this.#waiting.length && count(group) < this.options.maxRecords) {
        this.#wakeLater();
        return;
      }
      this.#waiting.splice(0, group.length);
      void this.#commitGroup(group);
    }
  }

  /** Commits what waits when the interval is over; one timer is enough for all that come meanwhile. */
  #wakeLater(): void {
    if (this.#timerSet) return;
    this.#timerSet = true;
    setTimeout(() => {
      this.#timerSet = false;
      this.#pump(true);
    }, this.options.intervalMs);
  }

  /** The first requests in the queue that fit one group; at least one. */
  #nextGroup(): Waiting[] {
    let records = 0;
    let requests = 0;
    for (const { records: more } of this.#waiting) {
      if (requests > 0 && records + more.length > this.options.maxRecords) break;
      records += more.length;
      requests += 1;
    }
    return this.#waiting.slice(0, requests);
  }

  async #commitGroup(group: Waiting[]): Promise<void> {
    this.#inFlight += 1;
    try {
      const { first, later } = splitRepeats(group.flatMap(({ records }) => records));
      const taken = await this.store(first);
      for (const { id } of later) taken.add(id);
      for (const request of group) request.resolve(taken);
    } catch (error) {
      const failure = toIntakeError(error);
      for (const request of group) request.reject(failure);
    } finally {
      this.#inFlight -= 1;
      this.#waitingRecords -= count(group);
      // Requests that arrived during this commit have waited long enough: nobody gains if they wait for the timer as well.
      this.#pump(true);
      this.#wakeIfIdle();
    }
  }
}

function count(group: Waiting[]): number {
  let records = 0;
  for (const request of group) records += request.records.length;
  return records;
}

/** Only the first record with a reference goes to the database; those that repeat it among `records` are in `later`. */
export function splitRepeats<T extends NewRecord>(records: Iterable<T>): { first: T[]; later: T[] } {
  const seen = new Set<string>();
  const first: T[] = [];
  const later: T[] = [];
  for (const record of records) {
    if (record.reference !== null) {
      const key = referenceKey(record.agencyId, record.reference);
      if (seen.has(key)) {
        later.push(record);
        continue;
      }
      seen.add(key);
    }
    first.push(record);
  }
  return { first, later };
}

function toIntakeError(cause: unknown): IntakeError {
  if (cause instanceof RecordStoreError && cause.code === 'unknown') {
    return new IntakeError(
      'outcome-unknown',
      'The database connection broke during the commit: the records may or may not be stored. Repeat the request: records with a reference are never stored twice',
      RETRY_AFTER_SECONDS,
      { cause },
    );
  }
  return new IntakeError(
    'not-stored',
    'The records could not be stored; none of this request was',
    RETRY_AFTER_SECONDS,
    {
      cause,
    },
  );
}
