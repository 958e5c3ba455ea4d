import { Inject, Injectable } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import type { PlacedRecord } from '#database/record-reader.repository.js';
import { STATUS_READER, StatusRepository } from '#database/status.repository.js';
import { type Standing, standingOf } from '#intake/status-decision.js';
import { readEntry } from '#sealing/read-entry.js';
import { findProfile } from '#statement/profile.js';
import { NO_PROOF } from '../status/status.service.js';

/** What the service says has become of a record. */
export type ToldStatus = { note: string } & (
  Standing | { status: 'active' } | { status: 'expired'; since: string } | { status: 'not-yet-valid'; from: string }
);

/** Says what has become of records, without showing it. */
@Injectable()
export class RecordStatus {
  constructor(
    @Inject(STATUS_READER) private readonly statuses: StatusRepository,
    private readonly batches: BatchRepository,
  ) {}

  /** How a record stands, by the newest event that was accepted about it, in the log or not; null when the asking agency (null: anybody) may not
   * know, as its profile says. */
  async of(record: PlacedRecord, agencyId: number | null): Promise<ToldStatus | null> {
    const { profile, validFrom, validUntil } = JSON.parse(record.statement) as {
      profile: string;
      validFrom?: string;
      validUntil?: string;
    };
    if (findProfile(profile)?.statusPublic !== true && agencyId !== record.agencyId) return null;
    const batch = record.place && (await this.batches.find(record.place.batch));
    if (record.place !== null && batch !== null) {
      const ordinal = readEntry(batch.entry).first + record.place.index;
      const latest = (await this.statuses.latest([ordinal])).get(ordinal);
      // The end of a suspension leaves what else is said of it.
      if (latest !== undefined) {
        const standing = standingOf(record, latest);
        if (standing.status !== 'active') return { note: NO_PROOF, ...standing };
      }
    }
    const now = new Date().toISOString();
    if (validUntil !== undefined && validUntil < now) return { note: NO_PROOF, status: 'expired', since: validUntil };
    if (validFrom !== undefined && validFrom > now) return { note: NO_PROOF, status: 'not-yet-valid', from: validFrom };
    return { note: NO_PROOF, status: 'active' };
  }
}
