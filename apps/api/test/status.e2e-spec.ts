import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { leafHash } from '#merkle/hash.js';
import { CHANGED_STATUSES } from '#statement/status-change.js';
import { statementHash } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { formatRelianceEntry } from '#statement/reliance-entry.js';
import { parseRelianceStatement } from '#statement/reliance-statement.js';
import { formatStatusEntry } from '#statement/status-entry.js';
import { parseStatusStatement } from '#statement/status-statement.js';
import { parseTime } from '#statement/time.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { expectReceipt } from './public-receipt.js';
import { expectEventShown } from './public-status.js';
import { startService, type TestService } from './service.js';

interface Changed {
  statement: Record<string, string>;
  leafHash: string;
  repeated?: true;
  includeBy: string;
  receipt: unknown;
}
interface Problem {
  code: string;
  detail: string;
  standing?: { status: string; by: string; effectiveAt: string };
}
interface History {
  ordinal: number;
  checkpoint?: string;
  events: {
    ordinal: number;
    batch: number;
    index: number;
    status: string;
    statement: Record<string, unknown>;
    proof: { entry: string; path: string[]; batch: { entry: string; path: string[] } };
  }[];
  waiting?: { status: string };
}

describe('the status of records', () => {
  let service: TestService;
  let other: string;
  beforeAll(async () => {
    service = await startService();
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const agency = (await agencies.create('tax.example.gov', 'Tax Office'))!;
    other = (await agencies.createKey(agency.id, 'test')).key;
  });
  afterAll(() => service.stop());

  const post = (url: string, payload: unknown, key: string | null = service.key) =>
    service.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      payload: JSON.stringify(payload),
    });
  const get = (url: string, key?: string) =>
    service.app.inject({ url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  const lodge = async (document: string, profile: string) => {
    const blinded = profile !== 'generic@1' && profile !== 'evidence@1' ? { blinded: true } : {};
    const answer = await post('/v1/records', { digests: { sha256: sha256Hex(document) }, profile, ...blinded });
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json<{ id: string }>().id;
  };
  const change = (id: string, payload: unknown, key?: string | null) => post(`/v1/records/${id}/status`, payload, key);

  it('is changed by the agency that lodged the record, with a receipt over the leaf that the statement makes', async () => {
    const id = await lodge('revoked', 'generic@1');
    const early = await change(id, { to: 'revoked' });
    expect(early.statusCode).toBe(409);
    expect(early.headers['retry-after']).toBe('1');
    expect(early.json<Problem>().code).toBe('not-sealed');
    await service.seal();

    expect((await change(id, { to: 'revoked' }, null)).statusCode).toBe(401);
    expect((await change(id, { to: 'revoked' }, other)).json<Problem>().code).toBe('not-yours');
    const answer = await change(id, { to: 'revoked', reason: 'misuse', effectiveAt: '2026-03-01T08:00:00+08:00' });
    expect(answer.statusCode, answer.body).toBe(201);
    const { statement, leafHash: hex, includeBy, receipt } = answer.json<Changed>();
    const read = parseStatusStatement(statement);
    expect(read).toMatchObject({
      record: id,
      to: 'revoked',
      reason: 'misuse',
      effectiveAt: '2026-03-01T00:00:00.000Z',
    });
    const { ordinal } = (await get(`/v1/records/${id}/history`)).json<History>();
    const entry = formatStatusEntry({
      first: ordinal,
      count: 1,
      state: CHANGED_STATUSES.revoked,
      effectiveAtMs: parseTime(read.effectiveAt),
      previous: null,
      statementHash: statementHash(canonicalize(statement)),
    });
    expect(Buffer.from(leafHash(entry)).toString('hex')).toBe(hex);
    await expectReceipt(service.app, { receipt, includeBy }, [hex]);

    expect((await get(`/v1/records/${id}/history`)).json<History>()).toMatchObject({
      events: [],
      waiting: { status: 'revoked' },
    });
    await service.seal();
    const history = (await get(`/v1/records/${id}/history`)).json<History>();
    expect(history).toMatchObject({ ordinal, events: [{ status: 'revoked', statement }] });
    expect(history.waiting).toBeUndefined();
    const [{ index, proof, ...event }] = history.events as [History['events'][0]];
    const shown = expectEventShown({ index, ...proof }, parseCheckpoint(parseNote(history.checkpoint!).text));
    expect(shown).toMatchObject({ ordinal: event.ordinal, first: ordinal, state: CHANGED_STATUSES.revoked });
    expect(Buffer.from(shown.statementHash)).toEqual(Buffer.from(statementHash(canonicalize(statement))));
    const conflict = await change(id, { to: 'superseded', by: await lodge('successor', 'generic@1') });
    expect(conflict.statusCode).toBe(409);
    expect(conflict.json<Problem>()).toMatchObject({
      code: 'status-conflict',
      standing: { status: 'revoked', by: 'lodger', effectiveAt: '2026-03-01T00:00:00.000Z' },
    });
    await service.seal();
    await verifyFromPublicData(service.app, id, 'revoked');
  });

  it('is consumed once, by whatever agency, and the second learns when and by whom', async () => {
    const id = await lodge('invoice', 'invoice@1');
    await service.seal();
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => change(id, { to: 'consumed', requestId: `a${i}` }, other)),
      ...Array.from({ length: 10 }, (_, i) => change(id, { to: 'consumed', requestId: `b${i}` })),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    await service.seal();
    const second = (await change(id, { to: 'consumed' }, other)).json<Problem>();
    expect(second).toMatchObject({ code: 'status-conflict', standing: { status: 'consumed' } });
  });

  it('is changed for a list, each record by itself, and for a range, as a whole', async () => {
    const ids = await Promise.all([1, 2, 3].map((i) => lodge(`permit ${i}`, 'permit@1')));
    const invoice = await lodge('another invoice', 'invoice@1');
    await service.seal();
    const list = (await post('/v1/status', { to: 'suspended', records: [ids[0], invoice] })).json<{
      results: object[];
    }>();
    expect(list.results).toMatchObject([
      { statement: { to: 'suspended' } },
      { problem: { code: 'status-not-allowed' } },
    ]);
    await service.seal();
    const ordinals = await Promise.all(
      ids.map(async (id) => (await get(`/v1/records/${id}/history`)).json<History>().ordinal),
    );
    const first = Math.min(...ordinals);
    const range = { first, count: 4 };
    expect((await post('/v1/status', { to: 'revoked', range }, other)).json<Problem>().code).toBe('not-yours');
    const revoked = await post('/v1/status', { to: 'revoked', range });
    expect(revoked.json<{ results: object[]; unchanged: object[] }>().unchanged, revoked.body).toEqual([]);
    await service.seal();
    for (const id of ids) {
      expect((await get(`/v1/records/${id}/history`)).json<History>().events[0]!.status).toBe('revoked');
    }
  });

  it('is superseded in the commit that stores the successor, or neither is stored', async () => {
    const old = await lodge('version 1', 'company@1');
    const successor = (document: string, more: object = {}) =>
      post('/v1/records', {
        digests: { sha256: sha256Hex(document) },
        profile: 'company@1',
        blinded: true,
        supersedes: old,
        ...more,
      });
    const early = await successor('version 2');
    expect(early.json<Problem>().code).toBe('not-sealed');
    expect(early.headers['retry-after']).toBe('1');
    await service.seal();
    const answers = await Promise.all(
      ['version 2', 'another'].map((document) => successor(document, { reference: document })),
    );
    const codes = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
    expect(codes).toEqual([201, 409]);
    const winner = answers.find(({ statusCode }) => statusCode === 201)!;
    const {
      id,
      superseded,
      leafHash: leaf,
      statement,
      ...promise
    } = winner.json<{
      id: string;
      superseded: Changed;
      leafHash: string;
      receipt: unknown;
      includeBy: string;
      statement: Record<string, string>;
    }>();
    expect(statement['supersedes']).toBe(old);
    expect(superseded.statement).toMatchObject({ record: old, to: 'superseded', by: id });
    await expectReceipt(service.app, promise, [leaf, superseded.leafHash]);
    // Whose reference it is gets the same answer again; the loser has left nothing, not even its reference.
    expect((await successor(statement['reference']!, { reference: statement['reference'] })).json()).toMatchObject({
      id,
      repeated: true,
    });
    const loser = answers.find(({ statusCode }) => statusCode === 409)!;
    expect(loser.json<Problem>()).toMatchObject({ code: /not-sealed|status-conflict/.exec(loser.body)![0] });
    const { rows } = await service.database.pool.query(
      `SELECT FROM "record_reference" WHERE "reference" IN ('version 2', 'another')`,
    );
    expect(rows).toHaveLength(1);
    await service.seal();
    const history = (await get(`/v1/records/${old}/history`)).json<History>();
    expect(history.events).toMatchObject([{ status: 'superseded', statement: { by: id } }]);
    const late = (await successor('version 3')).json<Problem>();
    expect(late).toMatchObject({ code: 'status-conflict', standing: { status: 'superseded', successor: id } });
    const stolen = await post(
      '/v1/records',
      { digests: { sha256: sha256Hex('stolen') }, profile: 'generic@1', supersedes: id },
      other,
    );
    expect(stolen.json<Problem>().code).toBe('not-yours');
    const many = await post('/v1/records', [
      { digests: { sha256: sha256Hex('version 4') }, profile: 'company@1', blinded: true, supersedes: id },
      { digests: { sha256: sha256Hex('version 5') }, profile: 'company@1', blinded: true, supersedes: id },
    ]);
    expect(many.json<{ records: object[] }>().records).toMatchObject([
      { outcome: 'accepted', superseded: { statement: { record: id } } },
      { outcome: 'rejected', problem: { status: 409 } },
    ]);
  });

  it('is shown to everybody, or to the lodging agency alone, as the profile says', async () => {
    const title = await lodge('title', 'title@1');
    await service.seal();
    expect((await get(`/v1/records/${title}/history`)).statusCode).toBe(404);
    expect((await get(`/v1/records/${title}/history`, other)).statusCode).toBe(404);
    expect((await get(`/v1/records/${title}/history`, service.key)).json()).toMatchObject({ id: title, events: [] });
    expect((await get('/v1/records/not-an-id/history')).statusCode).toBe(404);
  });

  it('is refused with a pointer to each fault', async () => {
    const id = await lodge('faults', 'generic@1');
    const faults = async (url: string, payload: unknown) =>
      (await post(url, payload)).json<{ code: string; errors?: { pointer: string }[] }>();
    expect(await faults(`/v1/records/${id}/status`, [])).toMatchObject({ code: 'invalid-body' });
    expect(await faults(`/v1/records/${id}/status`, { to: 'gone', more: 1 })).toMatchObject({
      errors: [{ pointer: '/more' }, { pointer: '/to' }],
    });
    expect(await faults(`/v1/records/${id}/status`, { to: 'revoked', reason: 'call-13800138000' })).toMatchObject({
      errors: [{ pointer: '/reason' }],
    });
    expect(await faults('/v1/status', { to: 'revoked' })).toMatchObject({ code: 'invalid-body' });
    expect(await faults('/v1/status', { to: 'revoked', records: ['x'] })).toMatchObject({
      errors: [{ pointer: '/records/0' }],
    });
    expect(await faults('/v1/status', { to: 'revoked', range: { first: 0, count: 100_001 } })).toMatchObject({
      errors: [{ pointer: '/range' }],
    });
  });

  it('is relied on by others, once for each purpose, in the log', async () => {
    const id = await lodge('relied on', 'generic@1');
    const rely = (payload: unknown, key = other) => post(`/v1/records/${id}/reliances`, payload, key);
    const first = await rely({ purpose: 'account-opening' });
    expect(first.statusCode, first.body).toBe(201);
    const { statement, leafHash: hex } = first.json<Changed>();
    expect(parseRelianceStatement(statement)).toMatchObject({ agency: 'tax.example.gov', record: id });
    const entry = formatRelianceEntry(statementHash(canonicalize(statement)));
    expect(Buffer.from(leafHash(entry)).toString('hex')).toBe(hex);
    const again = (await rely({ purpose: 'account-opening' })).json<Changed>();
    expect(again).toMatchObject({ statement, leafHash: hex, repeated: true });
    expect((await rely({ purpose: 'audit' })).json<Changed>().repeated).toBeUndefined();
    expect((await rely({ purpose: 'In words' })).json<Problem>().code).toBe('invalid-body');
    expect((await rely({ purpose: 'id-11010519491231002x' })).json<Problem>().code).toBe('invalid-body');
    expect((await rely({ purpose: 'audit', more: 1 })).json<Problem>().code).toBe('invalid-body');
    const unknown = await post('/v1/records/019ca869-507b-7812-82da-057373556ba2/reliances', { purpose: 'audit' });
    expect(unknown.json<Problem>().code).toBe('record-not-found');
    await service.seal();
    const { rows } = await service.database.pool.query(
      'SELECT FROM "chunk" WHERE "leaves" = $1 AND "batch_number" IS NOT NULL',
      [Buffer.from(hex, 'hex')],
    );
    expect(rows).toHaveLength(1);
    await verifyFromPublicData(service.app, id, 'relied on');
  });

  it('has rules for every kind of record, as data', async () => {
    const { profiles } = (await get('/v1/profiles')).json<{ profiles: { id: string; statuses: string[] }[] }>();
    expect(profiles.map(({ id }) => id.split('@')[0])).toEqual(
      expect.arrayContaining(['generic', 'licence', 'invoice', 'title', 'company', 'identity', 'evidence', 'permit']),
    );
  });
});
