import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { cosignedMessage, signCosignature, verifyCosignatures } from './cosignature.js';
import { ed25519NoteSigner } from './testing/note-signer.js';
import { encodeEntryBundle, parseEntryBundle } from './entry-bundle.js';
import { signNote, parseNote } from './note.js';
import { formatTilePath, parseTilePath } from './tile-path.js';
import { formatTlogProof, parseTlogProof } from './tlog-proof.js';
import { verifierKey } from './verifier-key.js';

const root = new Uint8Array(32).fill(0xab);
const text = formatCheckpoint({ origin: 'log.example/a', size: 12, root });
const refused = (code: string) => expect.objectContaining({ name: 'TlogError', code });

describe('checkpoints', () => {
  it('read back as written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 53 - 1 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, hash) => {
        const checkpoint = { origin: 'log.example/a', size, root: hash };
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({ ...checkpoint, root: new Uint8Array(hash) });
      }),
    );
  });

  it('are refused when malformed, each rule by itself', () => {
    const malformed: Record<string, string> = {
      'an extension line': `${text}more\n`,
      'no final newline': text.slice(0, -1),
      'no origin': text.slice('log.example/a'.length),
      'a leading zero': text.replace('\n12\n', '\n012\n'),
      'a sign': text.replace('\n12\n', '\n+12\n'),
      'a size of 2^53': text.replace('\n12\n', `\n${2 ** 53}\n`),
      'no size': text.replace('\n12\n', '\n\n'),
      'a short root': text.replace('q6ur', ''),
      'unpadded base64': text.replace('=', ''),
      'a control character in the origin': text.replace('log', 'l\tog'),
    };
    for (const [why, wrong] of Object.entries(malformed)) {
      expect(() => parseCheckpoint(wrong), why).toThrow(refused('bad-checkpoint'));
    }
    expect(() => formatCheckpoint({ origin: '', size: 1, root })).toThrow(refused('bad-checkpoint'));
    expect(() => formatCheckpoint({ origin: 'a\nb', size: 1, root })).toThrow(refused('bad-checkpoint'));
    expect(() => formatCheckpoint({ origin: 'a', size: 1.5, root })).toThrow(refused('bad-checkpoint'));
    expect(() => formatCheckpoint({ origin: 'a', size: 1, root: root.slice(1) })).toThrow(refused('bad-checkpoint'));
  });
});

describe('cosignatures', () => {
  const log = ed25519NoteSigner('log.example/a', new Uint8Array(32).fill(1));
  const witness = ed25519NoteSigner('witness.example/w', new Uint8Array(32).fill(2));
  const key = verifierKey(witness.name, witness.publicKey, 4);

  it('verify with their time, and fail with any other time or after any bit is flipped', () => {
    const note = parseNote(signNote(text, [log]));
    const line = signCosignature(text, 1_700_000_000, witness);
    note.signatures.push(line);
    expect(verifyCosignatures(note, [key])).toMatchObject({
      verified: [{ key, timestamp: 1_700_000_000 }],
      failed: [],
    });
    for (let bit = 0; bit < line.signature.length * 8; bit++) {
      line.signature[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyCosignatures(note, [key]), `bit ${bit}`).toMatchObject({ verified: [], failed: [key] });
      line.signature[bit >> 3]! ^= 1 << (bit & 7);
    }
    line.signature = line.signature.slice(1);
    expect(verifyCosignatures(note, [key])).toMatchObject({ verified: [], failed: [key] });
  });

  it('say the first time of a witness that has two lines, and name it', () => {
    const note = parseNote(signNote(text, [log]));
    note.signatures.push(signCosignature(text, 100, witness), signCosignature(text, 200, witness));
    expect(verifyCosignatures(note, [key])).toEqual({
      verified: [{ key, timestamp: 100 }],
      failed: [],
      repeated: [key],
    });
  });

  it('sign the header, the time and the checkpoint, and refuse a time that is no whole number of seconds', () => {
    expect(new TextDecoder().decode(cosignedMessage('a\n', 5))).toBe('cosignature/v1\ntime 5\na\n');
    expect(() => signCosignature(text, 1.5, witness)).toThrow(refused('bad-cosignature'));
    expect(() => signCosignature(text, -1, witness)).toThrow(refused('bad-cosignature'));
  });
});

