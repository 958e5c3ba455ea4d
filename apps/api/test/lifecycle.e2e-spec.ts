import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_ENTRIES } from '#audit/log-source.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { parseProof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { parseStatusEntry } from '#statement/status-entry.js';
import { parseEntryBundle } from '#tlog/entry-bundle.js';
import { sha256Hex } from './public-proof.js';
import { expectStatusShown } from './public-status.js';
import { startService, type TestService } from './service.js';

interface Problem {
  code: string;
  standing?: { status: string; by: string; effectiveAt: string; receivedAt: string; successor?: string };
}

/** One record of each kind through its life, as its profile lets it: what the service answers, and what its proofs show. */
describe('the life of a record', () => {
  let service: TestService;
  let tax: string;
  beforeAll(async () => {
    service = await startService({ PROOF_STATUS_AGE_SECONDS: '0' });
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const agency = (await agencies.create('tax.example.gov', 'Tax Office'))!;
    tax = (await agencies.createKey(agency.id, 'test')).key;
  });
  afterAll(() => service.stop());

  const post = (url: string, payload: unknown, key = service.key) =>
    service.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      payload: JSON.stringify(payload),
    });
  const get = (url: string, key?: string) =>
    service.app.inject({ url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  const record = (document: string, profile: string, more: object = {}) => ({
    digests: { sha256: sha256Hex(document) },
    profile,
    blinded: true,
    ...more,
  });
  const lodge = async (document: string, profile: string, more: object = {}) => {
    const answer = await post('/v1/records', record(document, profile, more));
    expect(answer.statusCode, answer.body).toBe(201);
    await service.seal();
    return answer.json<{ id: string }>().id;
  };
  const change = async (id: string, payload: object) => {
    const answer = await post(`/v1/records/${id}/status`, payload);
    expect(answer.statusCode, answer.body).toBe(201);
    await service.seal();
  };
  const proofOf = async (id: string, status = 'latest') =>
    (await get(`/v1/records/${id}/proof?status=${encodeURIComponent(status)}`, service.key)).body;
  const shown = async (id: string, status?: string) =>
    expectStatusShown(parseProof(await proofOf(id, status))).statuses;
  const told = async (id: string, key?: string) =>
    (await get(`/v1/records/${id}`, key)).json<{ status?: { status: string; note: string } }>().status;
  const still = async (id: string, now = new Date()) => {
    const trustedKeys = [(await get('/v1/log/key')).body.trim()];
    const sources = { bitcoin: [], evm: [] };
    return (await verifyProof({ proof: await proofOf(id), trustedKeys, sources, now })).still;
  };
  /** A time after everything that was sealed and before what will be. */
  const between = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const time = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return time;
  };

  it('an invoice is consumed once: the second agency learns when, and by which class of agency', async () => {
    const id = await lodge('invoice', 'invoice@1', { claims: { currency: 'CNY', total: '113.00' } });
    const first = await post(`/v1/records/${id}/status`, { to: 'consumed', requestId: 'deduction-1' }, tax);
    expect(first.statusCode, first.body).toBe(201);
    await service.seal();
    const again = await post(`/v1/records/${id}/status`, { to: 'consumed', requestId: 'deduction-1' }, tax);
    expect(again.json()).toMatchObject({ repeated: true });
    const second = (await post(`/v1/records/${id}/status`, { to: 'consumed', requestId: 'x' })).json<Problem>();
    const receivedAt = first.json<{ statement: { receivedAt: string } }>().statement.receivedAt;
    expect(second).toMatchObject({
      code: 'status-conflict',
      standing: { status: 'consumed', by: 'other-agency', receivedAt },
    });
    expect(await shown(id)).toEqual(['consumed']);
    expect(await told(id)).toMatchObject({ status: 'consumed', note: expect.stringContaining('proof') as string });
    expect(await still(id)).toMatchObject({ state: 'consumed' });
  });

  it('a title with four versions says at each date which one stood', async () => {
    const versions = [await lodge('title 1', 'title@1', { claims: { parcel: 'P-17', version: 1 } })];
    const dates = [await between()];
    for (const version of [2, 3, 4]) {
      const supersedes = versions.at(-1);
      versions.push(await lodge(`title ${version}`, 'title@1', { claims: { parcel: 'P-17', version }, supersedes }));
      dates.push(await between());
    }
    for (const [at, date] of [dates[1]!, dates[3]!].entries()) {
      const standing = 2 * at + 1;
      for (const [i, id] of versions.entries()) {
        if (i > standing) {
          expect(JSON.parse(await proofOf(id, date))).toMatchObject({ code: 'no-such-status' });
        } else {
          expect(await shown(id, date), `version ${i + 1} at date ${standing + 1}`).toEqual(
            i < standing ? ['superseded'] : [],
          );
        }
      }
    }
    const events = parseProof(await proofOf(versions[0]!)).status!.events;
    expect(events[0]!.statement.by).toBe(versions[1]);
    // Whose parcel it is, and what became of it, is not for everybody.
    expect(await told(versions[0]!)).toBeUndefined();
    expect(await told(versions[0]!, service.key)).toMatchObject({ status: 'superseded', successor: versions[1] });
  });

  it("a company's bundle is changed, suspended, active again and cancelled", async () => {
    const first = await lodge('bundle 1', 'company@1');
    const second = await lodge('bundle 2', 'company@1', { supersedes: first });
    await change(second, { to: 'suspended', reason: 'abnormal-operation' });
    const suspended = await between();
    await change(second, { to: 'active' });
    const active = await between();
    await change(second, { to: 'revoked', reason: 'cancelled', effectiveAt: '2026-01-31T00:00:00Z' });
    expect(await shown(first)).toEqual(['superseded']);
    expect(await shown(second, suspended)).toEqual(['suspended']);
    expect(await shown(second, active)).toEqual(['active', 'suspended']);
    expect(await shown(second)).toEqual(['revoked', 'active', 'suspended']);
    expect(await still(second)).toMatchObject({ state: 'revoked' });
    const late = await post('/v1/records', record('bundle 3', 'company@1', { supersedes: second }));
    expect(late.json<Problem>()).toMatchObject({ code: 'status-conflict', standing: { status: 'revoked' } });
  });

  it('a permit expires by itself, without an event', async () => {
    const validUntil = '2026-01-01T00:00:00.000Z';
    const id = await lodge('permit', 'permit@1', { validUntil });
    expect(await shown(id)).toEqual([]);
    expect(await told(id)).toMatchObject({ status: 'expired', since: validUntil });
    expect(await still(id)).toMatchObject({ state: 'expired', since: validUntil });
    const valid = await lodge('valid permit', 'permit@1', { validUntil: '2999-01-01T00:00:00Z' });
    expect(await told(valid)).toMatchObject({ status: 'active' });
    expect(await still(valid)).toMatchObject({ state: 'active' });
  });

  it('50,000 permits of one lot are revoked in one call, and are one entry', { timeout: 120_000 }, async () => {
    const LOT = 50_000;
    await service.app.listen(0, '127.0.0.1');
    const origin = await service.app.getUrl();
    // Over a connection: what an agency has in work is counted until it closes.
    const send = async (url: string, payload: unknown) => {
      const answer = await fetch(`${origin}${url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}` },
        body: JSON.stringify(payload),
      });
      return { status: answer.status, json: (await answer.json()) as unknown };
    };
    const ids: string[] = [];
    for (let at = 0; at < LOT; at += 1000) {
      const lot = Array.from({ length: 1000 }, (_, i) =>
        record(`lot ${at + i}`, 'permit@1', { claims: { lot: 'L-2026-1' } }),
      );
      const { json } = await send('/v1/records', lot);
      ids.push(...(json as { records: { id: string }[] }).records.map(({ id }) => id));
    }
    await service.seal();
    const ordinal = async (id: string) => (await get(`/v1/records/${id}/history`)).json<{ ordinal: number }>().ordinal;
    const first = await ordinal(ids[0]!);
    const { json } = await send('/v1/status', { to: 'revoked', reason: 'recall', range: { first, count: LOT } });
    await service.seal();
    expect(json).toMatchObject({ results: [{ statement: { range: { first, count: LOT } } }], unchanged: [] });
    for (const id of [ids[0]!, ids[31_415]!, ids.at(-1)!]) expect(await shown(id)).toEqual(['revoked']);
    const page = await get(`/v1/log/entries/${Math.floor((first + LOT) / PAGE_ENTRIES)}`);
    const entry = parseEntryBundle(page.rawPayload)[(first + LOT) % PAGE_ENTRIES]!;
    expect(parseStatusEntry(entry)).toMatchObject({ first, count: LOT });

    // As a list, each by itself: all refused, told which and why, in one answer.
    const list = await send('/v1/status', { to: 'suspended', records: ids });
    expect(list.status).toBe(200);
    const { results } = list.json as { results: { problem: Problem }[] };
    expect(results).toHaveLength(LOT);
    expect(new Set(results.map(({ problem }) => problem.code))).toEqual(new Set(['status-conflict']));
    const tooMany = await send('/v1/status', { to: 'revoked', records: [...ids, ...ids, ids[0]] });
    expect(tooMany.json).toMatchObject({ code: 'body-too-complex' });
  });
});
