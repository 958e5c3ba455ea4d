import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { clockKey, readClock, withClock } from './clock.js';
import { signCosignature, verifyCosignatures, withCosignature } from './cosignature.js';
import { verifyEd25519 } from './ed25519.js';
import { ed25519NoteSigner } from './testing/note-signer.js';
import { formatNote, MAX_SIGNATURES, parseNote, signNote, verifyNote } from './note.js';
import { formatVerifierKey, keyId, parseVerifierKey, verifierKey } from './verifier-key.js';

// Files share what they have loaded: this one and those after it load it anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => vi.resetModules());

vi.mock(import('./ed25519.js'), { spy: true });
beforeEach(() => {
  vi.mocked(verifyEd25519).mockClear();
});

const TIME = 1_772_352_010;
const log = ed25519NoteSigner('log.example/a', new Uint8Array(32).fill(1));
const logKey = verifierKey(log.name, log.publicKey);
const [first, second] = [2, 3].map((fill) =>
  ed25519NoteSigner(`witness.example/w${fill}`, new Uint8Array(32).fill(fill)),
);
const witnesses = [first!, second!];
const keys = witnesses.map(({ name, publicKey }) => parseVerifierKey(formatVerifierKey(name, publicKey, 4)));
const text = 'log.example/a\n1\nLyelCCwdQq+kiKw1Cp/EOQwIT1T3Hs3/hZ6Y24QptHk=\n';
const note = parseNote(signNote(text, [log]));
const cosigned = witnesses.reduce(
  (signed, witness, i) => withCosignature(signed, signCosignature(text, TIME + i, witness)),
  note,
);

describe('cosignatures of configured witnesses', () => {
  it('are told with their times, and the log’s own signature stays', () => {
    expect(verifyCosignatures(parseNote(formatNote(cosigned)), keys)).toEqual({
      verified: keys.map((key, i) => ({ key, timestamp: TIME + i })),
      failed: [],
      repeated: [],
    });
    expect(verifyNote(cosigned, [logKey]).verified).toEqual([logKey]);
  });

  it('fail under another time, and over another checkpoint', () => {
    const line = signCosignature(text, TIME, first!);
    const later = { ...line, signature: line.signature.with(7, line.signature[7]! ^ 1) };
    const elsewhere = signCosignature(text.replace('\n1\n', '\n2\n'), TIME, first!);
    for (const wrong of [later, elsewhere, { ...line, signature: line.signature.slice(8) }]) {
      expect(verifyCosignatures(withCosignature(note, wrong), keys)).toEqual({
        verified: [],
        failed: [keys[0]],
        repeated: [],
      });
    }
  });

  it('replace the earlier one of the same witness and leave those of others', () => {
    const renewed = withCosignature(cosigned, signCosignature(text, TIME + 60, first!));
    expect(renewed.signatures).toHaveLength(3);
    expect(verifyCosignatures(renewed, keys).verified.map(({ timestamp }) => timestamp)).toEqual([TIME + 60, TIME + 1]);
  });

  it('are not added to a note that is full', () => {
    const full = { text, signatures: Array.from({ length: MAX_SIGNATURES }, () => note.signatures[0]!) };
    expect(() => withCosignature(full, signCosignature(text, TIME, first!))).toThrow(
      expect.objectContaining({ code: 'bad-note' }),
    );
  });
});

describe('the work for a note', () => {
  it('is one verification for each key that is asked about, however many lines it has, and repeated lines are named', () => {
    const own = note.signatures[0]!;
    const wrong = { ...own, signature: own.signature.toReversed() };
    const cosignature = signCosignature(text, TIME, first!);
    const stranger = { ...own, keyId: keyId(log.name, first!.publicKey) };
    const crowded = {
      text,
      signatures: [
        stranger,
        own,
        ...Array.from({ length: 48 }, () => wrong),
        ...Array.from({ length: 50 }, () => cosignature),
      ],
    };
    expect(verifyNote(crowded, [logKey])).toEqual({ verified: [logKey], failed: [], repeated: [logKey] });
    expect(verifyEd25519).toHaveBeenCalledTimes(1);
    expect(verifyCosignatures(crowded, keys)).toEqual({
      verified: [{ key: keys[0], timestamp: TIME }],
      failed: [],
      repeated: [keys[0]],
    });
    expect(verifyEd25519).toHaveBeenCalledTimes(2);
  });
});

describe('the log’s own clock', () => {
  const timed = withClock(note, TIME, log);

  it('tells when a checkpoint was the newest, with the log’s key under a name of its own', () => {
    expect(readClock(timed, log.name, log.publicKey)).toEqual({ status: 'shown', timestamp: TIME });
    expect(clockKey(log.name, log.publicKey)).toMatchObject({ name: 'log.example/a/clock', type: 4 });
    expect(verifyNote(timed, [logKey])).toEqual({ verified: [logKey], failed: [], repeated: [] });
    const later = withClock(timed, TIME + 1, log);
    expect(later.signatures).toHaveLength(2);
    expect(readClock(later, log.name, log.publicKey)).toEqual({ status: 'shown', timestamp: TIME + 1 });
  });

  it('is not a witness’s, nor another log’s, nor of another checkpoint', () => {
    expect(readClock(note, log.name, log.publicKey)).toEqual({ status: 'none' });
    expect(readClock(cosigned, log.name, log.publicKey)).toEqual({ status: 'none' });
    expect(readClock(timed, 'log.example/b', log.publicKey)).toEqual({ status: 'none' });
    expect(readClock(timed, log.name, first!.publicKey)).toEqual({ status: 'none' });
    const moved = { text: text.replace('\n1\n', '\n2\n'), signatures: timed.signatures };
    expect(readClock(moved, log.name, log.publicKey)).toEqual({ status: 'failed' });
  });
});
