import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { BatchRepository } from '#database/batch.repository.js';
import type { PlacedRecord } from '#database/record-reader.repository.js';
import { ProofError } from '#proof/error.js';
import type { ProofCheckpoint } from '#proof/checkpoint.js';
import { PROOF_FORMAT } from '#proof/format.js';
import { parseProof } from '#proof/proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { LogTree } from '#sealing/log-tree.js';
import { canonicalize } from '#statement/jcs.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { type BatchStanding, BatchStandingService } from '../log/batch-standing.service.js';
import { LogService } from '../log/log.service.js';
import { Problem } from '../problems/problem.js';
import { RecordsService } from '../records/records.service.js';
import { proofAttestation } from './proof-attestation.js';
import { PROOF_MEDIA_TYPES, type ProofVariant } from './proof-variant.js';

/** Memory for finished proofs, in bytes of their bodies. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** What an answer costs beyond its body: key, headers, ETag. */
const ANSWER_OVERHEAD_BYTES = 500;

/** A proof will not change again. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** A proof still gains attestations. */
const FOR_A_MOMENT = 'public, max-age=5';

/** A proof as it is sent. */
export interface ProofAnswer {
  /** UTF-8: encoded once, not for every reader (signature lines hold a dash that is no ASCII). */
  body: Buffer;
  etag: string;
  headers: Record<string, string>;
}

interface Kept {
  answer: ProofAnswer;
  standing: BatchStanding;
}

/** Puts proofs together. What all records of a batch share is made once for each state of the batch's anchoring. */
@Injectable()
export class ProofService {
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ answer }) => answer.body.length + ANSWER_OVERHEAD_BYTES,
  });
  readonly #logParts = new WeakMap<BatchStanding, Promise<string>>();

  constructor(
    private readonly records: RecordsService,
    private readonly standings: BatchStandingService,
    private readonly batches: BatchRepository,
    private readonly batchPaths: BatchPaths,
    private readonly logTree: LogTree,
    private readonly log: LogService,
  ) {}

  /** The proof of record `id`; without a promise when it is remembered and nothing has happened since.
   * @throws Problem `record-not-found`, `proof-not-ready`, `format-unavailable` */
  find(id: string, variant: ProofVariant): ProofAnswer | Promise<ProofAnswer> {
    const key = `${id} ${variant.name}`;
    const kept = this.#kept.get(key);
    if (kept && this.standings.find(kept.standing.batch.number) === kept.standing) return kept.answer;
    return this.#make(id, variant, key);
  }

  async #make(id: string, variant: ProofVariant, key: string): Promise<ProofAnswer> {
    const record = await this.records.get(id);
    const standing = record.place && (await this.standings.find(record.place.batch));
    if (!record.place || !standing) {
      throw new Problem('proof-not-ready', 'The record is accepted and waits for its batch to be sealed.', {
        headers: { 'retry-after': '1' },
      });
    }
    const json = await this.#json(record, record.place.index, standing);
    const answer = await inVariant(json, variant, standing);
    this.#kept.set(key, { answer, standing });
    return answer;
  }

  /** The proof as `formatProof` writes it: canonical JSON, its members in order, from parts that are canonical JSON already. */
  async #json({ id, statement }: PlacedRecord, index: number, standing: BatchStanding): Promise<string> {
    const { number, size, entry, checkpoint } = standing.batch;
    const path = await this.batchPaths.inclusionPath(number, index, size);
    const batch =
      `{"checkpoint":${JSON.stringify(checkpoint)},"entry":"${toBase64(entry)}",` +
      `"index":${index},"path":[${path.map((hash) => `"${toHex(hash)}"`).join()}]}`;
    const log = await this.#logPart(standing);
    return `{"batch":${batch},"format":"${PROOF_FORMAT}","id":"${id}","log":${log},"statement":${statement}}\n`;
  }

  /** The member `log` of every proof in a batch. */
  #logPart(standing: BatchStanding): Promise<string> {
    let part = this.#logParts.get(standing);
    if (part === undefined) {
      part = this.#makeLogPart(standing);
      this.#logParts.set(standing, part);
      // A failed attempt is not kept: the database may be back for the next one.
      part.catch(() => this.#logParts.delete(standing));
    }
    return part;
  }

  async #makeLogPart({ batch, coverage }: BatchStanding): Promise<string> {
    const attested = coverage.flatMap(({ anchor, submission: { checkpointSize: size, attestation } }) =>
      attestation === null ? [] : [{ anchor, size, attestation }],
    );
    const sizes = [...new Set([batch.covering.size, ...attested.map(({ size }) => size)])].sort((a, b) => a - b);
    const checkpoints = await Promise.all(
      sizes.map(async (size): Promise<ProofCheckpoint> => {
        const { note } = size === batch.covering.size ? batch.covering : (await this.batches.checkpoint(size))!;
        const path = await this.logTree.inclusionPath(batch.number, size);
        const { root } = parseCheckpoint(parseNote(note).text);
        const attestations = attested
          .filter((item) => item.size === size)
          .flatMap(({ anchor, attestation }) => proofAttestation(anchor, attestation, root) ?? []);
        return { path: path.map(toHex), note, attestations };
      }),
    );
    // Only the covering checkpoint may stand there without an attestation.
    const kept = checkpoints.filter(({ attestations }, i) => i === 0 || attestations.length > 0);
    return canonicalize({ key: this.log.verifierKeyOf(batch), checkpoints: kept });
  }
}

async function inVariant(json: string, variant: ProofVariant, standing: BatchStanding): Promise<ProofAnswer> {
  if (variant.format === 'json') return toAnswer(json, PROOF_MEDIA_TYPES.json, standing.settled);
  const proof = parseProof(json);
  // Neither tlog-proof depends on anchors.
  if (variant.format === 'tlog-proof') {
    const text = variant.tree === 'batch' ? recordInBatch(proof) : batchInLog(proof);
    return toAnswer(text, PROOF_MEDIA_TYPES['tlog-proof'], true);
  }
  const { part, mediaType } = variant.file;
  try {
    return toAnswer(Buffer.from(await variant.format.make(proof, part)), mediaType, standing.settled);
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    if (cause.code === 'no-attestation')
      throw new Problem('proof-not-ready', `${cause.message}.`, { cause, headers: { 'retry-after': '60' } });
    if (cause.code === 'too-deep' || cause.code === 'no-sha256')
      throw new Problem('format-unavailable', `${cause.message}.`, { cause });
    throw cause;
  }
}

function toAnswer(content: string | Buffer, contentType: string, final: boolean): ProofAnswer {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = {
    'content-type': contentType,
    etag,
    vary: 'accept',
    'cache-control': final ? FOR_EVER : FOR_A_MOMENT,
  };
  return { body, etag, headers };
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
