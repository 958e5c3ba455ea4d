import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CANDIDATE_BYTES, CandidateRepository, START_BYTES } from '#database/candidate.repository.js';
import { MadeOnce } from '../limits/made-once.js';
import { Room } from '../limits/room.js';
import { Problem } from '../problems/problem.js';
import { ProofService } from '../proofs/proof.service.js';
import { RecordsService } from '../records/records.service.js';
import { estimateDigests } from './digest-count.js';
import { placeBefore, prefixBits, rangeOf } from './prefix.js';

/** Candidates among whom a reader's digest is hidden, at least, where there are as many. */
export const LEAST_CANDIDATES = 1000;

/** What prefixes are made for: chance puts fewer than this under some of them. */
const EXPECTED_CANDIDATES = 1200;

/** Room for candidates in every page: twice the expected ones, and what chance adds. */
export const PAGE_CANDIDATES = 3000;

/** Records among whom the one is hidden whose proof is fetched, at least, where there are as many. */
export const LEAST_PROOFS = 16;

/** Most records in one answer with proofs. */
export const PAGE_PROOFS = 64;

/** For how long the estimate holds: as many milliseconds as there are digests, within these bounds. A log that begins outgrows it soon. */
const LEAST_ESTIMATE_MS = 1000;
const MOST_ESTIMATE_MS = 60_000;

/** Lookups that work at a time in this process, of all who ask, and that may wait for it: the rest of the service goes on. */
const ROOM = { policy: 'lookups', places: 2, waiting: 64 };

/** Pages remembered, of 72 kB, and for how long. */
const PAGES = 64;
const PAGE_TTL_MS = 1000;

const HEAD_BYTES = 5;

/** How long prefixes are at present, in bits. */
export interface PrefixLengths {
  candidates: number;
  proofs: number;
}

/** Answers who looks for a document without saying which: with everything that begins like its digest. */
@Injectable()
export class CandidatesService {
  readonly #room = new Room(ROOM);
  readonly #pages = new MadeOnce<string, Buffer>({ most: PAGES, ttlMs: PAGE_TTL_MS, room: this.#room });
  #lengths: { until: number; value: Promise<PrefixLengths> } | undefined;

  constructor(
    private readonly candidates: CandidateRepository,
    private readonly records: RecordsService,
    private readonly proofs: ProofService,
  ) {}

  /** The lengths that prefixes have now; they grow with the log. */
  lengths(): Promise<PrefixLengths> {
    if (this.#lengths !== undefined && this.#lengths.until > Date.now()) return this.#lengths.value;
    const total = this.#room.use(() => estimateDigests(this.candidates));
    const entry = {
      until: Date.now() + MOST_ESTIMATE_MS,
      value: total.then((digests) => {
        entry.until = Date.now() + Math.min(MOST_ESTIMATE_MS, Math.max(LEAST_ESTIMATE_MS, digests));
        return { candidates: prefixBits(digests, EXPECTED_CANDIDATES), proofs: prefixBits(digests, LEAST_PROOFS) };
      }),
    };
    this.#lengths = entry;
    entry.value.catch(() => {
      if (this.#lengths === entry) this.#lengths = undefined;
    });
    return entry.value;
  }

  /** A page of candidates under a prefix of binary digits, after a place (24 bytes); always of one size.
   * @throws Problem `prefix-too-long`, `busy` */
  async page(prefix: string, after: Buffer | null): Promise<Buffer> {
    checkLength(prefix, (await this.lengths()).candidates);
    return this.#pages.get(`${prefix} ${after?.toString('hex')}`, async () =>
      toPage(await this.#read(prefix, after, PAGE_CANDIDATES)),
    );
  }

  /** The proofs of the records under a prefix, one on each line, after a place; of a record that has none yet how far it is.
   * @throws Problem `prefix-too-long`, `busy` */
  async proofLines(prefix: string, after: Buffer | null): Promise<{ lines: string; next: string | null }> {
    checkLength(prefix, (await this.lengths()).proofs);
    return this.#room.use(async () => {
      const { found, hasMore } = await this.#read(prefix, after, PAGE_PROOFS);
      const ids = new Set<string>();
      for (let at = 0; at < found.length; at += CANDIDATE_BYTES) ids.add(idAt(found, at));
      let lines = '';
      // One after another: whoever asks for one proof comes in between.
      for (const id of ids) lines += await this.#line(id);
      return { lines, next: hasMore ? found.toString('hex', found.length - CANDIDATE_BYTES) : null };
    });
  }

  async #read(prefix: string, after: Buffer | null, limit: number): Promise<{ found: Buffer; hasMore: boolean }> {
    const { first, last } = rangeOf(prefix);
    // A place before the prefix would show what is not asked for.
    const from =
      after === null || after.compare(first, 0, START_BYTES, 0, START_BYTES) < 0 ? placeBefore(first) : after;
    const found = await this.candidates.page(from, last, limit + 1);
    const size = limit * CANDIDATE_BYTES;
    return { found: found.subarray(0, size), hasMore: found.length > size };
  }

  async #line(id: string): Promise<string> {
    const variant = { format: 'json', name: 'json' } as const;
    try {
      return (await this.proofs.find({ id, variant, status: undefined, agencyId: null })).body.toString('utf8');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return `${await this.records.describe(id, null)}\n`;
    }
  }
}

function checkLength(prefix: string, longest: number): void {
  if (prefix.length <= longest) return;
  throw new Problem(
    'prefix-too-long',
    `Expected at most ${longest} bits of a digest, got ${prefix.length}: more would tell which document is looked for. GET /v1/candidates says how many.`,
  );
}

/** The candidates after their number and whether there are more, filled up with random bytes, which no compression takes away again. */
function toPage({ found, hasMore }: { found: Buffer; hasMore: boolean }): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(found.length / CANDIDATE_BYTES);
  head.writeUInt8(hasMore ? 1 : 0, 4);
  return Buffer.concat([head, found, randomBytes(PAGE_CANDIDATES * CANDIDATE_BYTES - found.length)]);
}

/** The id of the candidate at an offset. */
function idAt(candidates: Buffer, at: number): string {
  const hex = candidates.toString('hex', at + START_BYTES, at + CANDIDATE_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
