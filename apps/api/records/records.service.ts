import { Injectable } from '@nestjs/common';
import { RecordRepository, type RecordRow } from '#database/record.repository.js';
import { type PlacedRecord, RecordReaderRepository } from '#database/record-reader.repository.js';
import { recordLeaf } from '#intake/record-leaf.js';
import { type DigestAlgorithm, digestProblem, type Digests } from '#statement/digest.js';
import { isRecordId } from '#statement/record-id.js';
import { type BatchStanding, BatchStandingService } from '../log/batch-standing.service.js';
import { Problem } from '../problems/problem.js';

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
  constructor(
    private readonly reader: RecordReaderRepository,
    private readonly records: RecordRepository,
    private readonly standings: BatchStandingService,
  ) {}

  /** The stored record.
   * @throws Problem `record-not-found`, also for what is no record id */
  async get(id: string): Promise<PlacedRecord> {
    const record = isRecordId(id) ? await this.reader.find(id) : null;
    if (record === null) throw new Problem('record-not-found', `There is no record ${id}.`);
    return record;
  }

  /** The record as JSON text. */
  async describe(id: string): Promise<string> {
    return this.#toJson(await this.get(id));
  }

  /** `{"records":[…]}`: the agency's record of this reference, or none. */
  async describeByReference(agencyId: number, reference: string): Promise<string> {
    const row = await this.records.findByReference(agencyId, reference);
    return `{"records":[${row ? await this.#toJson(toPlaced(row)) : ''}]}`;
  }

  /** Records that carry a digest, oldest first.
   * @throws Problem `bad-request` when the digest does not fit the algorithm */
  async lookup(algorithm: DigestAlgorithm, digest: string): Promise<object> {
    const detail = digestProblem(algorithm, digest);
    if (detail !== null)
      throw new Problem('bad-request', `/digest: ${detail}`, { errors: [{ pointer: '/digest', detail }] });
    const rows = await this.records.findByDigest(algorithm, digest);
    const records = rows.map(({ id, statement, batch, anchored }) => {
      const { agency, profile, receivedAt } = JSON.parse(statement) as StatementFacts;
      return { id, agency, profile, receivedAt, status: anchored ? 'anchored' : batch ? 'sealed' : 'accepted' };
    });
    return { algorithm, digest, records };
  }

  async #toJson({ id, statement, place }: PlacedRecord): Promise<string> {
    const { agency, profile, receivedAt, digests } = JSON.parse(statement) as StatementFacts;
    const { leafHex } = recordLeaf(Date.parse(receivedAt), digests, statement);
    const standing = place === null ? null : await this.standings.find(place.batch);
    const head = JSON.stringify({ id, status: statusOf(standing), agency, profile, receivedAt });
    const tail = JSON.stringify({
      leafHash: leafHex,
      ...(standing ? { batch: batchOf(standing, place!.index) } : {}),
      anchors: standing?.anchors ?? [],
    });
    // The statement goes out as it is stored, byte for byte: those bytes are what the leaf commits to.
    return `${head.slice(0, -1)},"statement":${statement},${tail.slice(1)}`;
  }
}

function statusOf(standing: BatchStanding | null): 'accepted' | 'sealed' | 'anchored' {
  if (standing === null) return 'accepted';
  return standing.anchored ? 'anchored' : 'sealed';
}

function batchOf({ batch: { number, size, sealedAt } }: BatchStanding, index: number): object {
  return { number, index, size, sealedAt: sealedAt.toISOString() };
}

function toPlaced({ id, agencyId, statement, batch }: RecordRow): PlacedRecord {
  return { id, agencyId, statement, place: batch && { batch: batch.number, index: batch.index } };
}