describe('tile paths', () => {
  it('read back as written', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    fc.assert(
      fc.property(level, fc.nat({ max: 2 ** 53 - 1 }), fc.integer({ min: 1, max: 256 }), (l, index, width) => {
        expect(parseTilePath(formatTilePath(l, index, width))).toEqual({ level: l, index, width });
      }),
    );
  });

  it('are refused in any other form', () => {
    const wrong = [
      'tile/0/0',
      'tile/0/0000',
      'tile/00/000',
      'tile/64/000',
      'tile/0/x000/000',
      'tile/0/x001',
      'tile/0/001/x000',
      'tile/data/000',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/000.p',
      '/tile/0/000',
      'tile/0/000/',
      'tile/-1/000',
      'tile/0/x999/x999/x999/x999/x999/999',
    ];
    for (const path of wrong) expect(() => parseTilePath(path), path).toThrow(refused('bad-tile'));
    expect(() => formatTilePath(64, 0)).toThrow(refused('bad-tile'));
    expect(() => formatTilePath(0, -1)).toThrow(refused('bad-tile'));
    expect(() => formatTilePath(0, 0, 0)).toThrow(refused('bad-tile'));
    expect(() => formatTilePath(0, 0, 257)).toThrow(refused('bad-tile'));
  });
});

describe('entry bundles', () => {
  it('read back as written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
        expect(parseEntryBundle(encodeEntryBundle(entries))).toEqual(entries.map((entry) => new Uint8Array(entry)));
      }),
    );
  });

  it('hold entries of 65,535 bytes and no longer, and end with a whole entry', () => {
    expect(parseEntryBundle(encodeEntryBundle([new Uint8Array(65_535)]))[0]).toHaveLength(65_535);
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(refused('bad-tile'));
    const bundle = encodeEntryBundle([new Uint8Array(3), new Uint8Array(5)]);
    for (const length of [1, 4, 6, 11])
      expect(() => parseEntryBundle(bundle.slice(0, length))).toThrow(refused('bad-tile'));
  });
});

describe('tlog-proofs', () => {
  const checkpoint = signNote(text, [ed25519NoteSigner('log.example/a', new Uint8Array(32).fill(1))]);
  const proof = { index: 3, path: [root, root], checkpoint };
  const formatted = formatTlogProof(proof);

  it('read back as written, with and without extra data or path', () => {
    for (const value of [
      proof,
      { ...proof, path: [] },
      { ...proof, extra: new Uint8Array([1, 2]) },
      { ...proof, extra: new Uint8Array(0) },
    ]) {
      expect(parseTlogProof(formatTlogProof(value))).toEqual(value);
    }
  });

  it('are refused when malformed, each rule by itself', () => {
    const malformed: Record<string, string> = {
      'another version': formatted.replace('@v1', '@v2'),
      'no index': formatted.replace('index 3\n', ''),
      'a leading zero': formatted.replace('index 3', 'index 03'),
      'extra data after the index': formatted.replace('index 3\n', 'index 3\nextra AQI=\n'),
      'extra data that is not base64': formatted.replace('index 3', 'extra ?\nindex 3'),
      'a short hash': formatted.replace('q6ur', ''),
      'a carriage return': formatted.replace('index 3\n', 'index 3\r\n'),
      'no blank line': formatted.replaceAll('\n\n', '\n'),
      '64 hashes': formatTlogProof({ ...proof, path: Array.from({ length: 63 }, () => root) }).replace(
        'index 3\n',
        `index 3\n${text.split('\n')[2]}\n`,
      ),
    };
    for (const [why, wrong] of Object.entries(malformed))
      expect(() => parseTlogProof(wrong), why).toThrow(refused('bad-proof'));
    expect(() => parseTlogProof(formatted.slice(0, -1))).toThrow(refused('bad-note'));
    expect(() => formatTlogProof({ ...proof, index: -1 })).toThrow(refused('bad-proof'));
  });
});
