import { Injectable } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import { BatchRecordRepository } from '#database/batch-record.repository.js';
import { Admission } from '../auth/admission.js';
import { Problem } from '../problems/problem.js';
import { UsageCounter } from '../usage/usage-counter.js';
import { ProofService } from './proof.service.js';

/** Proofs that are put together at a time: enough to share queries. */
const AT_ONCE = 64;

/** Proofs of many records, one on each line. */
@Injectable()
export class BulkProofsService {
  constructor(
    private readonly batches: BatchRepository,
    private readonly records: BatchRecordRepository,
    private readonly proofs: ProofService,
    private readonly admission: Admission,
    private readonly usage: UsageCounter,
  ) {}

  /** Those of the agency's records in a batch, in the order of their leaves. @throws Problem `batch-not-found` before the first */
  async ofBatch(batch: number, agencyId: number): Promise<AsyncGenerator<string>> {
    if ((await this.batches.find(batch)) === null) throw new Problem('batch-not-found', `There is no batch ${batch}.`);
    return this.#lines(this.records.idsOf(batch, agencyId), agencyId);
  }

  /** Those of the records with these ids, in this order; a line `{"id":…,"problem":…}` for one of which there is none. */
  ofRecords(ids: readonly string[], agencyId: number): AsyncGenerator<string> {
    return this.#lines([ids], agencyId);
  }

  async *#lines(
    pages: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
    agencyId: number,
  ): AsyncGenerator<string> {
    for await (const ids of pages) {
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const beganMs = performance.now();
        const here = ids.slice(at, at + AT_ONCE);
        yield (await Promise.all(here.map((id) => this.#line(id, agencyId)))).join('');
        await this.admission.turn(agencyId, performance.now() - beganMs);
      }
    }
  }

  /** A proof is one line of canonical JSON with a newline. */
  async #line(id: string, agencyId: number): Promise<string> {
    const variant = { format: 'json', name: 'json' } as const;
    try {
      const { body, lodgedBy } = await this.proofs.find({ id, variant, status: undefined, agencyId });
      this.usage.countProof(lodgedBy, agencyId);
      return body.toString('utf8');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return `${JSON.stringify({ id, problem: error.details })}\n`;
    }
  }
}
