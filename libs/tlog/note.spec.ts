import { base64 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ed25519NoteSigner } from './testing/note-signer.js';
import { formatNote, MAX_SIGNATURES, parseNote, signNote, verifyNote } from './note.js';
import { formatVerifierKey, keyId, parseVerifierKey, verifierKey } from './verifier-key.js';

const signer = ed25519NoteSigner('log.example/a', new Uint8Array(32).fill(7));
const other = ed25519NoteSigner('log.example/b', new Uint8Array(32).fill(8));
const key = verifierKey(signer.name, signer.publicKey);
const text = 'first line\n\nthird line\n';
const signed = signNote(text, [signer]);
const line = signed.slice(text.length + 1);

describe('signed notes', () => {
  it('verify for any text that may be signed', () => {
    const texts = fc
      .string({ unit: 'grapheme' })
      // oxlint-disable-next-line no-control-regex -- notes may not hold these
      .map((value) => `${value.replace(/[\u0000-\u0009\u000b-\u001f]/g, '')}\n`);
    fc.assert(
      fc.property(texts, (value) => {
        const note = parseNote(signNote(value, [signer, other]));
        expect(note.text).toBe(value);
        expect(verifyNote(note, [key])).toEqual({ verified: [key], failed: [], repeated: [] });
      }),
      { numRuns: 40 },
    );
  });

  it('fail after any single bit of text or signature is flipped', () => {
    const bytes = new TextEncoder().encode(signed);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      let verified = 0;
      try {
        verified = verifyNote(parseNote(decoder.decode(changed)), [key]).verified.length;
      } catch (error) {
        expect(['TlogError', 'TypeError']).toContain((error as Error).name);
      }
      expect(verified, `bit ${bit}`).toBe(0);
    }
  });

  it('ignore signatures of keys that are not asked for', () => {
    const note = parseNote(signNote(text, [other]));
    expect(verifyNote(note, [key])).toEqual({ verified: [], failed: [], repeated: [] });
    const sameName = { ...key, id: keyId(other.name, other.publicKey) };
    expect(verifyNote(note, [sameName])).toEqual({ verified: [], failed: [], repeated: [] });
  });

  it('are judged by the first of several lines by one key, as Go does', () => {
    const wrong = signNote('another text\n', [signer]).split('\n\n')[1]!;
    expect(verifyNote(parseNote(`${text}\n${line + wrong}`), [key])).toMatchObject({
      verified: [key],
      repeated: [key],
    });
    expect(verifyNote(parseNote(`${text}\n${wrong + line}`), [key])).toMatchObject({ failed: [key], repeated: [key] });
  });

  it('are refused when malformed, each rule of the format by itself', () => {
    const encoded = line.trimEnd().split(' ')[2]!;
    const malformed: Record<string, string> = {
      'no blank line': `${text.replace('\n\n', '\n')}${line}`,
      'no signature': `${text}\n`,
      'no final newline': signed.slice(0, -1),
      'a carriage return': signed.replace('first', 'fi\rst'),
      'a NUL': signed.replace('first', 'fi\u0000st'),
      'a lone surrogate': signed.replace('first', 'fi\ud800st'),
      'a hyphen for the dash': signed.replace('—', '-'),
      'no space after the dash': signed.replace('— ', '—'),
      'no key name': signed.replace('log.example/a', ''),
      'a plus in the key name': signed.replace('log.example/a', 'log+example'),
      'a no-break space in the key name': signed.replace('log.example/a', 'log\u00a0example'),
      'two spaces': signed.replace('log.example/a ', 'log.example/a  '),
      'no base64': signed.replace(encoded, ''),
      'unpadded base64': signed.replace(encoded, encoded.replace(/=+$/, '')),
      'base64 with stray bits': signed.replace(encoded, `${encoded.slice(0, 4)}AB==`),
      'only a key id': signed.replace(encoded, base64.encode(new Uint8Array(4))),
      'a line that is no signature': `${signed}something\n`,
    };
    for (const [why, note] of Object.entries(malformed)) {
      expect(() => parseNote(note), why).toThrow(expect.objectContaining({ name: 'TlogError', code: 'bad-note' }));
    }
  });

  it(`hold at most ${MAX_SIGNATURES} signatures`, () => {
    expect(parseNote(`${text}\n${line.repeat(MAX_SIGNATURES)}`).signatures).toHaveLength(MAX_SIGNATURES);
    expect(() => parseNote(`${text}\n${line.repeat(MAX_SIGNATURES + 1)}`)).toThrow(
      expect.objectContaining({ code: 'bad-note' }),
    );
  });

  it('are not made of what could not be read back', () => {
    expect(() => signNote('no newline', [signer])).toThrow(expect.objectContaining({ code: 'bad-note' }));
    expect(() => signNote('a\ttab\n', [signer])).toThrow(expect.objectContaining({ code: 'bad-note' }));
    expect(() => signNote(text, [])).toThrow(expect.objectContaining({ code: 'bad-note' }));
    expect(() => signNote(text, [{ ...signer, name: 'a b' }])).toThrow(expect.objectContaining({ code: 'bad-key' }));
    expect(() =>
      formatNote({ text, signatures: [{ name: 'a', keyId: new Uint8Array(3), signature: new Uint8Array(64) }] }),
    ).toThrow(expect.objectContaining({ code: 'bad-note' }));
  });
});

describe('verifier keys', () => {
  const formatted = formatVerifierKey(signer.name, signer.publicKey);

  it('are refused when malformed, each rule by itself', () => {
    const [name, id, encoded] = formatted.split('+') as [string, string, string];
    const malformed: Record<string, string> = {
      'another key id': formatted.replace(id, '00000000'),
      'another name': formatted.replace(name, 'log.example/c'),
      'upper-case key id': formatted.replace(id, id.toUpperCase()),
      'no key id': `${name}+${encoded}`,
      'a space in the name': formatted.replace(name, 'log example'),
      'an unknown type': `${name}+${id}+${base64.encode(new Uint8Array([2, ...signer.publicKey]))}`,
      'a short key': `${name}+${id}+${base64.encode(new Uint8Array([1, ...signer.publicKey.slice(1)]))}`,
      'no key': `${name}+${id}+`,
      'a newline after it': `${formatted}\n`,
    };
    expect(id).toMatch(/[a-f]/);
    for (const [why, vkey] of Object.entries(malformed)) {
      expect(() => parseVerifierKey(vkey), why).toThrow(
        expect.objectContaining({ name: 'TlogError', code: 'bad-key' }),
      );
    }
  });

  it('have different ids for different types, so that one key may serve as both', () => {
    expect(keyId(signer.name, signer.publicKey, 1)).not.toEqual(keyId(signer.name, signer.publicKey, 4));
  });
});
