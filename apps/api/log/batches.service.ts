import { Injectable } from '@nestjs/common';
import { type BatchSummary, BatchRepository } from '#database/batch.repository.js';
import { Problem } from '../problems/problem.js';
import { BatchStandingService } from './batch-standing.service.js';

/** Lists and shows sealed batches. */
@Injectable()
export class BatchesService {
  constructor(
    private readonly batches: BatchRepository,
    private readonly standings: BatchStandingService,
  ) {}

  async list(before: number | null, limit: number): Promise<object> {
    return { batches: (await this.batches.list(before, limit)).map(toJson) };
  }

  /** @throws Problem `batch-not-found` */
  async get(number: number): Promise<object> {
    const standing = await this.standings.find(number);
    if (!standing) throw new Problem('batch-not-found', `There is no batch ${number} in the log.`);
    const { batch, anchors } = standing;
    return {
      ...toJson({ ...batch, checkpointSize: batch.covering.size }),
      entry: Buffer.from(batch.entry).toString('base64'),
      checkpoint: batch.checkpoint,
      logCheckpoint: batch.covering.note,
      anchors,
    };
  }
}

function toJson({ number, size, root, sealedAt, checkpointSize }: BatchSummary): object {
  return { number, size, root: Buffer.from(root).toString('hex'), sealedAt: sealedAt.toISOString(), checkpointSize };
}
