import { concatBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { leafHash } from '#merkle/hash.js';
import { BATCH_MAX_SIZE, type BatchEntry } from '#statement/batch-entry.js';
import type { Outcome } from '../finding.js';
import type { Proof } from '../proof.js';
import type { StatusProof } from '../status-proof.js';
import { historyMismatchCases } from './status-history-cases.js';
import { SampleLog } from './sample-log.js';
import { sampleProof } from './sample-proof.js';
import { flippedHash, proofOf, type RecordLog, recordLog, statusVector } from './status-vector.js';
import type { VectorCase } from './vector-case.js';

const untouched = recordLog();
const revoked = recordLog([(of) => [{ of, to: 'revoked' }]]);
const HASH = 'ab'.repeat(32);

const failing = (about: string, proof: Proof, checks: VectorCase['checks']) =>
  statusVector(about, 'mismatch', proof, { checks, answer: { still: 'unknown' } });

/** The untouched record under a last batch that lies. */
function lastBatch(lies: Partial<BatchEntry>, before = 0): Proof {
  const log = new SampleLog();
  log.seal({ others: 100 });
  const [record] = log.seal({ records: [{}], others: 60 });
  for (let i = 0; i < before; i++) log.seal({ others: 10 });
  log.seal({ others: 40 }, lies);
  return log.proof(record!);
}

/** The revoked record, whose event's batch lies. */
function eventBatch(lies: Partial<BatchEntry>): Proof {
  const log = new SampleLog();
  log.seal({ others: 100 });
  const [record] = log.seal({ records: [{}], others: 60 });
  log.seal({ changes: [{ of: record!, to: 'revoked' }], others: 1 }, lies);
  log.seal({ others: 40 });
  log.seal({ others: 1 });
  return log.proof(record!);
}

/** Where the batch of the status stands, and whether it is the log's last. */
function rootCases(): VectorCase[] {
  const root = { 'status-root': 'failed' } as const;
  const batch = (about: string, change: (batch: StatusProof['batch']) => void) =>
    failing(
      about,
      proofOf(untouched, (status) => change(status.batch)),
      root,
    );
  const first = (
    about: string,
    lies: Partial<BatchEntry>,
    before: number,
    leaf: Outcome,
    outcome: Outcome = 'failed',
  ) => failing(about, lastBatch(lies, before), { 'status-root': outcome, 'status-leaf': leaf });
  const older = untouched.log.status(untouched.record, 2);
  const fork = recordLog([(of) => [{ of, to: 'suspended' }]]);
  return [
    failing(
      'the last batch but one',
      proofOf(untouched, (status) => {
        status.batch = { entry: older.batch.entry, path: untouched.log.status({ batch: 1, index: 0 }).checkpoint.path };
        status.leaf = older.leaf;
      }),
      root,
    ),
    batch('a path of the last batch that is a hash short', ({ path }) => path.pop()),
    batch('a path of the last batch that is a hash long', ({ path }) => path.push(HASH)),
    batch('a changed hash in the path of the last batch', ({ path }) => (path[0] = flippedHash(path[0]!))),
    failing(
      'a last batch that is not in the log',
      proofOf(untouched, (status) => {
        status.batch.entry = fork.log.status(fork.record, 3).batch.entry;
      }),
      { ...root, 'status-leaf': 'failed' },
    ),
    failing('a last batch of another log', lastBatch({ origin: 'other.example/log' }), root),
    failing("an event's batch of another log", eventBatch({ origin: 'other.example/log' }), {
      ...root,
      'status-history': 'passed',
    }),
    first('a last batch that says one entry less than came before it', { first: 160 }, 0, 'passed'),
    first('a last batch that says one entry more than came before it', { first: 162 }, 0, 'passed'),
    first('a last batch that says less than an entry for each batch between', { first: 162 }, 2, 'passed'),
    first(
      'a last batch that says more than 2^20 entries of the one between',
      { first: 162 + BATCH_MAX_SIZE },
      1,
      'failed',
    ),
    first(
      'a last batch that says 2^20 entries of the one between',
      { first: 161 + BATCH_MAX_SIZE },
      1,
      'failed',
      'passed',
    ),
    failing("an event's batch that says one entry more than came before it", eventBatch({ first: 162 }), {
      ...root,
      'status-history': 'failed',
    }),
    failing(
      'a fork after a revocation, where the proof has a checkpoint of both',
      {
        ...fork.log.proof(fork.record),
        log: {
          key: revoked.log.key,
          checkpoints: [
            fork.log.checkpoint(1, 2),
            { ...revoked.log.checkpoint(1, 4), attestations: [{ type: 'unknown', value: { type: 'x' } }] },
          ],
        },
      },
      { ...root, anchor: ['unavailable', 'passed'], 'status-history': 'passed' },
    ),
    ...checkpointCases(),
  ];
}

/** The status' checkpoint is held to what the others are held to. */
function checkpointCases(): VectorCase[] {
  const stranger = sampleProof({ seed: new Uint8Array(32).fill(5) }).proof.log.checkpoints[0]!;
  return [
    failing(
      'a changed hash in the path to the checkpoint of the status',
      proofOf(untouched, ({ checkpoint }) => {
        checkpoint.path[0] = flippedHash(checkpoint.path[0]!);
      }),
      { 'log-inclusion': ['passed', 'failed'] },
    ),
    failing(
      "a stranger's checkpoint for the status",
      proofOf(untouched, ({ checkpoint }) => {
        checkpoint.note = stranger.note;
      }),
      { 'log-inclusion': ['passed', 'failed'], 'log-checkpoint': ['passed', 'failed'], 'status-root': 'failed' },
    ),
    failing(
      'a checkpoint for the status from before the record',
      {
        ...untouched.log.proof(untouched.record),
        status: {
          ...untouched.log.status({ batch: 0, index: 0 }, 1),
          checkpoint: { ...untouched.log.checkpoint(0, 1), path: [] },
        },
      },
      { 'log-inclusion': ['passed', 'failed'], 'status-leaf': 'failed' },
    ),
  ];
}

/** A log of eleven entries, the record the first, whose last batch commits to this leaf. */
function withLeaf(leaf: Uint8Array): RecordLog & { proof: Proof } {
  const log = new SampleLog();
  const [record] = log.seal({ records: [{}], others: 9 });
  log.seal({ others: 1 }, { statusRoot: leafHash(leaf) });
  const proof = proofOf({ log, record: record! }, (status) => {
    status.leaf = { value: base64.encode(leaf), path: [] };
  });
  return { log, record: record!, proof };
}

/** A leaf of these nibbles, by ordinal, and these bytes after them. */
function leafOf(nibbles: Record<number, number>, ...events: bigint[]): Uint8Array {
  const bytes = new Uint8Array(32);
  for (const [k, state] of Object.entries(nibbles)) bytes[Number(k) >> 1]! |= state << ((Number(k) % 2) * 4);
  const numbers = new DataView(new ArrayBuffer(8 * events.length));
  events.forEach((event, i) => numbers.setBigUint64(8 * i, event));
  return concatBytes(bytes, new Uint8Array(numbers.buffer));
}

/** What the leaf says, and whether it can. */
function leafCases(): VectorCase[] {
  const leaf = { 'status-leaf': 'failed' } as const;
  const committed = (about: string, bytes: Uint8Array) =>
    failing(`a log that commits to ${about}`, withLeaf(bytes).proof, leaf);
  const given = (about: string, change: (leaf: StatusProof['leaf']) => void) =>
    failing(
      about,
      proofOf(untouched, (status) => change(status.leaf)),
      leaf,
    );
  return [
    ...[4, 5, 11, 14, 15].map((nibble) =>
      committed(`a leaf with the reserved nibble ${nibble}`, leafOf({ 0: nibble }, 10n)),
    ),
    committed('a leaf of 31 bytes', new Uint8Array(31)),
    committed('a leaf of 33 bytes', new Uint8Array(33)),
    committed('a leaf whose nibble has no event', leafOf({ 5: 1 })),
    committed('a leaf with an event of no nibble', leafOf({}, 10n)),
    committed('a leaf with the event 0', leafOf({ 5: 1 }, 0n)),
    committed('a leaf with the event 2^53', leafOf({ 5: 1 }, 2n ** 53n)),
    committed('a leaf with an event of the ordinal that it is about', leafOf({ 5: 1 }, 5n)),
    committed('a leaf with an event past the end', leafOf({ 5: 1 }, 11n)),
    committed('a leaf that speaks of an ordinal past the end', leafOf({ 11: 1 }, 12n)),
    failing('a log that is too short for the record', lastBatch({ first: 60 }), { ...leaf, 'status-root': 'failed' }),
    failing('one wrong status root', lastBatch({ statusRoot: new Uint8Array(32) }), leaf),
    given('a path of the leaf that is a hash short', ({ path }) => path.pop()),
    given('a path of the leaf that is a hash long', ({ path }) => path.push(HASH)),
    given('a changed hash in the path of the leaf', ({ path }) => (path[1] = flippedHash(path[1]!))),
    failing(
      'the leaf of other records',
      proofOf(revoked, (status) => {
        status.leaf = revoked.log.status({ batch: 0, index: 0 }).leaf;
      }),
      { ...leaf, 'status-history': 'passed' },
    ),
    failing(
      'a leaf and path from before the event',
      proofOf(revoked, (status) => {
        status.leaf = revoked.log.status(revoked.record, 2).leaf;
        status.events = [];
      }),
      leaf,
    ),
    failing('a log whose leaf has an event that it does not have', withLeaf(leafOf({ 0: 1 }, 10n)).proof, {
      'status-history': 'failed',
    }),
  ];
}

/** Well-formed proofs about whose status something is wrong. */
export function statusMismatchCases(): VectorCase[] {
  return [...rootCases(), ...leafCases(), ...historyMismatchCases()];
}
