import { Inject, Injectable } from '@nestjs/common';
import type { Agency } from '#database/agency.repository.js';
import { BatchRepository } from '#database/batch.repository.js';
import { STATUS_READER, StatusRepository } from '#database/status.repository.js';
import { standingOf } from '#intake/status-decision.js';
import { type LoggedEvent, StatusReader } from '#sealing/status-reader.js';
import { findProfile } from '#statement/profile.js';
import { isRecordId } from '#statement/record-id.js';
import type { StatusStatement } from '#statement/status-statement.js';
import { Problem } from '../problems/problem.js';
import { toBase64, toHex } from '../proofs/proof-text.js';

/** What a history shows, and what not. */
const NOTE = 'Each event is shown to be in the log under the checkpoint. That there is no other, only a proof shows.';

/** Reads what has become of a record, each event with the way that it stands in the log. */
@Injectable()
export class RecordHistory {
  constructor(
    @Inject(STATUS_READER) private readonly statuses: StatusRepository,
    private readonly batches: BatchRepository,
    private readonly reader: StatusReader,
  ) {}

  /** The history of a record as far as an agency (null: anybody) may see it; JSON text. @throws Problem `record-not-found` */
  async of(agency: Agency | null, id: string): Promise<string> {
    const subject = isRecordId(id) ? (await this.statuses.subjects([id])).get(id) : undefined;
    const missing = () => new Problem('record-not-found', `There is no record ${id} whose history you may see.`);
    if (subject === undefined) throw missing();
    const { profile } = JSON.parse(subject.statement) as { profile: string };
    // Not even that there is such a record: its history is not public.
    if (findProfile(profile)?.statusPublic !== true && agency?.id !== subject.agencyId) throw missing();
    const { latest, ordinal } = subject;
    const waiting = latest !== null && latest.ordinal === null ? standingOf(subject, latest) : undefined;
    const newest = latest === null ? null : (latest.ordinal ?? latest.previous);
    return JSON.stringify({
      id,
      note: NOTE,
      ordinal,
      ...(newest === null ? { events: [] } : await this.#events(newest)),
      ...(waiting === undefined ? {} : { waiting }),
    });
  }

  async #events(newest: number): Promise<object> {
    // Read after the event was seen in the log, so that it covers it.
    const checkpoint = (await this.batches.newestCheckpoint())!;
    const events = await this.reader.eventsFrom(newest, checkpoint.size);
    return { checkpoint: checkpoint.note, events: events.map(toJson) };
  }
}

function toJson({ batch: { batch, entry, path: inLog }, entry: bytes, index, ordinal, path, statement }: LoggedEvent) {
  const said = JSON.parse(statement) as StatusStatement;
  const { to: status, effectiveAt, receivedAt } = said;
  const proof = {
    entry: toBase64(bytes),
    path: path.map(toHex),
    batch: { entry: toBase64(entry), path: inLog.map(toHex) },
  };
  return { ordinal, batch: batch.number, index, status, effectiveAt, receivedAt, statement: said, proof };
}
