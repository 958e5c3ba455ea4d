import { Injectable } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import { RecordReaderRepository } from '#database/record-reader.repository.js';
import { LogService } from './log.service.js';

/** Finds what stands in a log that has ended, and is to be said again in the one that follows it. */
@Injectable()
export class EndedRecords {
  constructor(
    private readonly records: RecordReaderRepository,
    private readonly batches: BatchRepository,
    private readonly log: LogService,
  ) {}

  /** Those of these records that are in a log that has ended; `ids` is asked for where there is one. */
  async among(ids: () => Promise<readonly string[]>): Promise<string[]> {
    const first = await this.batches.find(0);
    if (first === null || !this.log.hasEnded(first)) return [];
    const ended: string[] = [];
    for (const id of await ids()) {
      const place = (await this.records.find(id))?.place;
      const batch = place ? await this.batches.find(place.batch) : null;
      if (batch !== null && this.log.hasEnded(batch)) ended.push(id);
    }
    return ended;
  }
}
