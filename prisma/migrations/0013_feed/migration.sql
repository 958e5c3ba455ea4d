-- Whose entries a chunk holds. Empty in chunks of earlier versions, which may go on writing them during an upgrade: those are counted from their rows.
ALTER TABLE "chunk"
  ADD COLUMN "agency_ids" integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN "agency_entries" integer[] NOT NULL DEFAULT '{}',
  ADD CHECK (cardinality("agency_ids") = cardinality("agency_entries"));
COMMENT ON COLUMN "chunk"."agency_entries" IS 'How many of its entries each agency of agency_ids has lodged, in the same order.';

CREATE TABLE "batch_agency" (
  "batch_number" bigint NOT NULL,
  "agency_id" integer NOT NULL,
  "entries" integer NOT NULL CHECK ("entries" > 0),
  PRIMARY KEY ("batch_number", "agency_id")
);
COMMENT ON TABLE "batch_agency" IS 'Whose entries a sealed batch holds, and how many. Inserted by whoever announces the batch, in the transaction of its events; immutable.';

-- What agencies are told.
CREATE TABLE "feed_event" (
  "number" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "tag" bytea NOT NULL DEFAULT substring(uuid_send(gen_random_uuid()) FROM 1 FOR 6),
  "agency_id" integer NOT NULL,
  "type" text NOT NULL,
  "happened_at" timestamptz(3) NOT NULL,
  "data" text NOT NULL CHECK (octet_length("data") < 19000),
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX "feed_event_agency_idx" ON "feed_event" ("agency_id", "number");
CREATE INDEX "feed_event_created_at_idx" ON "feed_event" USING brin ("created_at");
COMMENT ON TABLE "feed_event" IS 'What an agency is told, in order. Inserted in the transaction that makes it true or that notes it as announced; never updated; deleted after the time for which it is kept, but for the newest of each agency.';
COMMENT ON COLUMN "feed_event"."tag" IS 'Part of the id: after a database was restored, other events have the numbers of those that were lost, and other tags.';

-- Whoever writes events takes this lock before they get their numbers, and holds it until his commit: events become visible in the order of their
-- numbers, so that a reader who has seen one never misses another with a smaller number.
CREATE FUNCTION "lock_feed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(728374617);
  RETURN NULL;
END $$;
CREATE TRIGGER "feed_event_in_order" BEFORE INSERT ON "feed_event" FOR EACH STATEMENT EXECUTE FUNCTION "lock_feed"();

-- What was announced. What happened before this version is not announced any more.
CREATE TABLE "feed_progress" (
  "announced_size" bigint NOT NULL,
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only")
);
COMMENT ON TABLE "feed_progress" IS 'Size of the log up to which batches were announced. Moved in the transaction of their events.';
INSERT INTO "feed_progress" ("announced_size") SELECT coalesce(max("size"), 0) FROM "log";

CREATE TABLE "feed_anchor" (
  "anchor" text NOT NULL,
  "log_start" bigint NOT NULL,
  "confirmed_size" bigint NOT NULL,
  "final_size" bigint NOT NULL,
  PRIMARY KEY ("anchor", "log_start")
);
COMMENT ON TABLE "feed_anchor" IS 'Up to which size of the log that begins with batch log_start an anchor''s confirmations were announced, and what is final. Moved in the transaction of their events.';
INSERT INTO "feed_anchor" ("anchor", "log_start", "confirmed_size", "final_size")
  SELECT s."anchor", l."start", max(s."checkpoint_size"), coalesce(max(s."checkpoint_size") FILTER (WHERE s."state" = 'final'), l."start")
  FROM "submission" s CROSS JOIN LATERAL (SELECT coalesce(max("size"), 0) AS "start" FROM "ended_log" WHERE "size" < s."checkpoint_size") l
  WHERE s."state" IN ('confirmed', 'final') GROUP BY s."anchor", l."start";

ALTER TABLE "anchor" ADD COLUMN "overdue_announced" timestamptz(3);
COMMENT ON COLUMN "anchor"."overdue_announced" IS 'The overdue_since of which agencies were told.';
UPDATE "anchor" SET "overdue_announced" = "overdue_since";
