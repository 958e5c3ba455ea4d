import { bytesToHex } from '@noble/hashes/utils.js';
import type { ChangedStatus } from '#statement/status-change.js';
import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { SdkError } from './error.js';
import { type FeedEvent, type FeedOptions, readFeed } from './event.js';
import { Import, type ImportOptions, type ImportPart, importState, type ImportState, openImport } from './import.js';
import { findPrivately, type FoundRecords, lookupsOf, type PrivateProof, proofPrivately } from './private-lookup.js';
import { checkReceipt, fetchLogKey } from './promise.js';
import {
  batchProofs,
  type ProofAnswer,
  type ProofLine,
  type ProofOptions,
  type RecordStage,
  requestProof,
  requestProofs,
  waitForProof,
  type WaitOptions,
} from './proof.js';
import { coveredLeaves, type RecordRequest } from './record.js';
import { signChange, type Signer, signRecords, signReliance } from './signing.js';
import * as status from './status.js';
import { coveredRecords, readOutcome, type Submitted, type SubmittedMany } from './submission.js';
import { Transport, type TransportOptions } from './transport.js';

/** Most records in one array. */
export const ARRAY_MAX_RECORDS = 1000;

/** Longest that a single record is waited for with its submission, in seconds. */
const MAX_WAIT_SECONDS = 30;

/** How to reach a service, and what to expect of it. */
export interface ClientOptions extends TransportOptions {
  /** Verifier keys of the log that are trusted: one of them must sign. Unless given, the key that the service names at first is taken. */
  logKeys?: readonly string[] | undefined;
  /** The agency's own key: signs every record, change of status and reliance that is sent. */
  signer?: Signer | undefined;
}

/** How a request is sent that changes something. */
export interface CallOptions {
  /** One of the caller's own, to repeat the call later, after a crash say, within a day. Otherwise one is drawn for each call. */
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** A record as the service tells of it: no proof. */
export interface StoredRecord {
  id: string;
  stage: RecordStage;
  agency: string;
  profile: string;
  receivedAt: string;
  batch?: { number: number; index: number; size: number; sealedAt: string };
  status?: { status: ChangedStatus | 'expired' | 'not-yet-valid'; note: string };
  [member: string]: unknown;
}

/** A record that carries a digest. */
export interface FoundRecord {
  id: string;
  agency: string;
  profile: string;
  receivedAt: string;
  stage: RecordStage;
}

/**
 * A client of a Sealroot service. Whatever is answered is checked against what was asked: statements, ids, leaf hashes and receipts.
 * Failures are {@link SdkError}s; a refusal by the service is a ProblemError.
 */
export class Sealroot {
  readonly transport: Transport;
  #logKey: Promise<VerifierKey> | undefined;

  constructor(private readonly options: ClientOptions) {
    this.transport = new Transport(options);
  }

