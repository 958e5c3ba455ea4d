import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { leafHash } from '#merkle/hash.js';
import { entryBytes } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { parseStatement } from '#statement/statement.js';
import { expectMismatch, sha256Hex, verifyFromPublicData } from './public-proof.js';
import { expectReceipt } from './public-receipt.js';
import { startService, type TestService } from './service.js';

interface Item {
  id: string;
  outcome: string;
  receivedAt: string;
  statement: Record<string, unknown>;
  leafHash: string;
  repeated?: true;
  problem?: { code: string; errors?: { pointer: string }[] };
}

interface Promised {
  receipt?: unknown;
  includeBy?: string;
}

describe('POST /v1/records', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const post = (payload: unknown, authorization: string | null = `Bearer ${service.key}`) =>
    service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
      payload: JSON.stringify(payload),
    });
  const record = (document: string, more: object = {}) => ({
    digests: { sha256: sha256Hex(document) },
    profile: 'generic@1',
    ...more,
  });

  /** Checks a receipt, and that the items of the answer have the leaf hashes that it is over, as a holder would. */
  const checkReceipt = async (answer: Promised, items: Item[]) => {
    const leaves = items.map((item) => item.leafHash);
    await expectReceipt(service.app, answer, leaves);
    for (const { statement, leafHash: expected } of items) {
      const entry = entryBytes(parseStatement(statement), canonicalize(statement));
      expect(Buffer.from(leafHash(entry)).toString('hex')).toBe(expected);
    }
  };

  it('stores one record and promises it with a receipt that the published key verifies', async () => {
    const answer = await post(record('one'));
    expect(answer.statusCode, answer.body).toBe(201);
    const { receipt, includeBy, ...item } = answer.json<Item & Promised>();
    expect(answer.headers.location).toBe(`/v1/records/${item.id}`);
    expect(item).toMatchObject({
      outcome: 'accepted',
      stage: 'accepted',
      statement: { agency: 'records.example.gov', profile: 'generic@1', kind: 'record', v: 1 },
    });
    await checkReceipt({ receipt, includeBy: includeBy! }, [item]);
    await service.seal();
    expect((await verifyFromPublicData(service.app, item.id, 'one')).verdict).toBe('pending');
    await expectMismatch(service.app, item.id);
  });

  it('takes 1,000 records at once, and lets wrong ones fail alone', async () => {
    const documents = Array.from({ length: 1000 }, (_, i) => `document ${i}`);
    const items: unknown[] = documents.map((document) => record(document));
    items[3] = record('x', { digests: { sha256: 'ABC' } });
    items[500] = 'no record';
    items[999] = record('x', { profile: 'licence@1' });
    const answer = await post(items);
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
    const { records, ...promise } = answer.json<{ records: Item[] } & Promised>();
    expect(records).toHaveLength(1000);
    expect(records.flatMap(({ outcome }, i) => (outcome === 'rejected' ? [i] : []))).toEqual([3, 500, 999]);
    expect(records[3]?.problem).toMatchObject({ code: 'invalid-record', errors: [{ pointer: '/digests/sha256' }] });
    expect(records[999]?.problem?.errors).toMatchObject([{ pointer: '/blinded' }]);
    await checkReceipt(
      promise,
      records.filter(({ outcome }) => outcome === 'accepted'),
    );
    await service.seal();
    for (const i of [0, 255, 256, 511, 998]) {
      const { verdict } = await verifyFromPublicData(service.app, records[i]!.id, documents[i]!);
      expect(verdict).toBe('pending');
    }
  });

  it('gives no receipt when nothing was accepted', async () => {
    const answer = await post([{}]);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ records: [expect.objectContaining({ outcome: 'rejected' })] });
  });

  it('gives the same record again for a repeated reference, and 409 for other digests', async () => {
    const reference = 'FILE/2026/1';
    const first = (await post(record('held', { reference }))).json<Item>();
    const again = await post(record('held', { reference }));
    expect(again.statusCode).toBe(201);
    expect(again.json()).toMatchObject({
      id: first.id,
      statement: first.statement,
      leafHash: first.leafHash,
      repeated: true,
    });
    const conflict = await post(record('other', { reference }));
    expect(conflict.statusCode).toBe(409);
    expect(conflict.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(conflict.json()).toMatchObject({ code: 'reference-conflict', status: 409 });
    await service.seal();
    const found = await service.app.inject({
      url: `/v1/records?reference=${encodeURIComponent(reference)}`,
      headers: { authorization: `Bearer ${service.key}` },
    });
    expect(found.json<{ records: Item[] }>().records).toMatchObject([{ id: first.id, stage: 'sealed' }]);
    await verifyFromPublicData(service.app, first.id, 'held');
  });

  it('refuses an empty array, one of 1,001, and what is no record', async () => {
    expect((await post([])).json()).toMatchObject({ status: 422, code: 'no-records' });
    const many = await post(Array.from({ length: 1001 }, () => record('x')));
    expect(many.json()).toMatchObject({
      status: 422,
      code: 'too-many-records',
      detail: expect.stringContaining('1000'),
    });
    for (const body of [null, 1, 'text', {}]) {
      expect((await post(body)).json()).toMatchObject({ status: 422, code: 'invalid-record' });
    }
  });

  it('asks for a key, and forgets a revoked one within five seconds', async () => {
    const none = await post(record('x'), null);
    expect(none.json()).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(none.headers['www-authenticate']).toBe('Bearer');
    for (const wrong of [
      'Basic abc',
      'Bearer ',
      `Bearer ${service.key.slice(0, -1)}`,
      `Bearer ${service.key}x`,
      `Bearer sr_aaaaaaaa_${'A'.repeat(43)}`,
    ]) {
      const answer = await post(record('x'), wrong);
      expect(answer.statusCode, wrong).toBe(401);
      expect(answer.body).not.toContain(service.key);
    }
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const { key, prefix } = await agencies.createKey(service.agencyId, 'short-lived');
    expect((await post(record('short'), `Bearer ${key}`)).statusCode).toBe(201);
    await agencies.revokeKey(service.agencyId, prefix);
    const end = Date.now() + 5000;
    let status = 201;
    while (status === 201 && Date.now() < end) {
      status = (await post(record('short'), `Bearer ${key}`)).statusCode;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(status).toBe(401);
  });
});
