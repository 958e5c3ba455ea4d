import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findPrivately, type Lookups, lookupsOf, proofPrivately } from './private-lookup.js';
import { lookupAnswer } from './testing/lookup-answers.js';
import { Transport } from './transport.js';

const WANTED = createHash('sha256').update('wanted').digest('hex');

const idOf = (number: number) => `019c0b1e-4a7c-7b3e-8d1f-${number.toString(16).padStart(12, '0')}`;

interface Held {
  digest: string;
  id: string;
  sealed?: boolean;
  algorithm?: string;
}

/** A service with these records, `size` to a page, which keeps what it was asked. `garble` changes its lines. */
function holding(
  records: readonly Held[],
  { garble = (line: string) => line, size = 2 } = {},
): { service: Lookups; asked: string[] } {
  const asked: string[] = [];
  const facts = { agency: 'a.example', profile: 'generic@1', receivedAt: '2026-01-01T00:00:00Z' };
  const held = records.map(({ algorithm = 'sha256', digest, id, sealed = true }) => {
    const proof = { format: 'f', id, statement: { ...facts, digests: { [algorithm]: digest } } };
    return { digest, id, line: garble(JSON.stringify(sealed ? proof : { id, ...facts })) };
  });
  const answer = (url: URL): Response => {
    asked.push(url.pathname + url.search);
    return lookupAnswer(url, held, size)!;
  };
  const fetch = (url: unknown) => Promise.resolve(answer(new URL(url as string)));
  return { service: lookupsOf(new Transport({ url: 'https://a.example/', fetch })), asked };
}

/** Digests that begin like {@link WANTED}, and go on in another way. */
const neighbours = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    digest: WANTED.slice(0, 2) + createHash('sha256').update(String(i)).digest('hex').slice(2),
    id: idOf(i),
  }));

describe('a private lookup', () => {
  it('finds the record of a digest on whichever page it is, and sends of the digest the first bits alone', async () => {
    const { asked, service } = holding([...neighbours(9), { digest: WANTED, id: idOf(100) }]);
    const { hasMore, records } = await findPrivately(service, 'sha256', WANTED);
    expect(records).toMatchObject([{ id: idOf(100), agency: 'a.example', digestHex: WANTED }]);
    expect(hasMore).toBe(false);
    expect(await proofPrivately(service, idOf(100), WANTED)).toMatchObject({ state: 'ready' });
    const askedForThis = [...asked];
    asked.length = 0;
    await findPrivately(service, 'sha256', neighbours(1)[0]!.digest);
    await proofPrivately(service, idOf(0), neighbours(1)[0]!.digest);
    expect(asked).toEqual(askedForThis);
    expect(asked.filter((line) => line.includes('prefix=')).every((line) => /[?]prefix=[01]{8}(&|$)/.test(line))).toBe(
      true,
    );
  });

  it('finds nothing where only the beginning is the same, or the algorithm is another', async () => {
    const alike = { digest: WANTED.slice(0, 16) + '0'.repeat(48), id: idOf(1) };
    const other = { digest: WANTED, id: idOf(2), algorithm: 'sm3' };
    const { service } = holding([alike, other, ...neighbours(3)]);
    expect(await findPrivately(service, 'sha256', WANTED)).toEqual({ records: [], hasMore: false });
    expect((await findPrivately(service, 'sm3', WANTED)).records).toHaveLength(1);
  });

  it('takes a record that waits for its proof by its candidate, and none that waits beside it', async () => {
    const { service } = holding([
      { digest: WANTED, id: idOf(1), sealed: false },
      { ...neighbours(1)[0]!, id: idOf(2), sealed: false },
    ]);
    expect((await findPrivately(service, 'sha256', WANTED)).records.map(({ id }) => id)).toEqual([idOf(1)]);
    expect(await proofPrivately(service, idOf(1), WANTED)).toEqual({ state: 'not-ready' });
    expect(await proofPrivately(service, idOf(3), WANTED)).toEqual({ state: 'no-such-record' });
  });

  it('reads as many records of one digest as somebody would choose from, oldest first, and says that there are more', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ digest: WANTED, id: idOf(i) }));
    const { hasMore, records } = await findPrivately(holding(many).service, 'sha256', WANTED);
    expect({ hasMore, ids: records.map(({ id }) => id) }).toEqual({
      hasMore: true,
      ids: many.slice(0, 16).map(({ id }) => id),
    });
  });

  it('says that it cannot tell where somebody has filled the place, and not that there is nothing', async () => {
    const flood = Array.from({ length: 40 }, (_, i) => ({ digest: WANTED.slice(0, 2).padEnd(64, '0'), id: idOf(i) }));
    const { service } = holding([...flood, { digest: WANTED, id: idOf(100) }]);
    await expect(findPrivately(service, 'sha256', WANTED)).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it.each([
    ['0', null],
    ['f', { records: [{ id: idOf(100) }], hasMore: false }],
  ])(
    'where more records begin like it than are told of, 39 of them with %s, tells of its own or that it cannot tell',
    async (digit, told) => {
      // Prefixes that were made for fewer records than there are: candidates come in one page, proofs in more than are read.
      const crowd = neighbours(39).map(({ id }) => ({
        id,
        digest: WANTED.slice(0, 2).padEnd(62, digit) + id.slice(-2),
      }));
      const held = [...crowd, { digest: WANTED, id: idOf(100) }];
      const service = { ...holding(held).service, candidates: holding(held, { size: 100 }).service.candidates };
      const answer = findPrivately(service, 'sha256', WANTED);
      if (told === null) await expect(answer).rejects.toMatchObject({ code: 'bad-answer' });
      else expect(await answer).toMatchObject(told);
    },
  );

  it.each(['<html>', '[]', '', '{"format":"f","id":"i"}', '{"id":"i"}', '["i"]', 'i'])(
    'refuses proofs like %s, and does not say that there are none',
    async (line) => {
      const { service } = holding([{ digest: WANTED, id: idOf(1) }], {
        garble: () => line.replace(/i(?="|$)/, idOf(1)),
      });
      await expect(findPrivately(service, 'sha256', WANTED)).rejects.toMatchObject({ code: 'bad-answer' });
    },
  );

  it('reads of what it is sent only what it looks for', async () => {
    const { service } = holding([{ digest: WANTED, id: idOf(1) }], {
      garble: (line) => `{"not":"read"\n${line}`,
    });
    expect((await findPrivately(service, 'sha256', WANTED)).records).toHaveLength(1);
    expect(await proofPrivately(service, idOf(1), WANTED)).toMatchObject({ state: 'ready' });
  });
});
