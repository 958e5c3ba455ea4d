import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Batch } from '#database/batch.repository.js';
import type { PlacedRecord } from '#database/record-reader.repository.js';
import { STATUS_READER, StatusRepository } from '#database/status.repository.js';
import { ProofError } from '#proof/error.js';
import { PROOF_FORMAT } from '#proof/format.js';
import { parseProof } from '#proof/proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { readEntry } from '#sealing/read-entry.js';
import { findProfile } from '#statement/profile.js';
import { type BatchStanding, BatchStandingService } from '../log/batch-standing.service.js';
import { LogService } from '../log/log.service.js';
import { Problem } from '../problems/problem.js';
import { RecordsService } from '../records/records.service.js';
import { AuthorisationPart } from './authorisation-part.js';
import { BatchParts } from './batch-parts.js';
import { toHexList } from './proof-text.js';
import { PROOF_MEDIA_TYPES, type ProofVariant } from './proof-variant.js';
import type { StatusChoice } from './status-choice.js';
import { type StatusHead, StatusHeads, type StatusLease } from './status-heads.js';
import { StatusPart } from './status-part.js';

/** Memory for finished proofs, in bytes of their bodies. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** What an answer costs beyond its body: key, headers, ETag. */
const ANSWER_OVERHEAD_BYTES = 500;

/** Ids remembered of records whose status is not public. */
const CACHE_CONFIDENTIAL = 50_000;

/** A proof will not change again. */
const FOR_EVER = 'max-age=31536000, immutable';
/** A proof still gains attestations. */
const MOMENT_SECONDS = 5;

/** A proof as it is sent. */
export interface ProofAnswer {
  /** UTF-8: encoded once, not for every reader (signature lines hold a dash that is no ASCII). */
  body: Buffer;
  etag: string;
  headers: Record<string, string>;
  /** Id of the agency that lodged the record. */
  lodgedBy: number;
}

/** What is asked for. */
export interface ProofQuestion {
  id: string;
  variant: ProofVariant;
  /** Undefined when it was not said: the latest, for whoever may see it. Only JSON holds a status. */
  status: StatusChoice | undefined;
  /** Id of the agency that asks; null for everybody else. */
  agencyId: number | null;
}

interface Kept {
  body: Buffer;
  etag: string;
  contentType: string;
  standing: BatchStanding;
  /** Whether anchors can change nothing about it. */
  settled: boolean;
  /** What its status is shown under; null when it holds none. */
  head: StatusHead | null;
  /** The agency that alone may see it; null when everybody may. */
  onlyFor: number | null;
  lodgedBy: number;
}

/** Puts proofs together. What all records of a batch share is made once for each state of the batch's anchoring, and what all share of a status once
 * for each checkpoint under which it is shown. */
@Injectable()
export class ProofService {
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ body }) => body.length + ANSWER_OVERHEAD_BYTES,
  });
  /** Records whose status only the agency that lodged them is shown, and that agency. */
  readonly #confidential = new LRUCache<string, number>({ max: CACHE_CONFIDENTIAL });

  constructor(
    private readonly records: RecordsService,
    private readonly standings: BatchStandingService,
    private readonly batchPaths: BatchPaths,
    private readonly batchParts: BatchParts,
    private readonly log: LogService,
    private readonly heads: StatusHeads,
    private readonly statusPart: StatusPart,
    private readonly authorisationPart: AuthorisationPart,
    @Inject(STATUS_READER) private readonly statuses: StatusRepository,
  ) {}

  /** The proof of a record; without a promise when it is remembered and nothing has happened since.
   * @throws Problem `record-not-found`, `not-yours`, `proof-not-ready`, `no-such-status`, `format-unavailable` */
  find(asked: ProofQuestion): ProofAnswer | Promise<ProofAnswer> {
    const owner = this.#confidential.get(asked.id);
    const isStranger = owner !== undefined && owner !== asked.agencyId;
    const question = isStranger && asked.status === undefined ? { ...asked, status: 'none' as const } : asked;
    const key = keyOf(question);
    const kept = this.#kept.get(key);
    if (
      kept &&
      (kept.onlyFor === null || kept.onlyFor === question.agencyId) &&
      this.standings.find(kept.standing.batch.number) === kept.standing
    ) {
      if (kept.head === null) return toAnswer(kept, null);
      const lease = this.heads.find(shownChoice(question), kept.standing.batch);
      if (!(lease instanceof Promise) && lease.head === kept.head) return toAnswer(kept, lease);
    }
    return this.#make(question, key);
  }

  async #make(question: ProofQuestion, key: string): Promise<ProofAnswer> {
    const { id, variant, agencyId } = question;
    const record = await this.records.get(id);
    const standing = record.place && (await this.standings.find(record.place.batch));
    if (!record.place || !standing) {
      throw new Problem('proof-not-ready', 'The record is accepted and waits for its batch to be sealed.', {
        headers: { 'retry-after': '1' },
      });
    }
    const isPublic = hasPublicStatus(record);
    const maySee = isPublic || record.agencyId === agencyId;
    const lease = await this.#lease(question, { ...record.place, batch: standing.batch }, maySee);
    const status =
      lease === null
        ? null
        : await this.statusPart.of(
            standing.batch,
            record.place.index,
            lease.head,
            attestingAt(standing, lease.head.size),
          );
    const head = lease?.head ?? null;
    const statements = [record.statement, ...(status?.statements ?? [])];
    const authorisations =
      variant.format === 'json' ? await this.authorisationPart.json(statements, standing.batch, head) : null;
    const json = await this.#json(record, record.place.index, standing, {
      status: status?.json ?? null,
      authorisations,
    });
    const onlyFor = head === null || isPublic ? null : record.agencyId;
    const kept = { ...(await inVariant(json, variant, standing)), standing, head, onlyFor, lodgedBy: record.agencyId };
    if (!isPublic) this.#confidential.set(id, record.agencyId);
    // What a stranger gets under this name is not what the agency gets; and what an ended log shows may be outdated by the next event elsewhere.
    const isForAll = (maySee || question.status !== undefined) && !this.log.hasEnded(standing.batch);
    if (isForAll) this.#kept.set(key, kept);
    return toAnswer(kept, lease);
  }

  async #lease(
    question: ProofQuestion,
    { batch, index }: { batch: Batch; index: number },
    maySee: boolean,
  ): Promise<StatusLease | null> {
    const { variant, status = variant.format === 'json' && maySee ? 'latest' : 'none' } = question;
    if (status === 'none') return null;
    if (!maySee)
      throw new Problem(
        'not-yours',
        'Only the agency that lodged this record is shown its status, as its profile says.',
      );
    const lease = await this.heads.find(status, batch);
    if (status !== 'latest' || !this.log.hasEnded(batch) || !(await this.#isOutdated(batch, index, lease.head)))
      return lease;
    if (question.status === undefined) return null;
    throw new Problem(
      'no-such-status',
      `The log ${lease.head.origin} has ended, and its last status of this record was changed since in the log that follows it.`,
    );
  }

  /** Whether something was said about the record that the log under this checkpoint does not have. */
  async #isOutdated(batch: Batch, index: number, head: StatusHead): Promise<boolean> {
    const ordinal = readEntry(batch.entry).first + index;
    const latest = (await this.statuses.latest([ordinal])).get(ordinal);
    return latest !== undefined && (latest.ordinal === null || latest.ordinal >= head.entries);
  }

  /** The proof as `formatProof` writes it: canonical JSON, its members in order, from parts that are canonical JSON already. */
  async #json(
    { id, statement }: PlacedRecord,
    index: number,
    standing: BatchStanding,
    { authorisations, status }: Record<'authorisations' | 'status', string | null>,
  ): Promise<string> {
    const { number, size } = standing.batch;
    const path = await this.batchPaths.inclusionPath(number, index, size);
    const { batch, log } = await this.batchParts.of(standing);
    const begin = authorisations === null ? '' : `"authorisations":${authorisations},`;
    const end = status === null ? '' : `,"status":${status}`;
    return (
      `{${begin}"batch":{${batch},"index":${index},"path":${toHexList(path)}},` +
      `"format":"${PROOF_FORMAT}","id":"${id}","log":${log},"statement":${statement}${end}}\n`
    );
  }
}

