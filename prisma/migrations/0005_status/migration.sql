-- What becomes of records. Events are entries of batches like records; the status vector over all entries is part of every batch entry.

ALTER TABLE "chunk" ADD COLUMN "event_count" integer NOT NULL DEFAULT 0 CHECK ("event_count" >= 0);
COMMENT ON COLUMN "chunk"."event_count" IS 'How many of its leaves are status events: a chunk without any is sealed without looking for them.';

-- Ordinals count entries over all batches: from an ordinal to its batch.
CREATE UNIQUE INDEX "checkpoint_records_idx" ON "checkpoint" ("records");

CREATE TABLE "status_event" (
  "chunk_id" bigint NOT NULL,
  "position" integer NOT NULL,
  "agency_id" integer NOT NULL,
  "first_ordinal" bigint NOT NULL CHECK ("first_ordinal" >= 0),
  "count" integer NOT NULL CHECK ("count" > 0),
  "state" smallint NOT NULL CHECK ("state" IN (1, 2, 3, 12, 13)),
  "effective_at" timestamptz(3) NOT NULL,
  "previous" bigint CHECK ("previous" IS NULL OR ("previous" > "first_ordinal" AND "count" = 1)),
  "statement" text NOT NULL,
  PRIMARY KEY ("chunk_id", "position")
);
COMMENT ON TABLE "status_event" IS 'A change of status: its statement, and what else its entry says. Inserted with its chunk, whose leaf at this position is its hash, and with the rows of record_status that it moves, in one transaction; a crash before that commit leaves none of them, after it all. Never updated.';

CREATE TABLE "record_status" (
  "ordinal" bigint PRIMARY KEY,
  "state" smallint NOT NULL,
  "chunk_id" bigint NOT NULL,
  "position" integer NOT NULL
) WITH (fillfactor = 90);
COMMENT ON TABLE "record_status" IS 'One row for each record about which there is an event: the newest state and the event that led there, sealed or not. It decides transitions: whoever moves a record inserts this row, or updates it from the event that it saw, in the transaction that stores the event; of two that try, the second finds another event and stores nothing.';

CREATE TABLE "status_leaf" (
  "index" bigint NOT NULL,
  "batch_number" bigint NOT NULL,
  "bytes" bytea NOT NULL CHECK (octet_length("bytes") BETWEEN 40 AND 544),
  PRIMARY KEY ("index", "batch_number")
);
COMMENT ON TABLE "status_leaf" IS 'Leaves of the status vector in which something was touched, by the batch from which they hold until the next with the same index. Inserted by the sealing transaction, so that a crash leaves the batch with them or neither; immutable.';

CREATE TABLE "status_tile" (
  "level" smallint NOT NULL,
  "index" bigint NOT NULL,
  "batch_number" bigint NOT NULL,
  "hashes" bytea NOT NULL CHECK (octet_length("hashes") = 512),
  PRIMARY KEY ("level", "index", "batch_number")
);
-- Hashes do not compress.
ALTER TABLE "status_tile" ALTER COLUMN "hashes" SET STORAGE EXTERNAL;
COMMENT ON TABLE "status_tile" IS 'Nodes of the status tree, 16 hashes of row 4 * level a tile, where something below was touched, by the batch from which they hold until the next with the same name. What was never touched is constant and not stored. Inserted by the sealing transaction, immutable.';
