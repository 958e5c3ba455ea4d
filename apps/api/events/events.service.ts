import { Injectable } from '@nestjs/common';
import { type FeedEvent, FeedEventRepository, type FeedPlace } from '#database/feed-event.repository.js';
import { formatEventId, parseEventId } from '#events/event.js';
import { Problem } from '../problems/problem.js';

/** A page of an agency's feed. */
export interface EventPage {
  /** JSON text. */
  json: string;
  /** The `Link` header of the next page; undefined at the end of the feed. */
  link: string | undefined;
}

/** The feed of an agency, as the HTTP API speaks of it. */
@Injectable()
export class EventsService {
  constructor(private readonly feed: FeedEventRepository) {}

  /** At most `limit` events after the one with the id `after`.
   * @throws Problem `cursor-gone` */
  async page(agencyId: number, after: string | undefined, limit: number): Promise<EventPage> {
    const place = after === undefined ? null : await this.#place(agencyId, after);
    // One more than asked: whether there is a next page.
    const found = await this.feed.after(agencyId, place, limit + 1);
    const events = found.slice(0, limit);
    const last = events.at(-1);
    const cursor = last === undefined ? (after ?? null) : formatEventId(last);
    const more = found.length > limit;
    return {
      json: `{"events":[${events.map(eventJson).join(',')}],"cursor":${JSON.stringify(cursor)}}`,
      link: more ? `</v1/events?after=${cursor}&limit=${limit}>; rel="next"` : undefined,
    };
  }

  async #place(agencyId: number, cursor: string): Promise<FeedPlace> {
    const place = parseEventId(cursor);
    if (place !== null && (await this.feed.has(agencyId, place))) return place;
    throw new Problem(
      'cursor-gone',
      `The feed has no event ${cursor} (any more), so that events after it may be missing. Begin again without "after".`,
    );
  }
}

/** An event as JSON text: its data is never parsed. */
function eventJson(event: FeedEvent): string {
  const { type, happenedAt, data } = event;
  return `{"id":"${formatEventId(event)}","type":"${type}","timestamp":"${happenedAt.toISOString()}","data":${data}}`;
}
