import { type BatchEntry, parseBatchEntry } from '#statement/batch-entry.js';

const READ = new WeakMap<Uint8Array, BatchEntry>();

/** What a batch entry of our own log says; read once for as long as somebody holds these bytes. */
export function readEntry(entry: Uint8Array): BatchEntry {
  let batch = READ.get(entry);
  if (batch === undefined) {
    batch = parseBatchEntry(entry);
    READ.set(entry, batch);
  }
  return batch;
}
