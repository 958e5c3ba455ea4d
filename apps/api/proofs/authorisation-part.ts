import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { RecordReaderRepository } from '#database/record-reader.repository.js';
import { SigningKeyRepository } from '#database/signing-key.repository.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { readEntry } from '#sealing/read-entry.js';
import { toBase64, toHexList } from './proof-text.js';
import { type StatusHead, StatusHeads } from './status-heads.js';
import { StatusPart } from './status-part.js';

/** Keys remembered: few agencies have more than two or three. */
const CACHE_KEYS = 5000;

/** The record that registers a key, in the log. */
interface Registration {
  batch: Batch;
  index: number;
  /** Members `batch` and `statement`, canonical JSON. */
  json: string;
}

/** Writes what shows whose the key is that signed a record. It is made once for each key and each checkpoint under which statuses are shown. */
@Injectable()
export class AuthorisationPart {
  /** By key; what is in the log never changes. */
  readonly #registrations = new LRUCache<string, Registration>({ max: CACHE_KEYS });
  readonly #parts = new WeakMap<StatusHead, Map<string, Promise<string | null>>>();

  constructor(
    private readonly keys: SigningKeyRepository,
    private readonly records: RecordReaderRepository,
    private readonly batches: BatchRepository,
    private readonly batchPaths: BatchPaths,
    private readonly heads: StatusHeads,
    private readonly statusPart: StatusPart,
  ) {}

  /** Member `authorisation` of the proof of a record of `batch`, with this statement (canonical JSON), as of `head`, or of the checkpoint that covers the batch without one; canonical JSON. Null when
   * the record is not signed, or nothing in its log registers the key. */
  async json(statement: string, batch: Batch, head: StatusHead | null): Promise<string | null> {
    if (!statement.includes('"agencySignature":')) return null;
    const { agencySignature } = JSON.parse(statement) as { agencySignature?: { key: string } };
    if (agencySignature === undefined) return null;
    const under = head ?? (await this.heads.covering(batch));
    let parts = this.#parts.get(under);
    if (parts === undefined) this.#parts.set(under, (parts = new Map()));
    const { key } = agencySignature;
    let part = parts.get(key);
    if (part === undefined) {
      part = this.#make(key, under);
      parts.set(key, part);
      // What failed, or was not there yet, is asked for again.
      part.then((json) => json ?? parts.delete(key)).catch(() => parts.delete(key));
    }
    return part;
  }

  async #make(key: string, head: StatusHead): Promise<string | null> {
    const registration = this.#registrations.get(key) ?? (await this.#find(key));
    if (registration === null) return null;
    const { batch, index, json } = registration;
    if (readEntry(batch.entry).origin !== head.origin || batch.number >= head.size) return null;
    const withoutAttestations = new Set(head.attestations.map(({ anchor }) => anchor));
    return `{${json},"status":${await this.statusPart.json(batch, index, head, withoutAttestations)}}`;
  }

  async #find(key: string): Promise<Registration | null> {
    const id = await this.keys.recordOf(key);
    const record = id === null ? null : await this.records.find(id);
    const batch = record?.place ? await this.batches.find(record.place.batch) : null;
    if (!record?.place || batch === null) return null;
    const { index } = record.place;
    const path = await this.batchPaths.inclusionPath(batch.number, index, batch.size);
    const place = `{"entry":"${toBase64(batch.entry)}","index":${index},"path":${toHexList(path)}}`;
    const registration = { batch, index, json: `"batch":${place},"statement":${record.statement}` };
    this.#registrations.set(key, registration);
    return registration;
  }
}
