import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { announceNews } from '#events/announce.js';
import { eventListSchema } from '../events/event-schemas.js';
import { sha256Hex } from './public-proof.js';
import { startService, type TestService } from './service.js';

interface Page {
  events: { id: string; type: string; timestamp: string; data: Record<string, unknown> }[];
  cursor: string | null;
}

describe('/v1/events', () => {
  let service: TestService;
  let bank: string;
  beforeAll(async () => {
    service = await startService();
    const agencies = service.app.get(AgencyRepository, { strict: false });
    bank = (await agencies.createKey((await agencies.create('bank.example', 'Bank'))!.id, '')).key;
  });
  afterAll(() => service.stop());

  const post = (url: string, payload: unknown, key = service.key) =>
    service.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      payload: JSON.stringify(payload),
    });
  const get = (url: string, key = service.key) =>
    service.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
  const read = async (query: string, key?: string) => {
    const answer = await get(`/v1/events${query}`, key);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.headers['cache-control']).toBe('private, no-store');
    const page = answer.json<Page>();
    expect(eventListSchema.safeParse(page).error).toBeUndefined();
    return { ...page, link: answer.headers['link'] as string | undefined };
  };
  const sealAndAnnounce = async () => {
    await service.seal();
    while ((await announceNews(service.database.pool))?.more !== false);
  };

  it('tell an agency, and one that relies on its record, what became of it', async () => {
    expect(await read('')).toMatchObject({ events: [], cursor: null });
    const lodged = await post('/v1/records', { digests: { sha256: sha256Hex('told') }, profile: 'generic@1' });
    const { id } = lodged.json<{ id: string }>();
    expect((await post(`/v1/records/${id}/reliances`, { purpose: 'account-opening' }, bank)).statusCode).toBe(201);
    await sealAndAnnounce();
    const sealed = await read('');
    expect(sealed.events).toMatchObject([{ type: 'batch.sealed', data: { batch: 0, entries: 1 } }]);
    expect((await post(`/v1/records/${id}/status`, { to: 'revoked', reason: 'misuse' })).statusCode).toBe(201);
    await sealAndAnnounce();
    const { events } = await read(`?after=${sealed.cursor}`);
    expect(events.map(({ type }) => type)).toEqual(['batch.sealed', 'record.status_changed']);
    expect(events[1]!.data).toMatchObject({ record: id, status: 'revoked', reason: 'misuse', batch: 1, ordinal: 2 });
    const told = await read('', bank);
    expect(told.events.map(({ type }) => type)).toEqual(['batch.sealed', 'relied_record.status_changed']);
    expect(told.events[1]!.data).toMatchObject({ records: [id], status: 'revoked', agency: 'records.example.gov' });
  });

  it('are read page by page to the end along the links, and later on from the cursor', async () => {
    for (let i = 0; i < 4; i++) {
      await post('/v1/records', { digests: { sha256: sha256Hex(`page ${i}`) }, profile: 'generic@1' });
      await sealAndAnnounce();
    }
    const whole = await read('?limit=1000');
    expect(whole.link).toBeUndefined();
    const ids: string[] = [];
    let next: string | undefined = '?limit=2';
    let cursor: string | null = null;
    while (next !== undefined) {
      const page: Page & { link: string | undefined } = await read(next);
      ids.push(...page.events.map(({ id }) => id));
      cursor = page.cursor;
      next = page.link && /^<\/v1\/events(\?[^>]+)>; rel="next"$/.exec(page.link)![1];
    }
    expect(ids).toEqual(whole.events.map(({ id }) => id));
    expect(ids.every((id) => !id.includes('.'))).toBe(true);
    expect([cursor, await read(`?after=${cursor}`)]).toMatchObject([ids.at(-1), { events: [], cursor }]);
  });

  it('are refused to strangers, with what is no cursor, and after an event that the feed does not have', async () => {
    expect((await service.app.inject('/v1/events')).statusCode).toBe(401);
    for (const query of ['after=1', 'after=evt_1_0', 'limit=0', 'limit=1001', 'before=1'])
      expect((await get(`/v1/events?${query}`)).json(), query).toMatchObject({ code: 'bad-request' });
    const { cursor } = await read('');
    expect((await get(`/v1/events?after=${cursor}`, bank)).json()).toMatchObject({ status: 410, code: 'cursor-gone' });
    const other = `${cursor!.slice(0, -12)}${'0'.repeat(12)}`;
    expect((await get(`/v1/events?after=${other}`)).json()).toMatchObject({ code: 'cursor-gone' });
  });
});
