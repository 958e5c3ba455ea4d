import { leafHash, nodeHash } from '#merkle/hash.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { canonicalize } from '#statement/jcs.js';
import { withClock } from '#tlog/clock.js';
import { signCosignature, withCosignature } from '#tlog/cosignature.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatNote, parseNote } from '#tlog/note.js';
import { COSIGNATURE_TYPE, formatVerifierKey } from '#tlog/verifier-key.js';
import { formatProof } from './proof.js';
import { sampleProof, type SampleProof } from './testing/sample-proof.js';
import { timestampAttestation } from './testing/timestamp-attestation.js';
import { proofOf, recordLog, statusVector } from './testing/status-vector.js';
import { verifyVector } from './testing/verify-vector.js';
import type { Still, Verification } from './verification.js';
import { verifyProof } from './verify.js';

// Files share what they have loaded: this one and those after it load it anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => vi.resetModules());

// Two signature checks for each of some 20,000 flipped bits would take minutes, and most of them are of the same signature
// over the same bytes: those are made once.
vi.mock(import('#tlog/ed25519.js'), async (original) => {
  const real = await original();
  const results = new Map<string, boolean>();
  return {
    ...real,
    verifyEd25519: (...bytes) => {
      const key = bytes.map((part) => bytesToHex(part)).join();
      const known = results.get(key) ?? real.verifyEd25519(...bytes);
      results.set(key, known);
      return known;
    },
  };
});

const options = { batchSize: 2, batchNumber: 0, index: 0 };

/** Every third bit is flipped: of each byte two or three, of all bytes each of the eight. */
const BIT_STEP = 3;

/** Verifies texts that differ from the sample's in one bit of its UTF-8, or of a part of it, without pinned keys, the weakest setting. */
async function* flips(sample: SampleProof, part = sample.text): AsyncGenerator<{ bit: number; result: Verification }> {
  const bytes = utf8ToBytes(sample.text);
  const from = utf8ToBytes(sample.text.slice(0, sample.text.indexOf(part))).length;
  for (let bit = from * 8; bit < (from + utf8ToBytes(part).length) * 8; bit += BIT_STEP) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const { digests, blockSource, evmSource, now } = sample;
    const sources = { bitcoin: [blockSource], evm: [evmSource] };
    yield { bit, result: await verifyProof({ proof: flipped, digests, sources, now }) };
  }
}

describe('a single flipped bit', () => {
  it('of an anchored proof is always refused', async () => {
    const sample = sampleProof({ ...options, blinded: true, checkpoints: [{ size: 2, attestations: ['bitcoin'] }] });
    const outcomes: Record<string, number> = {};
    for await (const { bit, result } of flips(sample)) {
      outcomes[result.verdict] = (outcomes[result.verdict] ?? 0) + 1;
      expect(result.when.notAfter, `bit ${bit}`).toBeUndefined();
    }
    // Where the height is changed, no block can be shown; where a tag or a type is, nobody knows that kind: never authentic.
    expect(Object.keys(outcomes).toSorted()).toEqual(['mismatch', 'unavailable', 'unreadable']);
    expect(outcomes['unavailable']).toBeLessThan(200 / BIT_STEP);
  });

  it('of an attestation by an EVM chain is always refused', async () => {
    const sample = sampleProof({ ...options, checkpoints: [{ size: 2, attestations: ['evm'] }] });
    const [attestation] = sample.proof.log.checkpoints[0]!.attestations;
    const outcomes: Record<string, number> = {};
    for await (const { bit, result } of flips(sample, canonicalize(attestation))) {
      outcomes[result.verdict] = (outcomes[result.verdict] ?? 0) + 1;
      expect(result.when.notAfter, `bit ${bit}`).toBeUndefined();
    }
    // Where the hash of block 0 is changed, no source serves such a chain: that cannot be told from not being asked.
    expect(Object.keys(outcomes).toSorted()).toEqual(['mismatch', 'unavailable', 'unreadable']);
    expect(outcomes['unavailable']).toBeLessThan((64 * 8) / BIT_STEP);
  });

  it('of a pending proof is refused everywhere but on the way to the calendar, which nobody can check', async () => {
    const sample = sampleProof({ ...options, checkpoints: [{ size: 2, attestations: ['pending'] }] });
    const promise = timestampAttestation(sample.proof.log.checkpoints[0]!.attestations).timestamp;
    const from = utf8ToBytes(sample.text.slice(0, sample.text.indexOf(promise))).length;
    for await (const { bit, result } of flips(sample)) {
      const byte = bit >> 3;
      const inPromise = byte >= from && byte < from + promise.length;
      if (inPromise)
        expect(['pending', 'mismatch', 'unavailable', 'unreadable'], `bit ${bit}`).toContain(result.verdict);
      // A type of attestation that nobody knows is told as such.
      else if (byte >= from + promise.length && byte < from + promise.length + 32)
        expect(['mismatch', 'unavailable', 'unreadable'], `bit ${bit}`).toContain(result.verdict);
      else expect(['mismatch', 'unreadable'], `bit ${bit}`).toContain(result.verdict);
    }
  });
});

