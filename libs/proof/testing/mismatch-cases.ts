import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { parseNote, signNote } from '#tlog/note.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { type Proof } from '../proof.js';
import { sampleBlock } from './sample-block.js';
import { sampleProof } from './sample-proof.js';
import { source, vector, type VectorCase } from './vector-case.js';
import { ending, withTimestamp } from './other-timestamp.js';
import { wronglySignedCases } from './signed-note-cases.js';

const sample = sampleProof();
const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3'] });

/** Well-formed proofs that do not hold. */
export function mismatchCases(): VectorCase[] {
  const { proof } = sample;
  const stranger = sampleProof({ seed: new Uint8Array(32).fill(5) });
  const batch = (change: Partial<Proof['batch']>): Proof => ({ ...proof, batch: { ...proof.batch, ...change } });
  const [checkpoint] = proof.log.checkpoints;
  const log = (change: Partial<Proof['log']>): Proof => ({ ...proof, log: { ...proof.log, ...change } });
  const flipped = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
  const own = parseNote(proof.batch.checkpoint);
  const underLogName = signNote(own.text, [
    ed25519NoteSigner('log.example/sealroot', sha256(utf8ToBytes('sample log key'))),
  ]);
  const tampered = { ...proof, statement: { ...proof.statement, agency: 'other.example' } };
  const bad = { checks: { anchor: 'failed' } } as const;
  const nonCanonical = (root: Uint8Array) => {
    const one = ending([{ type: 'bitcoin', height: 120 }])(root);
    return Uint8Array.of(0xff, ...one, ...one);
  };
  return [
    vector('another document', sample, 'mismatch', {
      digests: { sha256: 'ab'.repeat(32) },
      checks: { document: 'failed' },
    }),
    vector('one digest right, another wrong', blinded, 'mismatch', {
      digests: { sha256: bytesToHex(blinded.digests.sha256!), sm3: '00'.repeat(32) },
      checks: { document: 'failed' },
    }),
    vector('another salt', blinded, 'mismatch', {
      proof: { ...blinded.proof, salt: '00'.repeat(32) },
      checks: { document: 'failed' },
    }),
    vector('another statement', sample, 'mismatch', {
      proof: tampered,
      checks: { 'record-id': 'failed', 'batch-inclusion': 'failed' },
    }),
    vector('another id', sample, 'mismatch', {
      proof: { ...proof, id: `${proof.id.slice(0, -1)}${proof.id.endsWith('0') ? 1 : 0}` },
      checks: { 'record-id': 'failed' },
    }),
    vector('another index', sample, 'mismatch', {
      proof: batch({ index: 0 }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('an index beyond the batch', sample, 'mismatch', {
      proof: batch({ index: 3 }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('a path one hash short', sample, 'mismatch', {
      proof: batch({ path: proof.batch.path.slice(1) }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('a path one hash long', sample, 'mismatch', {
      proof: batch({ path: [...proof.batch.path, 'ab'.repeat(32)] }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('a changed hash in the batch path', sample, 'mismatch', {
      proof: batch({ path: [flipped(proof.batch.path[0]!), ...proof.batch.path.slice(1)] }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector("another batch's checkpoint", sample, 'mismatch', {
      proof: batch({ checkpoint: sampleProof({ batchNumber: 3 }).proof.batch.checkpoint }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    vector("the log's checkpoint in place of the batch's", sample, 'mismatch', {
      proof: batch({ checkpoint: checkpoint!.note }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    vector("the batch's checkpoint signed under the log's name", sample, 'mismatch', {
      proof: batch({ checkpoint: underLogName }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    vector("a stranger's signature on the batch's checkpoint", sample, 'mismatch', {
      proof: batch({ checkpoint: stranger.proof.batch.checkpoint }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    ...wronglySignedCases(),
    vector('a changed hash in the log path', sample, 'mismatch', {
      proof: log({ checkpoints: [{ ...checkpoint!, path: checkpoint!.path.map(flipped) }] }),
      checks: { 'log-inclusion': 'failed' },
    }),
    vector('a checkpoint from before the batch', sample, 'mismatch', {
      proof: log({
        checkpoints: [
          {
            path: [],
            note: sampleProof({ batchNumber: 0, checkpoints: [{ size: 1, attestations: [] }] }).proof.log
              .checkpoints[0]!.note,
            attestations: [],
          },
        ],
      }),
      checks: { 'log-inclusion': 'failed', anchor: 'pending' },
    }),
    vector("a stranger's checkpoint of the same tree", sample, 'mismatch', {
      proof: log({ checkpoints: stranger.proof.log.checkpoints }),
      checks: { 'log-checkpoint': 'failed' },
    }),
    vector('a stranger who signs everything, with a key to compare', stranger, 'mismatch', {
      trustedKeys: [sample.key],
      checks: { 'log-key': 'failed' },
    }),
    vector("a stranger's key named in the proof", sample, 'mismatch', {
      proof: log({ key: stranger.key }),
      checks: { 'batch-checkpoint': 'failed', 'log-checkpoint': 'failed', 'log-key': 'failed' },
    }),
    vector('the right key under another name', sample, 'mismatch', {
      proof: log({
        key: formatVerifierKey(
          'other.example/log',
          ed25519NoteSigner('x', sha256(utf8ToBytes('sample log key'))).publicKey,
        ),
      }),
      checks: { 'log-checkpoint': 'failed', 'log-key': 'failed' },
    }),
    vector('a block with another Merkle root', sample, 'mismatch', {
      blockSources: [source([sampleBlock(120, new Uint8Array(32), 1_772_355_600)])],
      ...bad,
    }),
    vector('an attestation of 33 bytes by Bitcoin', sample, 'mismatch', {
      proof: withTimestamp(sample, (root) =>
        serializeTimestamp(
          pathFrom(root)
            .append(Uint8Array.of(1))
            .end([{ type: 'bitcoin', height: 120 }]),
        ),
      ),
      ...bad,
    }),
    vector('a timestamp that is not canonical', sample, 'mismatch', {
      proof: withTimestamp(sample, nonCanonical),
      ...bad,
    }),
    vector('a timestamp with a byte too many', sample, 'mismatch', {
      proof: withTimestamp(sample, (root) => Uint8Array.of(...ending([{ type: 'bitcoin', height: 120 }])(root), 0)),
      ...bad,
    }),
    vector('no timestamp at all', sample, 'mismatch', {
      proof: withTimestamp(sample, () => new Uint8Array(0)),
      ...bad,
    }),
  ];
}
