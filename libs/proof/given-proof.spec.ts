import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { sampleProof } from './testing/sample-proof.js';
import { verifySample } from './testing/verify-sample.js';

const sample = sampleProof();

describe('a proof that cannot be read', () => {
  it('is told as what the file is, and nothing is said of the document', async () => {
    const { text } = sample;
    const utf16 = new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer);
    const note = sample.proof.log.checkpoints[0]!.note;
    // 18 bytes, so that base64 has no bits of what follows.
    const batchFormat = (name: string) => base64.encode(utf8ToBytes(`${name}\nl`));
    const cases: [unknown, string][] = [
      ['', 'empty'],
      ['<!doctype html><title>Sign in</title>', 'html'],
      ['\n<HTML><body>', 'html'],
      [utf8ToBytes('%PDF-1.7\n'), 'pdf'],
      [utf8ToBytes('PK\u0003\u0004'), 'zip'],
      [utf16, 'utf-16'],
      [Uint8Array.of(0xff, 0xfe, ...utf16), 'utf-16'],
      [`\ufeff${text}`, 'byte-order-mark'],
      [utf8ToBytes(`\ufeff${text}`), 'byte-order-mark'],
      [Buffer.from(text).toString('base64'), 'base64'],
      [
        Buffer.from(text)
          .toString('base64')
          .replace(/(.{76})/g, '$1\n'),
        'base64',
      ],
      [Buffer.from(text).toString('hex'), 'hex'],
      [text.slice(0, 700), 'cut-short'],
      [text.trimEnd().slice(0, -1), 'cut-short'],
      ['{"receipt":"eyJ","records":[]}', 'receipt'],
      [note, 'signed-note'],
      ['{"a":1}', 'other-json'],
      ['[1]', 'other-json'],
      [text.replace('sealroot/proof@2', 'sealroot/proof@9'), 'newer-version'],
      [text.replace('sealroot/proof@2', 'sealroot/proof@1'), 'damaged'],
      [text.replace(batchFormat('sealroot/batch@2'), batchFormat('sealroot/batch@3')), 'newer-version'],
      [text.replace('"v":1', '"v":2'), 'newer-version'],
      [text.replace('"index":1', '"index":"1"'), 'damaged'],
      [text.replace('{"batch"', '{"batch":1,"batch"'), 'damaged'],
      [' '.repeat(2_097_153), 'too-large'],
      ['just a text', 'damaged'],
    ];
    for (const [proof, reason] of cases) {
      const result = await verifySample(sample, { proof });
      expect(result, reason).toMatchObject({
        verdict: 'unreadable',
        who: 'unchecked',
        when: { contradicted: false },
        findings: [{ check: 'format', outcome: 'failed', reason }],
      });
      expect(result.record).toBeUndefined();
    }
  });
});
