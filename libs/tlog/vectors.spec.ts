import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { signCosignature, verifyCosignatures } from './cosignature.js';
import { ed25519NoteSigner } from './testing/note-signer.js';
import { formatNote, parseNote, signNote, verifyNote } from './note.js';
import { formatTilePath, parseTilePath } from './tile-path.js';
import { formatTlogProof, parseTlogProof } from './tlog-proof.js';
import { formatVerifierKey, parseVerifierKey } from './verifier-key.js';
import vectors from './vectors/note.json' with { type: 'json' };

const [logKey, witnessKey] = vectors.keys.map(({ verifierKey }) => parseVerifierKey(verifierKey));
const [logSigner, witness] = vectors.keys.map(({ name, seed }) => ed25519NoteSigner(name, hexToBytes(seed)));

describe('vectors made by Go', () => {
  it('have the verifier keys that we make of the same seeds', () => {
    for (const { name, type, seed, verifierKey } of vectors.keys) {
      const { publicKey } = ed25519NoteSigner(name, hexToBytes(seed));
      expect(formatVerifierKey(name, publicKey, type as 1 | 4)).toBe(verifierKey);
      expect(parseVerifierKey(verifierKey)).toMatchObject({ name, type, publicKey });
    }
  });

  it('have the checkpoint text that we write and read', () => {
    const { origin, size, root, text } = vectors.checkpoint;
    expect(formatCheckpoint({ origin, size, root: hexToBytes(root) })).toBe(text);
    expect(parseCheckpoint(text)).toEqual({ origin, size, root: hexToBytes(root) });
  });

  it('have the notes that we sign, byte for byte', () => {
    const [signed, cosigned, , paragraphs] = vectors.notes.map(({ note }) => note) as [string, string, string, string];
    expect(signNote(vectors.checkpoint.text, [logSigner!])).toBe(signed);
    expect(signNote('one\n\ntwo — 三\n', [logSigner!])).toBe(paragraphs);
    const note = parseNote(signed);
    note.signatures.push(signCosignature(note.text, vectors.notes[1]!.cosignedAt!, witness!));
    expect(formatNote(note)).toBe(cosigned);
  });

  it('have notes that verify, or do not, as Go says', () => {
    for (const { about, note: text, verified, failed, cosignedAt } of vectors.notes) {
      const note = parseNote(text);
      expect(formatNote(note)).toBe(text);
      const verification = verifyNote(note, [witnessKey!, logKey!]);
      expect(verification.verified.length > 0, about).toBe(verified);
      expect(verification.failed.length > 0, about).toBe(failed ?? false);
      const cosignatures = verifyCosignatures(note, [logKey!, witnessKey!]);
      expect(
        cosignatures.verified.map(({ timestamp }) => timestamp),
        about,
      ).toEqual(cosignedAt ? [cosignedAt] : []);
      expect(cosignatures.failed).toEqual([]);
    }
  });

  it('have a tlog-proof that we read, verify and write', () => {
    const { text, entry, index, size } = vectors.proof;
    const proof = parseTlogProof(text);
    expect(formatTlogProof(proof)).toBe(text);
    const note = parseNote(proof.checkpoint);
    expect(verifyNote(note, [logKey!]).verified).toEqual([logKey]);
    const checkpoint = parseCheckpoint(note.text);
    expect([proof.index, checkpoint.size]).toEqual([index, size]);
    expect(verifyInclusion({ leaf: leafHash(hexToBytes(entry)), index, ...checkpoint, path: proof.path })).toBe(true);
    expect(bytesToHex(proof.path[0]!)).toBe(vectors.checkpoint.root);
  });

  it('have the tile paths that we write and read', () => {
    for (const { level, index, width, path } of vectors.tilePaths) {
      expect(formatTilePath(level as number | 'entries', index, width)).toBe(path);
      expect(parseTilePath(path)).toEqual({ level, index, width });
    }
  });
});