  /** Submits one record; answers after its commit, or with `waitSeconds` (at most 30) once it is sealed, with the proof. @throws SdkError `other-terms` too */
  async submit(request: RecordRequest, options: CallOptions & { waitSeconds?: number } = {}): Promise<Submitted> {
    const [record] = (await this.signed([request])) as [RecordRequest];
    const { waitSeconds = 0 } = options;
    const wait = Math.min(waitSeconds, MAX_WAIT_SECONDS);
    const key = await this.logKey();
    const answer = (await this.transport.json('/v1/records', {
      ...this.#once(options),
      json: record,
      ...(wait > 0 ? { headers: { prefer: `wait=${wait}` }, timeoutMs: this.#timeoutMs + wait * 1000 } : {}),
    })) as { receipt?: unknown; proof?: unknown } | undefined;
    const item = readOutcome(answer, record);
    if (item.outcome === 'other-terms') {
      const said = `the reference ${JSON.stringify(record.reference)} stands for record ${item.record.id}, which has other terms`;
      throw new SdkError('other-terms', `Submitting a record: ${said}`);
    }
    if (item.outcome !== 'accepted') throw new SdkError('bad-answer', 'Submitting a record: expected it accepted');
    const promise = checkReceipt(answer?.receipt, coveredLeaves([item.record]), key);
    return { record: item.record, ...promise, ...(answer?.proof === undefined ? {} : { proof: answer.proof }) };
  }

  /** Submits up to 1,000 records in one request; each is accepted or rejected by itself. @throws SdkError */
  async submitMany(requests: readonly RecordRequest[], options: CallOptions = {}): Promise<SubmittedMany> {
    if (requests.length === 0 || requests.length > ARRAY_MAX_RECORDS) {
      const got = `expected 1 to ${ARRAY_MAX_RECORDS} records, got ${requests.length}`;
      throw new SdkError('bad-input', `Submitting records: ${got}; import() takes any number`);
    }
    const records = await this.signed(requests);
    const key = await this.logKey();
    const answer = (await this.transport.json('/v1/records', { ...this.#once(options), json: records })) as
      { records?: unknown; receipt?: unknown } | undefined;
    const said = answer?.records;
    if (!Array.isArray(said) || said.length !== records.length)
      throw new SdkError('bad-answer', `Submitting records: expected ${records.length} results, got another answer`);
    const items = said.map((item: unknown, i) => readOutcome(item, records[i]!));
    const covered = coveredRecords(items);
    if (covered.length === 0) return { items, promise: undefined };
    return { items, promise: checkReceipt(answer?.receipt, coveredLeaves(covered), key) };
  }

  /**
   * Imports any number of records, each exactly once however often the connection breaks, at constant memory. Yields part by part what was taken: whoever keeps
   * the id (`onOpen`) and each part goes on after a crash with `{ id, offset }` and the records from there.
   *
   * @throws SdkError `does-not-hold`; ProblemError `line-differs` when other records were taken before, `offset-beyond`
   */
  async *import(
    records: AsyncIterable<RecordRequest> | Iterable<RecordRequest>,
    options: ImportOptions = {},
  ): AsyncGenerator<ImportPart> {
    const id = options.id ?? (await openImport(this.transport, this.#newKey(), options.signal));
    await options.onOpen?.(id);
    const sign = (part: readonly RecordRequest[]) => this.signed(part);
    yield* new Import(this.transport, { logKey: () => this.logKey(), sign }, id, options).run(records);
  }

  /** How far an import has come. @throws SdkError; ProblemError `import-not-found` */
  importState(id: string): Promise<ImportState> {
    return importState(this.transport, id);
  }

  /** Asks for a record's proof. @throws SdkError; ProblemError `record-not-found` */
  proof(id: string, options: ProofOptions = {}): Promise<ProofAnswer> {
    return requestProof(this.transport, id, options);
  }

  /** The proofs of any number of records, in their order. @throws SdkError */
  proofs(ids: AsyncIterable<string> | Iterable<string>, signal?: AbortSignal): AsyncGenerator<ProofLine> {
    return requestProofs(this.transport, ids, signal);
  }

  /** The proofs of the agency's own records in a batch. @throws SdkError; ProblemError `batch-not-found` */
  batchProofs(batch: number, signal?: AbortSignal): AsyncGenerator<ProofLine> {
    return batchProofs(this.transport, batch, signal);
  }

  /** Waits until a record is sealed (about a second), anchored or final (hours, with Bitcoin), and returns its proof's text. @throws SdkError `not-in-time` */
  waitFor(id: string, stage: Exclude<RecordStage, 'accepted'>, options: WaitOptions = {}): Promise<string> {
    return waitForProof(this.transport, id, stage, options);
  }

  /** How far a record is, as the service says. @throws ProblemError `record-not-found`, SdkError */
  async record(id: string): Promise<StoredRecord> {
    return (await this.transport.json(`/v1/records/${encodeURIComponent(id)}`)) as StoredRecord;
  }

  /** The agency's record with this reference; undefined when there is none. @throws SdkError */
  async findByReference(reference: string): Promise<StoredRecord | undefined> {
    const found = await this.transport.json('/v1/records', { query: { reference } });
    return (found as { records?: StoredRecord[] } | undefined)?.records?.[0];
  }

  /**
   * The records that carry a digest, found without telling the service which it is: it is sent the first bits and answers with everything that begins like
   * that. Of very many records of one digest, some. @throws SdkError
   */
  findPrivately(algorithm: string, digestHex: string, signal?: AbortSignal): Promise<FoundRecords> {
    return findPrivately(lookupsOf(this.transport), algorithm, digestHex, signal);
  }

  /** The proof of a record that carries this digest, fetched with those of others whose digests begin alike, so that the service does not learn which it is.
   * @throws SdkError */
  proofPrivately(id: string, digestHex: string, signal?: AbortSignal): Promise<PrivateProof> {
    return proofPrivately(lookupsOf(this.transport), id, digestHex, signal);
  }

  /** Every record, of whatever agency, that carries a digest; oldest first. The service is told the digest: {@link findPrivately} does not tell it. @throws SdkError */
  async *lookup(algorithm: string, digest: string | Uint8Array): AsyncGenerator<FoundRecord> {
    const hex = typeof digest === 'string' ? digest : bytesToHex(digest);
    const path = `/v1/lookup/${encodeURIComponent(algorithm)}/${encodeURIComponent(hex)}`;
    let after: string | undefined;
    do {
      const page = (await this.transport.json(path, { query: { after } })) as { records: FoundRecord[]; next?: string };
      yield* page.records;
      after = page.next;
    } while (after !== undefined);
  }

  /** Changes the status of a record: revoked, suspended, active, superseded, consumed. A record that was submitted a moment ago may not be in the log yet:
   * that is waited for with the retries. @throws SdkError; ProblemError `not-sealed`, `status-conflict`, `not-yours` and others */
  async changeStatus(
    id: string,
    change: status.StatusChange,
    options: CallOptions = {},
  ): Promise<status.AcceptedChange> {
    const { signer } = this.options;
    const about = { records: [id] };
    const signed = signer === undefined ? change : await signChange(change, about, signer, this.#now);
    return status.changeStatus(this.transport, await this.logKey(), id, signed, this.#named(options));
  }

  /** Changes the status of up to 100,000 records (4,096 of a list that is signed), of a list or a range of ordinals, in one request. @throws SdkError */
  async changeStatuses(
    change: Parameters<typeof status.changeStatuses>[2],
    options: CallOptions = {},
  ): Promise<status.AcceptedChanges> {
    const { signer } = this.options;
    const signed = signer === undefined ? change : await signChange(change, change, signer, this.#now);
    return status.changeStatuses(this.transport, await this.logKey(), signed, this.#named(options));
  }

  /** Says that the agency relies on a record: its changes then come in the agency's own feed. @throws SdkError; ProblemError `record-not-found` */
  async rely(id: string, purpose: string, options: CallOptions = {}): Promise<status.AcceptedReliance> {
    const { signer } = this.options;
    const agencySignature = signer === undefined ? undefined : await signReliance(id, purpose, signer);
    const said = { purpose, agencySignature };
    return status.rely(this.transport, await this.logKey(), id, said, this.#named(options));
  }

  /** The agency's events, oldest first; with `follow` also those to come. @throws SdkError; ProblemError `cursor-gone` */
  events(options: FeedOptions = {}): AsyncGenerator<FeedEvent> {
    return readFeed(this.transport, options);
  }

  /** The key by which the log signs. Asked for once. @throws SdkError `does-not-hold` when it is none of those that are trusted */
  logKey(): Promise<VerifierKey> {
    this.#logKey ??= fetchLogKey(this.transport, this.options.logKeys).then(parseVerifierKey);
    this.#logKey.catch(() => (this.#logKey = undefined));
    return this.#logKey;
  }

  /** Records as this client sends them: signed, where it has a signer. */
  async signed(records: readonly RecordRequest[]): Promise<readonly RecordRequest[]> {
    const { signer } = this.options;
    return signer === undefined ? records : signRecords(records, signer);
  }

  get #now(): Date {
    return this.transport.platform.now();
  }

  get #timeoutMs(): number {
    return this.options.timeoutMs ?? 30_000;
  }

  #once(options: CallOptions) {
    return { method: 'POST' as const, ...this.#named(options) };
  }

  #named({ idempotencyKey = this.#newKey(), signal }: CallOptions): status.ChangeOptions {
    return { idempotencyKey, signal };
  }

  /** 128 random bits. */
  #newKey(): string {
    return bytesToHex(this.transport.platform.randomBytes(16));
  }
}
