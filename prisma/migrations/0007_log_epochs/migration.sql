-- Where one log ends and another goes on: see libs/sealing/log-epoch.ts.
CREATE TABLE "ended_log" (
  "origin" text PRIMARY KEY,
  "verifier_key" text NOT NULL,
  "size" bigint NOT NULL,
  "head_size" bigint NOT NULL CHECK ("head_size" >= "size"),
  "head_root" bytea NOT NULL,
  "head" text NOT NULL,
  "successor" text NOT NULL UNIQUE,
  "ended_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX "ended_log_size_idx" ON "ended_log" ("size");
COMMENT ON TABLE "ended_log" IS 'Logs that this database held before its present one: the batches below size are of the first whose size is larger. head is the newest signed checkpoint of it that anybody knew; it may be larger than size, when the database came from a backup. Inserted in the transaction that renames the row of log.';

-- The newest size whose checkpoints can stand for a batch: they are signed under the name of the batch's own log.
CREATE FUNCTION "log_end"("number" bigint) RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT coalesce((SELECT min("size") FROM "ended_log" WHERE "size" > "number"), 9223372036854775807) $$;

-- Heads of the present log that others have and this database has not.
CREATE TABLE "unknown_head" (
  "origin" text NOT NULL,
  "size" bigint NOT NULL,
  "root" bytea NOT NULL,
  "note" text NOT NULL,
  "seen_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY ("origin", "size", "root")
);
COMMENT ON TABLE "unknown_head" IS 'Checkpoints signed with this log''s key that were shown to the service and are not in checkpoint: the database is not the newest. Inserted by the API; while there is one of the present log, sealing stops and no process starts.';
