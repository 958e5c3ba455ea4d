import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { mergeTimestamps } from '#ots/merge.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { parseNote, signNote } from '#tlog/note.js';
import { mergeProofs } from './merge-proofs.js';
import { formatProof, parseProof, type Proof } from './proof.js';
import { AGENCY, OTHER, OWN, signedProof } from './testing/signed-proof.js';
import { type SampleAttestation, sampleProof } from './testing/sample-proof.js';

/** The proof of one record with these attestations at one size of the log. */
const proofWith = (...attestations: SampleAttestation[]): Proof =>
  sampleProof({ checkpoints: [{ size: 5, attestations }] }).proof;

const merged = (a: Proof, b: Proof): Proof => {
  const proof = mergeProofs(a, b);
  if (typeof proof === 'string') throw new Error(`expected a proof, got ${proof}`);
  return parseProof(formatProof(proof));
};

const kinds = ({ log }: Proof) => log.checkpoints.map(({ attestations }) => attestations.map(({ type }) => type));

describe('merging proofs of one record', () => {
  it('loses no attestation of either, whichever comes first', () => {
    const [rich, poor] = [proofWith('bitcoin', 'evm'), proofWith()];
    expect(merged(rich, poor)).toEqual(rich);
    expect(merged(poor, rich)).toEqual(rich);
    expect(kinds(merged(proofWith('evm'), proofWith('pending')))).toEqual([['evm', 'opentimestamps']]);
  });

  it('is the same when done again', () => {
    const once = merged(proofWith('evm'), proofWith('bitcoin'));
    expect(merged(once, proofWith('bitcoin'))).toEqual(once);
    expect(merged(once, once)).toEqual(once);
  });

  it('lets a timestamp that says more take the place of the one it came from', () => {
    const [promise, block] = [proofWith('pending'), proofWith('bitcoin')];
    const both = merged(promise, block);
    expect(kinds(both)).toEqual([['opentimestamps', 'opentimestamps']]);
    const trees = both.log.checkpoints[0]!.attestations.map((attestation) => {
      if (attestation.type !== 'opentimestamps') throw new Error('expected a timestamp');
      const { root } = parseCheckpoint(parseNote(both.log.checkpoints[0]!.note).text);
      return parseTimestamp(base64.decode(attestation.timestamp), root);
    });
    const timestamp = base64.encode(serializeTimestamp(mergeTimestamps(trees[0]!, trees[1]!)));
    const upgraded: Proof = {
      ...promise,
      log: {
        ...promise.log,
        checkpoints: [{ ...promise.log.checkpoints[0]!, attestations: [{ type: 'opentimestamps', timestamp }] }],
      },
    };
    expect(merged(both, upgraded)).toEqual(upgraded);
    expect(merged(upgraded, promise)).toEqual(upgraded);
    expect(merged(block, upgraded)).toEqual(upgraded);
  });

  it('keeps the checkpoints of both in ascending size', () => {
    const at = (...sizes: number[]) =>
      sampleProof({ checkpoints: sizes.map((size) => ({ size, attestations: ['evm' as const] })) }).proof;
    expect(merged(at(5), at(5)).log.checkpoints).toHaveLength(1);
    const grown = sampleProof({
      checkpoints: [
        { size: 5, attestations: [] },
        { size: 9, attestations: ['evm'] },
      ],
    }).proof;
    expect(kinds(merged(grown, grown))).toEqual([[], ['evm']]);
  });

  it('keeps the signatures of both, each once', () => {
    const proof = proofWith('bitcoin');
    const [checkpoint] = proof.log.checkpoints;
    const { signatures, text } = parseNote(checkpoint!.note);
    const witness = parseNote(signNote(text, [ed25519NoteSigner('witness.example', new Uint8Array(32).fill(9))]));
    const note = `${checkpoint!.note}${signNote(text, [ed25519NoteSigner('witness.example', new Uint8Array(32).fill(9))]).slice(text.length + 1)}`;
    const cosigned: Proof = { ...proof, log: { ...proof.log, checkpoints: [{ ...checkpoint!, note }] } };
    const result = parseNote(merged(proof, cosigned).log.checkpoints[0]!.note).signatures;
    expect(result).toEqual([...signatures, ...witness.signatures]);
    expect(merged(cosigned, proof)).toEqual(cosigned);
  });

  it('takes over the salt that one of them has', () => {
    const { proof, salt } = sampleProof({ blinded: true });
    const opened = { ...proof, salt: Buffer.from(salt!).toString('hex') };
    const { salt: _, ...closed } = opened;
    expect(merged(closed, opened).salt).toBe(opened.salt);
    expect(merged(opened, closed).salt).toBe(opened.salt);
  });

  it('tells another record from the same one', () => {
    const other = sampleProof({ document: new TextEncoder().encode('another') }).proof;
    expect(mergeProofs(proofWith('evm'), other)).toBe('other-record');
    expect(mergeProofs(proofWith('evm'), { ...proofWith('evm'), id: other.id })).toBe('other-record');
  });

  it('keeps one authorisation of each key that has signed, and makes no proof of two registrations of one', () => {
    const { authorisations, ...bare } = signedProof();
    const proof = { ...bare, authorisations };
    const of = (seed: Uint8Array, registration = {}) => signedProof({ seed, registration }).authorisations!;
    expect(mergeProofs(proof, { ...bare, authorisations: of(OTHER) })).toEqual(proof);
    expect(mergeProofs(bare, proof)).toEqual(proof);
    expect(mergeProofs(proof, { ...bare, authorisations: of(OWN, { agency: AGENCY }) })).toBe('other-record');
  });

  it('makes no proof of two histories', () => {
    const proof = proofWith('evm');
    const [checkpoint] = proof.log.checkpoints;
    const lines = checkpoint!.note.split('\n');
    lines[2] = Buffer.alloc(32, 7).toString('base64');
    const forked = { ...checkpoint!, note: lines.join('\n') };
    expect(mergeProofs(proof, { ...proof, log: { ...proof.log, checkpoints: [forked] } })).toBe('other-history');
  });
});
