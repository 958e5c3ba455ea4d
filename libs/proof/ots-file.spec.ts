import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { parseDetachedFile, parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { askReference, referenceIsInstalled } from '#ots/testing/reference.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import type { ProofAttestation } from './anchors/kinds.js';
import { otsFile } from './ots-file.js';
import { sampleProof, type SampleAttestation, type SampleOptions } from './testing/sample-proof.js';
import { timestampAttestation } from './testing/timestamp-attestation.js';

const BITCOIN_TAG = '0588960d73d71901';
const PENDING_TAG = '83dfe30d2ef90c8e';
const refused = (code: string) => expect.objectContaining({ name: 'ProofError', code });

/** Records in batches and logs of many shapes. */
function shapes(): SampleOptions[] {
  const options: SampleOptions[] = [];
  for (const batchSize of [1, 2, 3, 7, 1000]) {
    for (const index of new Set([0, 1, batchSize >> 1, batchSize - 1])) {
      if (index >= batchSize) continue;
      for (const size of [1, 2, 3, 7, 1000]) {
        for (const batchNumber of new Set([0, size >> 1, size - 1])) {
          options.push({ batchSize, index, batchNumber, checkpoints: [{ size, attestations: ['bitcoin'] }] });
        }
      }
    }
  }
  return options;
}

describe('an OpenTimestamps file', () => {
  it.skipIf(!referenceIsInstalled())(
    'is read by the reference to the Merkle root of the block, in every shape of batch and log',
    { timeout: 120_000 },
    () => {
      const samples = shapes().map((options) => ({ options, sample: sampleProof(options) }));
      const files = samples.map(({ sample }) => bytesToHex(otsFile(sample.proof)));
      const answers = askReference(files.map((bytes) => ({ do: 'parse-file', bytes })));
      samples.forEach(({ options, sample }, i) => {
        const merkleRoot = bytesToHex(sample.blocks[0]!.header.slice(36, 68));
        const about = JSON.stringify(options);
        expect(answers[i], about).toMatchObject({ ok: true, bytes: files[i] });
        expect((answers[i] as { attestations: string[][] }).attestations, about).toEqual([
          [merkleRoot, BITCOIN_TAG, '78'],
        ]);
        expect(parseDetachedFile(otsFile(sample.proof)).digest).toEqual(sha256(sample.document));
      });
    },
  );

  it.skipIf(!referenceIsInstalled())('is read by the reference from the document itself when blinded', () => {
    const sample = sampleProof({ blinded: true });
    const file = otsFile(sample.proof, { documentDigest: sample.digests.sha256 });
    const [answer] = askReference([{ do: 'parse-file', bytes: bytesToHex(file) }]);
    const merkleRoot = bytesToHex(sample.blocks[0]!.header.slice(36, 68));
    expect(answer).toEqual({ ok: true, bytes: bytesToHex(file), attestations: [[merkleRoot, BITCOIN_TAG, '78']] });
    expect(parseDetachedFile(file).digest).toEqual(sha256(sample.document));
  });

  it('of a blinded record starts at the blinded digest as long as salt or document are not known', () => {
    const sample = sampleProof({ blinded: true });
    const { salt: _, ...proof } = sample.proof;
    const blinded = bytesToHex(parseDetachedFile(otsFile(sample.proof)).digest);
    expect(blinded).toBe(sample.proof.statement.digests.sha256);
    const documentDigest = sample.digests.sha256;
    expect(bytesToHex(parseDetachedFile(otsFile(proof, { documentDigest })).digest)).toBe(blinded);
    expect(parseDetachedFile(otsFile(proof, { documentDigest, salt: sample.salt })).digest).toEqual(documentDigest);
  });

  it('holds the attestations of every checkpoint, and is canonical', () => {
    const attestations: SampleAttestation[][] = [['pending'], ['bitcoin', 'pending'], ['bitcoin']];
    const checkpoints = attestations.map((list, i) => ({ size: 3 + i * 5, attestations: list }));
    const { proof } = sampleProof({ checkpoints });
    const bytes = otsFile(proof);
    const { timestamp } = parseDetachedFile(bytes, { canonical: true });
    const types = listAttestations(timestamp).map(({ attestation }) => attestation.type);
    expect(types.toSorted()).toEqual(['bitcoin', 'bitcoin', 'pending', 'pending']);
    expect(bytesToHex(bytes)).toContain(PENDING_TAG);
  });

  it('takes three operations for a right sibling and two for a left one', () => {
    const shape = { batchSize: 1024, checkpoints: [{ size: 1024, attestations: ['bitcoin' as const] }] };
    const depth = (index: number) => {
      const { proof } = sampleProof({ ...shape, index, batchNumber: index });
      const { timestamp } = parseDetachedFile(otsFile(proof));
      return listAttestations(timestamp)[0]!.depth;
    };
    // Ten siblings twice; three operations for the leaf, three for the batch entry, nine in the sample's calendar and block.
    expect(depth(0)).toBe(2 * 10 * 3 + 3 + 3 + 9);
    expect(depth(1023)).toBe(2 * 10 * 2 + 3 + 3 + 9);
  });

  it('cannot be made before there is an attestation, without SHA-256, or for another document', () => {
    expect(() => otsFile(sampleProof({ checkpoints: [{ size: 5, attestations: [] }] }).proof)).toThrow(
      refused('no-attestation'),
    );
    expect(() => otsFile(sampleProof({ algorithms: ['sm3', 'sha512'] }).proof)).toThrow(refused('no-sha256'));
    const documentDigest = sha256(utf8ToBytes('another'));
    expect(() => otsFile(sampleProof().proof, { documentDigest })).toThrow(refused('wrong-document'));
    expect(() => otsFile(sampleProof({ blinded: true }).proof, { documentDigest })).toThrow(refused('wrong-document'));
  });

  it('is not made of an attestation that belongs to another root', () => {
    const [a, b] = [sampleProof(), sampleProof({ batchSize: 4 })];
    timestampAttestation(a.proof.log.checkpoints[0]!.attestations).timestamp = base64.encode(utf8ToBytes('nonsense'));
    expect(() => otsFile(a.proof)).toThrow(expect.objectContaining({ name: 'OtsError' }));
    b.proof.log.checkpoints[0]!.path = sampleProof().proof.log.checkpoints[0]!.path.toReversed();
    expect(() => otsFile(b.proof)).toThrow(expect.objectContaining({ name: 'OtsError', code: 'different-messages' }));
  });

  it('leaves out what more than 255 operations lead to, and says so when nothing else is left', () => {
    const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['bitcoin'] }] });
    const [checkpoint] = sample.proof.log.checkpoints;
    const { root } = parseCheckpoint(parseNote(checkpoint!.note).text);
    const above = listAttestations(parseDetachedFile(otsFile(sample.proof)).timestamp)[0]!.depth;
    const own = listAttestations(
      parseTimestamp(base64.decode(timestampAttestation(checkpoint!.attestations).timestamp), root),
    )[0]!;
    const withDepth = (depth: number) => {
      let path = pathFrom(root);
      while (path.operations.length < depth) path = path.sha256();
      const timestamp = base64.encode(serializeTimestamp(path.end([{ type: 'bitcoin', height: 9 }])));
      return { type: 'opentimestamps' as const, timestamp };
    };
    const room = 255 - (above - own.depth);
    const attested = (...attestations: ProofAttestation[]) => {
      const proof = structuredClone(sample.proof);
      proof.log.checkpoints[0]!.attestations = attestations;
      return listAttestations(parseDetachedFile(otsFile(proof)).timestamp).map(({ depth }) => depth);
    };
    const [usual] = checkpoint!.attestations;
    expect(attested(withDepth(room))).toEqual([255]);
    expect(() => attested(withDepth(room + 1))).toThrow(refused('too-deep'));
    expect(attested(usual!, withDepth(room + 1))).toEqual([above]);
  });
});