async function inVariant(json: string, variant: ProofVariant, standing: BatchStanding): Promise<Made> {
  if (variant.format === 'json') return made(json, PROOF_MEDIA_TYPES.json, standing.settled);
  const proof = parseProof(json);
  // Neither tlog-proof depends on anchors.
  if (variant.format === 'tlog-proof') {
    const text = variant.tree === 'batch' ? recordInBatch(proof) : batchInLog(proof);
    return made(text, PROOF_MEDIA_TYPES['tlog-proof'], true);
  }
  const { part, mediaType } = variant.file;
  try {
    return made(Buffer.from(await variant.format.make(proof, part)), mediaType, standing.settled);
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    if (cause.code === 'no-attestation')
      throw new Problem('proof-not-ready', `${cause.message}.`, { cause, headers: { 'retry-after': '60' } });
    if (cause.code === 'too-deep' || cause.code === 'no-sha256')
      throw new Problem('format-unavailable', `${cause.message}.`, { cause });
    throw cause;
  }
}

type Made = Pick<Kept, 'body' | 'etag' | 'contentType' | 'settled'>;

function made(content: string | Buffer, contentType: string, settled: boolean): Made {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"`, contentType, settled };
}

/** The choice of a question whose answer holds a status. */
function shownChoice({ status }: ProofQuestion): Exclude<StatusChoice, 'none'> {
  return status === undefined || status === 'none' ? 'latest' : status;
}

function keyOf({ id, variant, status }: ProofQuestion): string {
  return `${id} ${variant.name} ${typeof status === 'object' ? status.asOf : (status ?? '')}`;
}

/** The anchors whose attestations of the checkpoint of this size are among the log's in every proof of a batch. */
function attestingAt({ coverage }: BatchStanding, size: number): ReadonlySet<string> {
  return new Set(
    coverage.flatMap(({ anchor, submission: { attestation, checkpointSize } }) =>
      checkpointSize === size && attestation !== null ? [anchor] : [],
    ),
  );
}

function hasPublicStatus({ statement }: PlacedRecord): boolean {
  return findProfile((JSON.parse(statement) as { profile: string }).profile)?.statusPublic === true;
}

/** The answer, to be kept by caches for as long as it stays the one. */
function toAnswer(
  { body, etag, contentType, settled, onlyFor, lodgedBy }: Kept,
  lease: StatusLease | null,
): ProofAnswer {
  const leaseSeconds = lease === null ? Infinity : Math.max(1, Math.ceil((lease.untilMs - Date.now()) / 1000));
  const seconds = settled ? leaseSeconds : Math.min(MOMENT_SECONDS, leaseSeconds);
  const age = seconds === Infinity ? FOR_EVER : `max-age=${seconds}`;
  return {
    body,
    etag,
    lodgedBy,
    headers: {
      'content-type': contentType,
      etag,
      vary: 'accept, authorization',
      'cache-control': `${onlyFor === null ? 'public' : 'private'}, ${age}`,
    },
  };
}
