import type pg from 'pg';
import type { NewRecord } from './record-insert.js';
import { claimReferences, insertRecords, type NewStatusEvent, nextChunkId, storeEvents } from './status-lodging.js';

/** A record that takes the place of another, and the event by which that one gives it. */
export interface NewSuccessor {
  record: NewRecord;
  event: NewStatusEvent;
}

/**
 * Stores records and the events by which others give their places to them, in a transaction and as one chunk: the records' leaves, then the events'. References
 * are unique among them, and so are the records that give their places. Resolves to the ids of the records that were not stored, nor their events, because their
 * references are taken; to null when one of those others is no longer as it was seen: then the transaction must end without a commit.
 */
export async function storeSuccessors(
  client: pg.PoolClient,
  successors: readonly NewSuccessor[],
): Promise<Set<string> | null> {
  // References before statuses, as everywhere: nobody waits in a ring.
  const taken = await claimReferences(
    client,
    successors.map(({ record }) => record),
  );
  const stored = successors.filter(({ record }) => !taken.has(record.id));
  if (stored.length === 0) return taken;
  const chunkId = await nextChunkId(client);
  const records = stored.map(({ record }) => record);
  if (
    !(await storeEvents(
      client,
      chunkId,
      records,
      stored.map(({ event }) => event),
    ))
  )
    return null;
  await insertRecords(client, chunkId, records);
  return taken;
}