describe('a single flipped bit of a status', () => {
  const of = recordLog([(record) => [{ of: record, to: 'suspended' }], (record) => [{ of: record, to: 'active' }]]);
  const witness = ed25519NoteSigner('witness.example/w1', sha256(utf8ToBytes('witness.example/w1')));
  const stranger = ed25519NoteSigner('stranger.example', sha256(utf8ToBytes('stranger.example')));
  const seconds = Date.parse('2026-03-01T08:30:00Z') / 1000;
  const proof = proofOf(of, ({ checkpoint }) => {
    const note = parseNote(checkpoint.note);
    const cosigned = [witness, stranger].reduce(
      (signed, by, i) => withCosignature(signed, signCosignature(note.text, seconds + 60 + i, by)),
      withClock(note, seconds, of.log.signer),
    );
    checkpoint.note = formatNote(cosigned);
  });
  const witnessKeys = [formatVerifierKey(witness.name, witness.publicKey, COSIGNATURE_TYPE)];
  const vector = { ...statusVector('', 'authentic', proof), witnessKeys };
  const { proof: text } = vector;
  const from = text.indexOf('"status":{');
  /** What is claimed of the record, and as of when. */
  const claims = ({ still, verdict }: Verification) => {
    const { status, ...rest } = still as Extract<Still, { state: 'active' }>;
    return { verdict, rest, asOf: status?.asOf ?? '' };
  };

  it('is refused, or changes nothing that is claimed but takes a word for its time away', async () => {
    const sound = claims(await verifyVector(vector));
    expect(sound).toEqual({
      verdict: 'authentic',
      rest: { state: 'active', since: '2026-03-01T08:02:59.500Z' },
      asOf: '2026-03-01T08:31:00.000Z',
    });
    const [begin, end] = [text.indexOf('"attestations":', from), text.indexOf('"note":', from)];
    const passed: Record<string, number> = { attestation: 0, older: 0, same: 0 };
    for (let at = from; at < text.length; at += BIT_STEP) {
      // Of every third character a bit, of all of them each of the seven.
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << (at % 7)));
      const result = await verifyVector({ ...vector, proof: text.slice(0, at) + flipped + text.slice(at + 1) });
      if (result.verdict === 'mismatch' || result.verdict === 'unreadable') continue;
      const { asOf, rest, verdict } = claims(result);
      const where = text.slice(at - 20, at + 20);
      expect(rest, where).toEqual(sound.rest);
      if (verdict !== 'authentic') {
        // The block's height, or the type of the attestation.
        expect([verdict, at > begin && at < end], where).toEqual(['unavailable', true]);
        passed['attestation']!++;
      } else if (asOf === sound.asOf) passed['same']!++;
      else {
        expect(asOf < sound.asOf, where).toBe(true);
        passed['older']!++;
      }
    }
    // In name and key id of clock and witness, and in the whole line of the stranger.
    expect(passed['older']).toBeGreaterThan(3);
    expect(passed['same']).toBeGreaterThan(20);
  });
});

describe('a forged proof', () => {
  const sample = sampleProof({ batchSize: 4, index: 0 });
  const verify = (proof: unknown, document: Uint8Array) => {
    const { blockSource, now } = sample;
    return verifyProof({
      proof,
      digests: { sha256: sha256(document) },
      sources: { bitcoin: [blockSource], evm: [] },
      now,
    });
  };

  it('cannot pass an inner node off as a document', async () => {
    const { statement, batch } = sample.proof;
    const inner = nodeHash(leafHash(new Uint8Array(64)), hexToBytes(batch.path[0]!));
    const document = concatBytes(inner, hexToBytes(batch.path[1]!));
    expect(document).toHaveLength(64);
    const digests = { sha256: bytesToHex(sha256(document)) };
    const forged = { ...sample.proof, statement: { ...statement, digests }, batch: { ...batch, path: [] } };
    const result = await verify(formatProof(forged), document);
    expect(result.verdict).toBe('mismatch');
    expect(result.findings).toContainEqual(expect.objectContaining({ check: 'batch-inclusion', outcome: 'failed' }));
  });

  it('cannot move to another place of its batch, or to another batch', async () => {
    const { batch, log } = sample.proof;
    for (const index of [1, 2, 3, 4, 2 ** 40]) {
      const moved = formatProof({ ...sample.proof, batch: { ...batch, index } });
      expect((await verify(moved, sample.document)).verdict, String(index)).toBe('mismatch');
    }
    const other = sampleProof({ batchSize: 4, index: 0, batchNumber: 3 });
    const swapped = formatProof({ ...sample.proof, log: { ...log, checkpoints: other.proof.log.checkpoints } });
    expect((await verify(swapped, sample.document)).verdict).toBe('mismatch');
  });

  it('cannot borrow another log, or sign with another key than it names', async () => {
    const stranger = sampleProof({ batchSize: 4, index: 0, seed: new Uint8Array(32).fill(5) });
    const { proof } = sample;
    const mixed = [
      { ...proof, log: { ...proof.log, key: stranger.key } },
      { ...proof, batch: { ...proof.batch, checkpoint: stranger.proof.batch.checkpoint } },
      { ...proof, log: { ...proof.log, checkpoints: stranger.proof.log.checkpoints } },
    ];
    for (const forged of mixed) {
      const result = await verify(formatProof(forged), sample.document);
      expect(result.verdict).toBe('mismatch');
      expect(result.findings.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThan(0);
    }
  });
});
