import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { RecordLookupRepository, type RecordStage } from '#database/record-lookup.repository.js';
import { RecordRepository, type RecordRow } from '#database/record.repository.js';
import { type PlacedRecord, RecordReaderRepository } from '#database/record-reader.repository.js';
import { recordLeaf } from '#intake/record-leaf.js';
import { type DigestAlgorithm, digestProblem, type Digests } from '#statement/digest.js';
import { isRecordId } from '#statement/record-id.js';
import { RecordStatus } from './record-status.js';
import { type BatchStanding, BatchStandingService } from '../log/batch-standing.service.js';
import { Problem } from '../problems/problem.js';
import { UsageCounter } from '../usage/usage-counter.js';

/** Pages of lookups remembered, a few kilobytes each, and for how long. */
const PAGES = 1000;
const PAGE_TTL_MS = 1000;

interface LookupPage {
  json: string;
  /** Agencies that it names records of. */
  agencyIds: number[];
}

/** The members of a statement that answers show beside it. */
interface StatementFacts {
  agency: string;
  profile: string;
  receivedAt: string;
  digests: Digests;
}

/** Says what is known of records. */
@Injectable()
export class RecordsService {
  /** Pages of lookups, for whoever asks for the same in the moment for which they may be cached. */
  readonly #pages = new LRUCache<string, Promise<LookupPage>>({ max: PAGES, ttl: PAGE_TTL_MS });

  constructor(
    private readonly reader: RecordReaderRepository,
    private readonly lookups: RecordLookupRepository,
    private readonly records: RecordRepository,
    private readonly standings: BatchStandingService,
    private readonly status: RecordStatus,
    private readonly usage: UsageCounter,
  ) {}

  /** The stored record.
   * @throws Problem `record-not-found`, also for what is no record id */
  async get(id: string): Promise<PlacedRecord> {
    const record = isRecordId(id) ? await this.reader.find(id) : null;
    if (record === null) throw new Problem('record-not-found', `There is no record ${id}.`);
    return record;
  }

  /** The record as JSON text: all of it for the agency that lodged it, for everybody else what does not say what it is about. */
  async describe(id: string, agencyId: number | null): Promise<string> {
    const record = await this.get(id);
    return this.#toJson(record, agencyId);
  }

  /** `{"records":[…]}`: the agency's record of this reference, or none. */
  async describeByReference(agencyId: number, reference: string): Promise<string> {
    const row = await this.records.findByReference(agencyId, reference);
    return `{"records":[${row ? await this.#toJson(toPlaced(row), agencyId) : ''}]}`;
  }

  /** A page of the records that carry a digest (hex of either case), oldest first, as JSON text.
   * @throws Problem `bad-request` when the digest does not fit the algorithm */
  async lookup(algorithm: DigestAlgorithm, digest: string, after: string | null, limit: number): Promise<string> {
    const digestHex = digest.toLowerCase();
    const detail = digestProblem(algorithm, digestHex);
    if (detail !== null)
      throw new Problem('bad-request', `/digest: ${detail}`, { errors: [{ pointer: '/digest', detail }] });
    const key = `${algorithm} ${digestHex} ${after} ${limit}`;
    let page = this.#pages.get(key);
    if (page === undefined) {
      page = this.#lookUp(algorithm, digestHex, after, limit);
      this.#pages.set(key, page);
      // A failed attempt is not kept: the database may be back for the next one.
      page.catch(() => this.#pages.delete(key));
    }
    const { json, agencyIds } = await page;
    this.usage.countLookUp(agencyIds);
    return json;
  }

  async #lookUp(algorithm: DigestAlgorithm, digest: string, after: string | null, limit: number): Promise<LookupPage> {
    const page = await this.lookups.page(algorithm, digest, after, limit);
    const records = page.records.map(({ id, statement, stage }) => {
      const { agency, profile, receivedAt } = JSON.parse(statement) as StatementFacts;
      return { id, agency, profile, receivedAt, stage };
    });
    const json = JSON.stringify({ algorithm, digest, records, ...(page.next === null ? {} : { next: page.next }) });
    return { json, agencyIds: [...new Set(page.records.map(({ agencyId }) => agencyId))] };
  }

  async #toJson(record: PlacedRecord, agencyId: number | null): Promise<string> {
    const { id, statement, place } = record;
    const { agency, profile, receivedAt, digests } = JSON.parse(statement) as StatementFacts;
    const standing = place === null ? null : await this.standings.find(place.batch);
    const status = await this.status.of(record, agencyId);
    const head = JSON.stringify({ id, stage: stageOf(standing), agency, profile, receivedAt });
    const tail = JSON.stringify({
      ...(standing ? { batch: batchOf(standing, place!.index) } : {}),
      anchors: standing?.anchors ?? [],
      ...(status === null ? {} : { status }),
    });
    if (record.agencyId !== agencyId) return `${head.slice(0, -1)},${tail.slice(1)}`;
    const { leafHex } = recordLeaf(Date.parse(receivedAt), digests, statement);
    // The statement goes out as it is stored, byte for byte: those bytes are what the leaf commits to.
    return `${head.slice(0, -1)},"statement":${statement},"leafHash":"${leafHex}",${tail.slice(1)}`;
  }
}

function stageOf(standing: BatchStanding | null): RecordStage {
  if (standing === null) return 'accepted';
  if (standing.coverage.some(({ submission: { state } }) => state === 'final')) return 'final';
  return standing.anchored ? 'anchored' : 'sealed';
}

function batchOf({ batch: { number, size, sealedAt } }: BatchStanding, index: number): object {
  return { number, index, size, sealedAt: sealedAt.toISOString() };
}

function toPlaced({ id, agencyId, statement, batch }: RecordRow): PlacedRecord {
  return { id, agencyId, statement, place: batch && { batch: batch.number, index: batch.index } };
}
