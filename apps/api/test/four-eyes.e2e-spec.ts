import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { SERVICE } from '#database/audit-log.repository.js';
import { ProposalRepository } from '#database/proposal.repository.js';
import { createApi } from '../create-api.js';
import { ProposalsService } from '../proposals/proposals.service.js';
import { StatusService } from '../status/status.service.js';
import { ADMIN, startService, type TestService } from './service.js';

const DOMAIN = 'records.example.gov';

interface Answer {
  id: string;
  code?: string;
  state?: string;
  answer?: { results?: object[]; problem?: { code: string } };
}

describe('four eyes', () => {
  let service: TestService;
  let other: NestFastifyApplication;
  /** A second key for statuses, and one that may change the rule too. */
  let second: string;
  let secondAdmin: string;
  let ids: string[];
  let counter = 0;

  beforeAll(async () => {
    service = await startService();
    other = await createApi(service.config);
    const agencies = service.app.get(AgencyRepository, { strict: false });
    second = (await agencies.createKey(service.agencyId, 'second', { scopes: ['status'] })).key;
    secondAdmin = (await agencies.createKey(service.agencyId, 'admin', { scopes: ['status', 'admin'] })).key;
  });
  afterAll(async () => {
    await other.close();
    await service.stop();
  });
  beforeEach(async () => {
    await setByOperator(2);
    await service.database.pool.query(
      `UPDATE "proposal" SET "state" = 'rejected', "held_until" = NULL WHERE "state" IN ('open', 'confirmed')`,
    );
    const payload = Array.from({ length: 3 }, () => ({
      profile: 'generic@1',
      digests: { sha256: createHash('sha256').update(`four eyes ${counter++}`).digest('hex') },
    }));
    const lodged = await service.app.inject({ method: 'POST', url: '/v1/records', headers: as(service.key), payload });
    ids = lodged.json<{ records: { id: string }[] }>().records.map(({ id }) => id);
    await service.seal();
  });

  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  const send = async (
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    payload?: object,
    key = service.key,
    app = service.app,
  ) => {
    const answer = await app.inject({ method, url, headers: as(key), ...(payload ? { payload } : {}) });
    return { status: answer.statusCode, ...answer.json<Answer>() };
  };
  const setByOperator = async (above: number | null) => {
    const set = await send('PUT', `/v1/agencies/${DOMAIN}/four-eyes`, { above }, ADMIN);
    expect(set.status).toBe(200);
  };
  const propose = (change: object = {}) =>
    send('POST', '/v1/status', { to: 'revoked', reason: 'test', records: ids, ...change });
  const decide = (id: string, verdict: 'confirm' | 'reject', key = second, app = service.app) =>
    send('POST', `/v1/proposals/${id}/${verdict}`, undefined, key, app);
  /** Events about the records of this test. */
  const events = async () => {
    const { rows } = await service.database.pool.query<{ n: number }>(
      `SELECT coalesce(sum(e."count"), 0)::integer AS n FROM "status_event" e WHERE e."statement" ~ $1`,
      [ids.join('|')],
    );
    return rows[0]!.n;
  };
  const acts = async () =>
    (await service.app.inject({ url: '/v1/audit?limit=1000', headers: as(ADMIN) })).json<{
      acts: { act: string; actor: string; subject: { proposal?: string } }[];
    }>().acts;

  it('let a change of many records wait for another key, which does it once', async () => {
    const proposed = await propose();
    expect(proposed).toMatchObject({
      status: 202,
      state: 'open',
      kind: 'status',
      change: { to: 'revoked', records: 3 },
    });
    expect(await events()).toBe(0);
    expect(await decide(proposed.id, 'confirm', service.key)).toMatchObject({ status: 403, code: 'second-key-needed' });
    expect(await events()).toBe(0);
    const confirmed = await decide(proposed.id, 'confirm');
    expect(confirmed).toMatchObject({ status: 200, state: 'done', proposedBy: service.keyPrefix });
    expect(confirmed.answer?.results).toHaveLength(3);
    expect(await events()).toBe(3);
    for (const verdict of ['confirm', 'reject'] as const)
      expect(await decide(proposed.id, verdict)).toMatchObject({ status: 409, code: 'proposal-closed' });
    expect(await send('GET', `/v1/proposals/${proposed.id}`)).toMatchObject({ state: 'done' });
    const told = (await acts()).filter(({ subject }) => subject.proposal === proposed.id);
    expect(told.map(({ act, actor }) => [act, actor.split(':')[0]])).toEqual([
      ['proposal.made', 'key'],
      ['proposal.confirmed', 'key'],
      ['proposal.done', 'service'],
    ]);
    expect(JSON.stringify(told)).not.toContain(ids[0]);
  });

  it('let pass what concerns few records, and nothing where it concerns a range or the agency wants every change seen', async () => {
    expect(await propose({ records: ids.slice(0, 2) })).toMatchObject({ status: 200 });
    expect(await propose({ records: undefined, range: { first: 0, count: 1 } })).toMatchObject({ status: 202 });
    await setByOperator(0);
    const single = await send('POST', `/v1/records/${ids[2]}/status`, { to: 'revoked' });
    expect(single).toMatchObject({ status: 202, state: 'open' });
    expect((await decide(single.id, 'confirm')).answer?.results).toHaveLength(1);
    await setByOperator(null);
    expect((await propose({ to: 'consumed', requestId: 'x' })).status).toBe(200);
  });

  it('say what is wrong before they ask a second key, and tell what is refused as a whole afterwards', async () => {
    for (const change of [
      { to: 'gone' },
      { records: ['x'] },
      { records: [] },
      { more: 1 },
      { range: { first: 0, count: 1 } },
    ])
      expect(await propose(change)).toMatchObject({ status: 422, code: 'invalid-body' });
    const beyond = await propose({ records: undefined, range: { first: 1_000_000, count: 5 } });
    expect((await decide(beyond.id, 'confirm')).answer?.problem).toMatchObject({ code: 'record-not-found' });
  });

  it('do it once when both processes are asked at once', async () => {
    const { id } = await propose();
    const decided = await Promise.all([
      decide(id, 'confirm'),
      decide(id, 'confirm', secondAdmin, other),
      decide(id, 'reject', secondAdmin, other),
    ]);
    expect(decided.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(decided.filter(({ code }) => code === 'proposal-closed')).toHaveLength(2);
    expect([0, 3]).toContain(await events());
  });

  it.each(['before it was done', 'after it was done'])('do it once when a process is lost %s', async (when) => {
    const { id } = await propose();
    const repository = service.app.get(ProposalRepository, { strict: false });
    await repository.decide(service.agencyId, id, 'sr_othersxx', 'confirmed', SERVICE);
    if (when.startsWith('after')) {
      const body = { to: 'revoked', reason: 'test', records: ids, requestId: id };
      await service.app
        .get(StatusService, { strict: false })
        .changeMany({ id: service.agencyId, domain: DOMAIN }, body);
    }
    const resume = () =>
      Promise.all([service.app, other].map((app) => app.get(ProposalsService, { strict: false }).resume()));
    await resume();
    expect(await send('GET', `/v1/proposals/${id}`)).toMatchObject({ state: 'confirmed' });
    await service.database.pool.query('UPDATE "proposal" SET "held_until" = now() WHERE "id" = $1', [id]);
    await resume();
    const done = await send('GET', `/v1/proposals/${id}`);
    expect(done).toMatchObject({ state: 'done' });
    expect(done.answer?.results).toHaveLength(3);
    expect(await events()).toBe(3);
  });

  it('forget what nobody confirmed within a day, and what was taken back', async () => {
    const [late, back] = [await propose(), await propose()];
    await service.database.pool.query('UPDATE "proposal" SET "expires_at" = now() WHERE "id" = $1', [late.id]);
    expect(await decide(late.id, 'confirm')).toMatchObject({ code: 'proposal-closed' });
    expect(await decide(back.id, 'reject', service.key)).toMatchObject({
      status: 200,
      state: 'rejected',
      decidedBy: null,
    });
    await service.app.get(ProposalsService, { strict: false }).resume();
    expect(await send('GET', `/v1/proposals/${late.id}`)).toMatchObject({ state: 'expired' });
    expect((await acts()).at(-1)).toMatchObject({ act: 'proposal.expired', subject: { proposal: late.id } });
    expect(await events()).toBe(0);
  });

  it('are made stricter by one key, and laxer by two that may', async () => {
    const rule = () => send('GET', '/v1/four-eyes');
    expect(await send('PUT', '/v1/four-eyes', { above: 1 })).toMatchObject({ status: 200, above: 1 });
    const laxer = await send('PUT', '/v1/four-eyes', { above: null });
    expect(laxer).toMatchObject({ status: 202, kind: 'four-eyes', change: { above: null } });
    expect(await rule()).toMatchObject({ above: 1 });
    expect(await decide(laxer.id, 'confirm')).toMatchObject({ code: 'insufficient-scope' });
    expect(await decide(laxer.id, 'confirm', service.key)).toMatchObject({ code: 'second-key-needed' });
    expect(await decide(laxer.id, 'confirm', secondAdmin)).toMatchObject({ status: 200, state: 'done' });
    expect(await rule()).toMatchObject({ above: null });
    expect(await send('PUT', '/v1/four-eyes', { above: 5 }, second)).toMatchObject({ code: 'insufficient-scope' });
    for (const above of [-1, 1.5, 'x', undefined])
      expect(await send('PUT', '/v1/four-eyes', { above })).toMatchObject({ code: 'invalid-body' });
  });

  it('keep proposals from strangers, and bound how many wait', async () => {
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const stranger = await agencies.createKey((await agencies.create('stranger.example', 'S'))!.id, '');
    const { id } = await propose();
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/confirm'],
      ['POST', '/reject'],
    ] as const)
      expect(await send(method, `/v1/proposals/${id}${path}`, undefined, stranger.key)).toMatchObject({ status: 404 });
    for (const wrong of ['x', '6f1c2b3a-94d8-4f7e-a1b2-c3d4e5f60718', '%00'])
      expect((await send('GET', `/v1/proposals/${wrong}`)).status, wrong).toBe(404);
    for (let i = 0; i < 19; i++) expect((await propose()).status).toBe(202);
    expect(await propose()).toMatchObject({ status: 409, code: 'too-many-proposals' });
  });
});
