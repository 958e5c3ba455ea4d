-- Agencies and their keys. Written by the admin routes only.
CREATE TABLE "agency" (
  "id" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "domain" text NOT NULL UNIQUE,
  "name" text NOT NULL,
  "created_at" timestamptz(3) NOT NULL DEFAULT now()
);
COMMENT ON TABLE "agency" IS 'An organisation that lodges records. Written by the admin routes; one insert, no crash window.';

CREATE TABLE "api_key" (
  "prefix" text PRIMARY KEY,
  "agency_id" integer NOT NULL REFERENCES "agency" ("id"),
  "secret_hash" bytea NOT NULL,
  "label" text NOT NULL DEFAULT '',
  "created_at" timestamptz(3) NOT NULL DEFAULT now(),
  "revoked_at" timestamptz(3)
);
CREATE INDEX "api_key_agency_id_idx" ON "api_key" ("agency_id");
COMMENT ON TABLE "api_key" IS 'API keys: public prefix and SHA-256 of the whole key, never the key. Written by the admin routes; revoking sets revoked_at.';

-- Intake.
CREATE TABLE "chunk" (
  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "record_count" integer NOT NULL CHECK ("record_count" > 0),
  "leaves" bytea NOT NULL CHECK (octet_length("leaves") = 32 * "record_count"),
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "batch_number" bigint,
  "batch_offset" integer,
  CHECK (("batch_number" IS NULL) = ("batch_offset" IS NULL))
);
-- Hashes do not compress: store them out of line as they are.
ALTER TABLE "chunk" ALTER COLUMN "leaves" SET STORAGE EXTERNAL;
CREATE INDEX "chunk_unsealed_idx" ON "chunk" ("id") WHERE "batch_number" IS NULL;
CREATE INDEX "chunk_batch_number_idx" ON "chunk" ("batch_number", "batch_offset") WHERE "batch_number" IS NOT NULL;
COMMENT ON TABLE "chunk" IS 'One commit group of accepted records: their leaf hashes in order. Inserted by intake in the same transaction as its records; a crash before that commit leaves neither, after it both. batch_number and batch_offset are set once, by the sealing transaction.';

CREATE TABLE "record" (
  "id" uuid NOT NULL,
  "agency_id" integer NOT NULL,
  "chunk_id" bigint NOT NULL,
  "position" integer NOT NULL,
  "digest" bytea NOT NULL,
  "other_digests" bytea[],
  "statement" text NOT NULL,
  PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");
CREATE INDEX "record_digest_idx" ON "record" (substring("digest", 1, 8));
CREATE INDEX "record_other_digests_idx" ON "record" USING gin ("other_digests") WHERE "other_digests" IS NOT NULL;
COMMENT ON TABLE "record" IS 'Accepted records, never updated. Partitioned by the UUIDv7 id, so by time; the service makes partitions ahead. The digest index holds eight bytes of the primary digest: a lookup compares the whole digest afterwards.';

CREATE TABLE "record_reference" (
  "agency_id" integer NOT NULL,
  "reference" text NOT NULL,
  "record_id" uuid NOT NULL,
  PRIMARY KEY ("agency_id", "reference")
);
COMMENT ON TABLE "record_reference" IS 'What must be unique for ever: an agency''s own reference. Inserted in the transaction of its record.';

-- The batch log.
CREATE TABLE "log" (
  "origin" text PRIMARY KEY,
  "verifier_key" text NOT NULL,
  "size" bigint NOT NULL DEFAULT 0,
  "root" bytea NOT NULL,
  "only" boolean NOT NULL DEFAULT true UNIQUE CHECK ("only")
);
COMMENT ON TABLE "log" IS 'The one batch log of this database. Its size moves only by the compare-and-swap at the end of a sealing transaction.';

CREATE TABLE "batch" (
  "number" bigint PRIMARY KEY,
  "size" integer NOT NULL,
  "root" bytea NOT NULL,
  "sealed_at" timestamptz(3) NOT NULL,
  "entry" bytea NOT NULL,
  "leaf_hash" bytea NOT NULL,
  "checkpoint" text NOT NULL
);
COMMENT ON TABLE "batch" IS 'A sealed batch and its entry in the log; number is the log index. Inserted by the sealing transaction, immutable.';

CREATE TABLE "batch_tile" (
  "batch_number" bigint NOT NULL,
  "level" smallint NOT NULL,
  "index" integer NOT NULL,
  "hashes" bytea NOT NULL,
  PRIMARY KEY ("batch_number", "level", "index")
);
ALTER TABLE "batch_tile" ALTER COLUMN "hashes" SET STORAGE EXTERNAL;
COMMENT ON TABLE "batch_tile" IS 'Tree nodes of a sealed batch, 256 hashes a tile at tree levels 0, 8 and 16. Inserted by the sealing transaction, immutable.';

CREATE TABLE "log_tile" (
  "level" smallint NOT NULL,
  "index" bigint NOT NULL,
  "hashes" bytea NOT NULL,
  "root" bytea NOT NULL,
  PRIMARY KEY ("level", "index")
);
ALTER TABLE "log_tile" ALTER COLUMN "hashes" SET STORAGE EXTERNAL;
COMMENT ON TABLE "log_tile" IS 'Complete tiles of the batch log; the right edge is computed from batch.leaf_hash and from roots of tiles below. Inserted by the sealing transaction, immutable.';

CREATE TABLE "checkpoint" (
  "size" bigint PRIMARY KEY,
  "root" bytea NOT NULL,
  "note" text NOT NULL,
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE "checkpoint" IS 'Signed heads of the batch log, at most one for a size. Committed by the sealing transaction before any leaves the process.';

-- Anchoring.
CREATE TABLE "submission" (
  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "anchor" text NOT NULL,
  "checkpoint_size" bigint NOT NULL REFERENCES "checkpoint" ("size"),
  "state" text NOT NULL DEFAULT 'unsubmitted' CHECK ("state" IN ('unsubmitted', 'pending', 'confirmed', 'final')),
  "attestation" bytea,
  "progress" jsonb,
  "detail" text NOT NULL DEFAULT '',
  "attempts" integer NOT NULL DEFAULT 0,
  "next_attempt_at" timestamptz(3),
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "updated_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "submitted_at" timestamptz(3),
  "confirmed_at" timestamptz(3),
  UNIQUE ("anchor", "checkpoint_size")
);
CREATE INDEX "submission_due_idx" ON "submission" ("next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "submission_confirmed_idx" ON "submission" ("checkpoint_size") WHERE "state" IN ('confirmed', 'final');
CREATE INDEX "submission_checkpoint_size_idx" ON "submission" ("checkpoint_size");
COMMENT ON TABLE "submission" IS 'One checkpoint on its way to one anchor. Inserted before the first attempt, updated with each answer before anything else is done with it; a crash in between repeats the attempt, which adapters make safe.';
