import type { NewFeedEvent } from '#database/feed-event.repository.js';
import type { EventData, EventType } from './event.js';

/** An event that is ready to be stored. */
export function newEvent<T extends EventType>(
  agencyId: number,
  type: T,
  happenedAt: Date,
  data: EventData[T],
): NewFeedEvent {
  return { agencyId, type, happenedAt, data: JSON.stringify(data) };
}
