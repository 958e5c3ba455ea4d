import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Act, ActReplay, auditLogHeadDigest, formatAct, formatAuditLogHead } from './act.js';

const act = (ordinal: number, change: Partial<Act> = {}): Act => ({
  ordinal,
  at: '2026-03-02T09:30:00.123Z',
  actor: 'admin-token',
  from: '127.0.0.1',
  act: 'key.revoked',
  subject: { agency: 'records.example.gov', key: 'sr_k3x9q2ab' },
  before: { revokedAt: null },
  after: { revokedAt: '2026-03-02T09:30:00.120Z' },
  ...change,
});

/** RFC 9162 §2.1.1 as it is written there. */
function treeHash(entries: Buffer[]): Buffer {
  const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (entries.length === 0) return hash();
  if (entries.length === 1) return hash(Buffer.of(0), entries[0]!);
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return hash(Buffer.of(1), treeHash(entries.slice(0, k)), treeHash(entries.slice(k)));
}

function rootOf(acts: unknown[]): string {
  const replay = new ActReplay();
  for (const one of acts) replay.add(one);
  return Buffer.from(replay.head().root).toString('hex');
}

describe('an audit log', () => {
  it('has the head of the RFC 9162 tree over the canonical texts of its acts', () => {
    const acts = Array.from({ length: 13 }, (_, i) => act(i, { subject: { agency: 'ä.example', key: `"${i}"` } }));
    for (let size = 0; size <= acts.length; size++) {
      const texts = acts.slice(0, size).map((one) => Buffer.from(formatAct(one)));
      expect(rootOf(acts.slice(0, size))).toBe(treeHash(texts).toString('hex'));
    }
    expect(formatAct(act(0))).toBe(
      '{"act":"key.revoked","actor":"admin-token","after":{"revokedAt":"2026-03-02T09:30:00.120Z"},"at":"2026-03-02T09:30:00.123Z",' +
        '"before":{"revokedAt":null},"from":"127.0.0.1","ordinal":0,"subject":{"agency":"records.example.gov","key":"sr_k3x9q2ab"}}',
    );
  });

  it('has another head when any member of any act is another, is missing or is one more', () => {
    const acts = [act(0), act(1), act(2)];
    const root = rootOf(acts);
    for (const member of Object.keys(acts[1]!)) {
      if (member === 'ordinal') continue;
      const { [member as keyof Act]: _, ...without } = acts[1]!;
      for (const other of [{ ...acts[1], [member]: 'x' }, without, { ...acts[1], more: null }])
        expect(rootOf([acts[0], other, acts[2]]), member).not.toBe(root);
    }
  });

  it('is replayed in order and without gaps, or not at all', () => {
    for (const acts of [
      [act(1)],
      [act(0), act(0)],
      [act(0), act(2)],
      [act(0), { ...act(1), ordinal: '1' }],
      [null],
      [[]],
    ])
      expect(() => rootOf(acts)).toThrow(expect.objectContaining({ code: 'bad-act' }));
  });

  it('is notarised by the text of its head', () => {
    const root = new Uint8Array(32).fill(1);
    const text = formatAuditLogHead('notary.example.gov/log', { size: 3, root });
    expect(text).toBe(`notary.example.gov/log/audit\n3\n${Buffer.from(root).toString('base64')}\n`);
    expect(Buffer.from(auditLogHeadDigest(text))).toEqual(createHash('sha256').update(text).digest());
  });
});
