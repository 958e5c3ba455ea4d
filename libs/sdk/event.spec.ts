import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EventData as ServiceEventData } from '#events/event.js';
import type { EventData, FeedEvent } from './event.js';
import { problem, scripted } from './testing/scripted-service.js';

const event = (n: number): FeedEvent => ({
  id: `evt_${n}_0123456789ab`,
  type: 'endpoint.test',
  timestamp: '2026-03-02T09:30:00.000Z',
  data: { endpoint: 'we_1' },
});
const page = (numbers: number[], hasNext: boolean) =>
  Response.json(
    { events: numbers.map(event), cursor: numbers.length === 0 ? null : event(numbers.at(-1)!).id },
    { headers: hasNext ? { link: '</v1/events?after=x>; rel="next"' } : {} },
  );

describe('the feed', () => {
  it('has the types that the service tells', () => {
    expectTypeOf<EventData>().toEqualTypeOf<ServiceEventData>();
  });

  it('is read page by page up to the newest event', async () => {
    const { client, asked } = scripted([page([1, 2], true), page([3], false)]);
    const ids: string[] = [];
    for await (const { id } of client.events({ after: 'evt_9_0123456789ab' })) ids.push(id);
    expect(ids).toEqual([1, 2, 3].map((n) => event(n).id));
    expect(asked.map(({ url }) => new URL(url).searchParams.get('after'))).toEqual(['evt_9_0123456789ab', event(2).id]);
  });

  it('goes on with what happens next, until its reader leaves', async () => {
    const { client, sleeps } = scripted([page([], false), page([1], false), page([], false), page([2], false)]);
    const ids: string[] = [];
    for await (const { id } of client.events({ follow: true, pollMs: 2000 })) if (ids.push(id) === 2) break;
    expect(ids).toEqual([event(1).id, event(2).id]);
    expect(sleeps).toEqual([2000, 2000, 2000]);
  });

  it('says when what came after the cursor is not kept any more', async () => {
    const { client } = scripted([problem(410, 'cursor-gone')]);
    await expect(client.events({ after: event(1).id }).next()).rejects.toMatchObject({
      problem: { code: 'cursor-gone' },
    });
  });
});
