import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { parseProgress } from '#anchors/bitcoin/progress.js';
import type { Json } from '#anchors/anchor.js';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import type { PlacedRecord } from '#database/record-reader.repository.js';
import type { ProofCheckpoint } from '#proof/checkpoint.js';
import { PROOF_FORMAT } from '#proof/format.js';
import type { Proof } from '#proof/proof.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { LogTree } from '#sealing/log-tree.js';
import type { Digests } from '#statement/digest.js';
import { parseStatement } from '#statement/statement.js';
import { LogService } from '../log/log.service.js';
import { Problem } from '../problems/problem.js';
import { calendarAddress } from './calendar-address.js';
import { CalendarAgency } from './calendar-agency.js';
import { CalendarHealth } from './calendar-health.js';
import { bitcoinAttestation, commitTo, completeTimestamp, NONCE_BYTES } from './calendar-timestamp.js';
import { CalendarRepository, type FinalCheckpoint } from './calendar.repository.js';
import { DigestIntake } from './digest-intake.js';

/** Batches whose way to Bitcoin is remembered, a few kilobytes each: digests of one batch are asked for together. */
const CACHE_BATCHES = 500;

/** Seconds after which a digest that was refused may be posted again. */
const RETRY_AFTER_SECONDS = 60;

/** What the calendar knows of a commitment. `reason` is in the words of the reference server. */
export type CommitmentAnswer = { complete: Uint8Array } | { complete: null; reason: string };

const NOT_FOUND = 'Not found';
const PENDING = 'Pending confirmation in Bitcoin blockchain';

/** The batch's part of a proof that ends in Bitcoin. */
interface BatchPart {
  batch: Batch;
  checkpoint: ProofCheckpoint;
  /** What it was made of: a reorganisation deeper than the operator reckoned with undoes what was final. */
  final: FinalCheckpoint;
}

/** An OpenTimestamps calendar: posted digests become records of the service's own agency and travel in the log and the anchor `bitcoin` like
 * all others; the way from there to Bitcoin is answered once it is final, since clients keep the first answer that they get for ever. */
@Injectable()
export class CalendarService {
  #address: string | undefined;
  readonly #parts = new LRUCache<number, BatchPart>({ max: CACHE_BATCHES });

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl' | 'bitcoinFinalBlocks'>,
    private readonly agency: CalendarAgency,
    private readonly health: CalendarHealth,
    private readonly intake: DigestIntake,
    private readonly calendar: CalendarRepository,
    private readonly batches: BatchRepository,
    private readonly batchPaths: BatchPaths,
    private readonly logTree: LogTree,
    private readonly log: LogService,
  ) {}

  /** The calendar's address in attestations, without a slash at its end. The configuration has seen to it that there is one.
   * @throws ConfigError when clients could not use it */
  get address(): string {
    this.#address ??= calendarAddress(this.config.publicUrl!);
    return this.#address;
  }

  /** Checks what only matters to a calendar.
   * @returns its address
   * @throws ConfigError */
  async prepare(): Promise<string> {
    await this.agency.find();
    return this.address;
  }

  /** Commits to a digest of 1 to 64 bytes: the timestamp that promises the rest, once what it promises is in the database.
   * @throws Problem `unavailable` while Bitcoin is overdue; IntakeError */
  async submit(digest: Uint8Array): Promise<Uint8Array> {
    const { refusal } = await this.health.condition();
    if (refusal !== null)
      throw new Problem('unavailable', refusal, { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } });
    const { message, timestamp } = commitTo(digest, randomBytes(NONCE_BYTES), this.address);
    await this.intake.record(Buffer.from(message).toString('hex'));
    return timestamp;
  }

  /** The way from `message` to Bitcoin, or why there is none yet. */
  async find(message: Uint8Array): Promise<CommitmentAnswer> {
    const agency = await this.agency.find();
    const record = agency && (await this.calendar.findByDigest(agency.id, message));
    // Under other algorithms the same bytes are no commitment of ours.
    if (record === null || digestOf(record) !== toHex(message)) return { complete: null, reason: NOT_FOUND };
    if (record.place === null) return { complete: null, reason: PENDING };
    const part = await this.#part(record.place.batch);
    if (part === null) return { complete: null, reason: await this.#openReason(record.place.batch) };
    return { complete: completeTimestamp(await this.#proof(record, record.place.index, part)) };
  }

  /** Root that the newest transaction without a block carries, 32 bytes; null when there is no such transaction. */
  tip(): Promise<Uint8Array | null> {
    return this.calendar.tip();
  }

  /** The part of batch `number` as long as it is final, or null. */
  async #part(number: number): Promise<BatchPart | null> {
    const final = await this.calendar.finalCheckpoint(number);
    const known = this.#parts.get(number);
    if (final && known?.final.size === final.size && equalBytes(known.final.attestation, final.attestation))
      return known;
    const batch = final && (await this.batches.find(number));
    if (!final || !batch) return null;
    const path = await this.logTree.inclusionPath(number, final.size);
    const attestations = [bitcoinAttestation(final.attestation, final.root)];
    const part = { batch, checkpoint: { path: path.map(toHex), note: final.note, attestations }, final };
    this.#parts.set(number, part);
    return part;
  }

  async #proof({ id, statement }: PlacedRecord, index: number, { batch, checkpoint }: BatchPart): Promise<Proof> {
    const path = await this.batchPaths.inclusionPath(batch.number, index, batch.size);
    const entry = Buffer.from(batch.entry).toString('base64');
    return {
      format: PROOF_FORMAT,
      id,
      statement: parseStatement(JSON.parse(statement)),
      batch: { index, path: path.map(toHex), entry, checkpoint: batch.checkpoint },
      log: { key: this.log.verifierKeyOf(batch), checkpoints: [checkpoint] },
    };
  }

  async #openReason(number: number): Promise<string> {
    const open = await this.calendar.openSubmission(number);
    const block = open?.state === 'confirmed' ? parseProgress(open.progress as Json).block : null;
    if (block === null) return PENDING;
    const missing = Math.max(1, this.config.bitcoinFinalBlocks - block.depth);
    return `Timestamped by transaction ${block.transaction}; waiting for ${missing} confirmations`;
  }
}

/** The recorded SHA-256, hex. */
function digestOf({ statement }: PlacedRecord): string | undefined {
  return (JSON.parse(statement) as { digests: Digests }).digests.sha256;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
