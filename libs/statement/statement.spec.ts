import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { formatBatchEntry } from './batch-entry.js';
import { primaryDigest } from './digest.js';
import { entryBytes, statementHash } from './entry.js';
import { StatementError } from './error.js';
import { recordId } from './record-id.js';
import { buildRecordStatement, formatStatement, parseStatement, type RecordStatement } from './statement.js';
import { parseTime } from './time.js';
import { cpuMs } from '#setting/testing/cpu-time.js';
import vectors from './vectors/statement.json' with { type: 'json' };

const small: RecordStatement = {
  v: 1,
  kind: 'record',
  agency: 'mr.example.gov',
  profile: 'generic@1',
  digests: { sha256: 'ab'.repeat(32) },
  receivedAt: '2026-03-01T08:00:00.123Z',
  nonce: '0f'.repeat(16),
};
const refusedAt = (value: unknown): string[] => {
  try {
    parseStatement(value);
  } catch (error) {
    expect(error).toMatchObject({ name: 'StatementError', code: 'bad-statement' });
    return (error as StatementError).problems.map(({ pointer }) => pointer);
  }
  throw new Error(`expected a refusal of ${JSON.stringify(value)}`);
};

describe('the vectors', () => {
  it('have the statements that we read, with the same canonical text, hashes and ids', () => {
    for (const { about, statement, jcs, statementHash: hash, entry, leafHash: leaf, id } of vectors.statements) {
      const parsed = parseStatement(statement);
      expect(formatStatement(parsed), about).toBe(jcs);
      expect(bytesToHex(statementHash(jcs))).toBe(hash);
      expect(bytesToHex(entryBytes(parsed, jcs))).toBe(entry);
      expect(bytesToHex(leafHash(hexToBytes(entry)))).toBe(leaf);
      expect(recordId(parseTime(parsed.receivedAt), hexToBytes(hash))).toBe(id);
    }
  });

  it('have the statements that we refuse, at the same place', () => {
    for (const { about, text, pointer } of vectors.refused) {
      expect(refusedAt(JSON.parse(text)), about).toContain(pointer);
    }
  });

  it('have the batch entries that we write', () => {
    for (const { entry, bytes } of vectors.batchEntries) {
      const roots = { root: hexToBytes(entry.root), statusRoot: hexToBytes(entry.statusRoot) };
      expect(bytesToHex(formatBatchEntry({ ...entry, ...roots }))).toBe(bytes);
    }
  });
});

describe('a statement', () => {
  it('may leave out every optional member', () => {
    expect(parseStatement(small)).toBe(small);
  });

  it('leads its entry with the first digest in the order of precedence', () => {
    const digests = { sm3: '03'.repeat(32), 'sha3-256': '02'.repeat(32), sha512: '01'.repeat(64) };
    expect(primaryDigest(digests).algorithm).toBe('sha512');
    expect(primaryDigest({ ...digests, sha256: '00'.repeat(32) }).algorithm).toBe('sha256');
    expect(primaryDigest({ sm3: digests.sm3, 'sha3-256': digests['sha3-256'] }).algorithm).toBe('sha3-256');
    expect(() => primaryDigest({})).toThrow(expect.objectContaining({ code: 'bad-digest' }));
    expect(entryBytes({ digests }, '{}')).toHaveLength(96);
  });

  it('is told every fault', () => {
    expect(refusedAt({ ...small, v: 2, kind: 'status', extra: 1 })).toEqual(['/v', '/kind', '/extra']);
    expect(refusedAt(null)).toEqual(['']);
    expect(refusedAt([])).toEqual(['']);
  });

  it('is written fast enough for the intake: 20,000 in a second of one core', () => {
    const fields = { ...small, reference: 'case-0001', claimsJcs: '{"class":"B"}' };
    const ms = cpuMs(() => {
      for (let i = 0; i < 20_000; i++) buildRecordStatement(fields);
    });
    expect(ms).toBeLessThan(1000);
  });
});
