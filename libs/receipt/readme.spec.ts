import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { INCLUDE_WITHIN_MS } from './head.js';
import { receiptEntry, verifyReceipt } from './verify.js';

it('the worked example of the README is what the library computes', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const example = readme.slice(readme.indexOf('## Worked example'), readme.indexOf('## Vectors'));
  const leaves = [...example.matchAll(/^ {4}([0-9a-f]{64})$/gm)].map(([, hex]) => hexToBytes(hex!));
  const entry = leaves.pop()!;
  expect(leaves).toHaveLength(3);
  expect(bytesToHex(receiptEntry(leaves))).toBe(bytesToHex(entry));
  const key = parseVerifierKey(/^ {4}(example\.com\/log\+.*)$/m.exec(example)![1]!);
  const note = /^ {4}example\.com\/log\/receipt$[^]*?^ {4}— .*$/m.exec(example)![0].replaceAll(/^ {4}/gm, '');
  const path = JSON.parse(/`path` `(.*?)`/.exec(example)![1]!) as string[];
  const index = Number(/`index` (\d+)/.exec(example)![1]);
  const [, includeBy] = /promises all three by (\S+)\./.exec(example)!;
  expect(verifyReceipt({ note: `${note}\n`, index, path }, leaves, key)).toMatchObject({ includeBy });
  expect(INCLUDE_WITHIN_MS).toBe(10_000);
});
