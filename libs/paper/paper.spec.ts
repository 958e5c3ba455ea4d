import { deflateSync, crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treeRoot } from '#proof/testing/sample-tree.js';
import { formatStatement } from '#statement/statement.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { decodeBase45, encodeBase45 } from './base45.js';
import { CODE_MAX_BYTES, CODE_PREFIX, type CodeForm, type PaperCode } from './code.js';
import { formatCode, parseCode } from './codec.js';
import { pngOf, qrModules, qrVersion, svgOf } from './image.js';
import { makeCode } from './make.js';
import { samplePermit } from './testing/sample-code.js';
import { checkSignature, hashesOf } from './verify.js';

const FORMS: readonly CodeForm[] = ['self-contained', 'landmark'];
const code = (error: string) => expect.objectContaining({ code: error });

describe('base45', () => {
  it('is that of RFC 9285, whose examples it writes and reads', () => {
    const examples = { AB: 'BB8', 'Hello!!': '%69 VD92EX0', 'base-45': 'UJCLQE7W581', 'ietf!': 'QED8WEX0' };
    for (const [plain, text] of Object.entries(examples)) {
      expect(encodeBase45(new TextEncoder().encode(plain))).toBe(text);
      expect(new TextDecoder().decode(decodeBase45(text))).toBe(plain);
    }
  });

  it('refuses what the RFC refuses: other characters, groups that are too large, a single character at the end', () => {
    for (const text of ['GGW', ':::', '::', 'A', 'AAAA', 'ab8', 'BB8\n', 'Ä00'])
      expect(() => decodeBase45(text)).toThrow(code('bad-base45'));
    expect(decodeBase45('FGW')).toEqual(Uint8Array.of(255, 255));
  });

  it('gives back every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(decodeBase45(encodeBase45(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('a code', () => {
  const { record, document, leaves, logKey } = samplePermit();
  const key = parseVerifierKey(logKey);

  it('of either form is read back as it was made, with the permit in it', () => {
    for (const form of FORMS) {
      const made = makeCode(record, form, document);
      const read = parseCode(formatCode(made));
      expect(read).toEqual(made);
      expect(read.document).toEqual(document);
      expect(formatStatement(read.statement)).toBe(formatStatement(record.statement));
    }
  });

  it('fits the QR version that its form may have at level M, with room for a text of 150 bytes', () => {
    const { record: full, document: text } = samplePermit({ text: 'X'.repeat(150), size: 4096, index: 4095 });
    expect(qrVersion(qrModules(formatCode(makeCode(full, 'self-contained', text))))).toBeLessThanOrEqual(23);
    expect(qrVersion(qrModules(formatCode(makeCode(full, 'landmark', text))))).toBeLessThanOrEqual(19);
    for (const form of FORMS) {
      const longest = CODE_PREFIX + encodeBase45(new Uint8Array(CODE_MAX_BYTES[form]));
      const over = CODE_PREFIX + encodeBase45(new Uint8Array(CODE_MAX_BYTES[form] + 1));
      const most = form === 'landmark' ? 19 : 23;
      expect([qrVersion(qrModules(longest)), qrVersion(qrModules(over))]).toEqual([most, most + 1]);
    }
  });

  it('of the self-contained form shows with the log’s key alone that the record was sealed', () => {
    const made = makeCode(record, 'self-contained', document);
    expect(checkSignature(made, key)).toBe('signed');
    expect(checkSignature(made, parseVerifierKey(samplePermit({ origin: 'other.example/log' }).logKey))).toBe(
      'other-key',
    );
    expect(checkSignature(makeCode(record, 'landmark', document), key)).toBe('none');
  });

  it('is a mismatch when a byte after the key id is another', () => {
    const text = formatCode(makeCode(record, 'self-contained', document));
    const bytes = decodeBase45(text.slice(CODE_PREFIX.length));
    for (let at = 5; at < bytes.length; at += at < 30 ? 1 : 7) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      let read: PaperCode;
      try {
        read = parseCode(CODE_PREFIX + encodeBase45(changed));
      } catch (error) {
        expect(error).toEqual(code('bad-code'));
        continue;
      }
      expect(checkSignature(read, key), `byte ${at}`).toBe('mismatch');
    }
  });

  it('leads to the hash over the 256 entries around it, also in a last subtree of fewer', () => {
    for (const [size, index] of [
      [3000, 2100],
      [3000, 2999],
      [256, 0],
      [257, 256],
      [1, 0],
      [300, 258],
    ] as const) {
      const sample = samplePermit({ size, index });
      const from = Math.floor(index / 256) * 256;
      const subtree = treeRoot(sample.leaves.slice(from, from + 256));
      for (const form of FORMS) {
        const made = makeCode(sample.record, form, sample.document);
        expect(hashesOf(made)).toMatchObject({ leaf: sample.leaves[index], subtree });
      }
      expect(checkSignature(makeCode(sample.record, 'self-contained', sample.document), key)).toBe('signed');
    }
    expect(leaves).toHaveLength(3000);
  });

  it('carries every member that a statement may have', () => {
    const sample = samplePermit({
      text: 'short',
      size: 8,
      index: 3,
      statement: {
        reference: '许可 4711',
        claims: { zone: 'B', seats: 2, nested: { b: [1, 'two', null, true], a: {} } },
        supersedes: '019ca868-447b-7000-8000-000000000000',
        provenance: { sha256: '11'.repeat(32) },
        agencySignature: { key: 'key-1', alg: 'EdDSA', value: 'A'.repeat(86) },
      },
    });
    for (const form of FORMS) {
      const read = parseCode(formatCode(makeCode(sample.record, form, sample.document)));
      expect(read.statement).toEqual(sample.record.statement);
    }
  });

  it('without the document says which record it is of, by any digests', () => {
    const sample = samplePermit({ statement: { digests: { sha512: '22'.repeat(64), sm3: '33'.repeat(32) } } });
    const made = makeCode(sample.record, 'self-contained');
    expect(parseCode(formatCode(made))).toEqual(made);
    expect(made.document).toBeUndefined();
    expect(checkSignature(made, key)).toBe('signed');
  });

  it('carries a document that is not blinded without a salt', () => {
    const plain = samplePermit().record.statement;
    const sha = 'dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f';
    const { blinded: _, ...statement } = { ...plain, digests: { sha256: sha } };
    const made = makeCode({ ...record, statement }, 'landmark', { text: 'Hello, World!', salt: undefined });
    expect(parseCode(formatCode(made)).statement.digests.sha256).toBe(sha);
  });

  it('is not made of a text, or with a salt, that was not sealed', () => {
    for (const other of [
      { ...document, text: `${document.text} ` },
      { ...document, salt: new Uint8Array(32) },
      { ...document, salt: undefined },
    ])
      expect(() => makeCode(record, 'landmark', other)).toThrow(code('other-document'));
    for (const text of ['', 'a\u0000b', 'a\u202eb', 'a\rb', 'a\ud800b'])
      expect(() => makeCode(record, 'landmark', { ...document, text })).toThrow(code('cannot-carry'));
  });

  it('is not made larger than its form may be', () => {
    const long = samplePermit({ text: 'X'.repeat(400) });
    for (const form of FORMS) expect(() => makeCode(long.record, form, long.document)).toThrow(code('too-large'));
  });

  it('is not made of a statement whose members it cannot hold', () => {
    const later = { ...record.statement, later: true } as typeof record.statement;
    expect(() => makeCode({ ...record, statement: later }, 'landmark', document)).toThrow(code('cannot-carry'));
    const early = { ...record.statement, validFrom: '1969-12-31T23:59:59.999Z' };
    expect(() => makeCode({ ...record, statement: early }, 'landmark', document)).toThrow(code('cannot-carry'));
  });

  it('is not made without the log’s signature on the batch', () => {
    const other = samplePermit({ batch: 72 });
    const mixed = { ...record, checkpoint: other.record.checkpoint };
    expect(() => makeCode(mixed, 'self-contained', document)).toThrow(code('cannot-carry'));
  });
});

describe('an image of a code', () => {
  const modules = qrModules('SR1:TEST');

  it('as SVG has its size, a quiet zone, and a title that cannot become markup', () => {
    const svg = svgOf(modules, { sizeMm: 40, title: '<script>&' });
    expect(svg).toContain('width="40mm"');
    expect(svg).toContain(`viewBox="0 0 ${modules.length} ${modules.length}"`);
    expect(svg).toContain('<title>&lt;script&gt;&amp;</title>');
    expect(modules.slice(0, 4).flat()).not.toContain(true);
  });

  it('as PNG is one', () => {
    const png = pngOf(modules, 4, { deflateSync, crc32 });
    expect(Buffer.from(png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect(new DataView(png.buffer).getUint32(16)).toBe(modules.length * 4);
  });

  it('takes the highest error correction that costs no larger one', () => {
    // 4 characters fit version 1 at level H (10 characters).
    expect(qrVersion(qrModules('SR1:'))).toBe(1);
    expect(() => qrModules('A'.repeat(5000))).toThrow(code('too-large'));
  });
});
