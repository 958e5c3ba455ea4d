-- Events in the order of the log: what an audit replays.
CREATE INDEX "chunk_events_idx" ON "chunk" ("batch_number", "batch_offset") WHERE "event_count" > 0 AND "batch_number" IS NOT NULL;
-- What has changed since a batch.
CREATE INDEX "status_leaf_batch_idx" ON "status_leaf" ("batch_number", "index");
