import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { RecordLookupRepository } from '#database/record-lookup.repository.js';
import { RecordReaderRepository } from '#database/record-reader.repository.js';
import { PROOF_MAX_AUTHORISATIONS } from '#proof/format.js';
import { registrarOf, registrationReference } from '#signature/registration.js';
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

/** Writes what shows whose the keys are that signed a record and the changes of its status. It is made once for each key and each checkpoint under which statuses are shown. */
@Injectable()
export class AuthorisationPart {
  /** By log and key; what is in the log never changes. */
  readonly #registrations = new LRUCache<string, Registration>({ max: CACHE_KEYS });
  readonly #parts = new WeakMap<StatusHead, Map<string, Promise<string | null>>>();

  constructor(
    private readonly lookups: RecordLookupRepository,
    private readonly records: RecordReaderRepository,
    private readonly batches: BatchRepository,
    private readonly batchPaths: BatchPaths,
    private readonly heads: StatusHeads,
    private readonly statusPart: StatusPart,
  ) {}

  /** Member `authorisations` of the proof of a record of `batch`, for the keys that have signed one of these statements (canonical JSON), as of `head`, or of the checkpoint that covers the batch
   * without one; canonical JSON. Null when none is signed, or nothing in the record's log registers their keys. */
  async json(statements: readonly string[], batch: Batch, head: StatusHead | null): Promise<string | null> {
    const keys = new Set(statements.flatMap(signingKeys));
    if (keys.size === 0) return null;
    const under = head ?? (await this.heads.covering(batch));
    const shown = [...keys].slice(0, PROOF_MAX_AUTHORISATIONS);
    const parts = (await Promise.all(shown.map((key) => this.#part(key, under)))).filter((part) => part !== null);
    return parts.length === 0 ? null : `[${parts.join()}]`;
  }

  #part(key: string, under: StatusHead): Promise<string | null> {
    let parts = this.#parts.get(under);
    if (parts === undefined) this.#parts.set(under, (parts = new Map()));
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
    const registration = this.#registrations.get(`${head.origin} ${key}`) ?? (await this.#find(key, head.origin));
    if (registration === null) return null;
    const { batch, index, json } = registration;
    if (readEntry(batch.entry).origin !== head.origin || batch.number >= head.size) return null;
    const withoutAttestations = new Set(head.attestations.map(({ anchor }) => anchor));
    const status = await this.statusPart.of(batch, index, head, withoutAttestations);
    return `{${json},"status":${status.json}}`;
  }

  async #find(key: string, origin: string): Promise<Registration | null> {
    const registrar = registrarOf(origin);
    if (registrar === null) return null;
    const id = await this.lookups.byReference(registrar, registrationReference(key, origin));
    const record = id === null ? null : await this.records.find(id);
    const batch = record?.place ? await this.batches.find(record.place.batch) : null;
    if (!record?.place || batch === null) return null;
    const { index } = record.place;
    const path = await this.batchPaths.inclusionPath(batch.number, index, batch.size);
    const place = `{"entry":"${toBase64(batch.entry)}","index":${index},"path":${toHexList(path)}}`;
    const registration = { batch, index, json: `"batch":${place},"statement":${record.statement}` };
    this.#registrations.set(`${origin} ${key}`, registration);
    return registration;
  }
}

/** The key that signed a statement (canonical JSON), if one did. */
function signingKeys(statement: string): string[] {
  if (!statement.includes('"agencySignature":')) return [];
  const { agencySignature } = JSON.parse(statement) as { agencySignature?: { key: string } };
  return agencySignature === undefined ? [] : [agencySignature.key];
}
