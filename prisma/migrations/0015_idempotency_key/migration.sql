CREATE TABLE "idempotency_key" (
  "agency_id" integer NOT NULL,
  "route" text NOT NULL,
  "key" text NOT NULL CHECK (length("key") BETWEEN 1 AND 255),
  "fingerprint" bytea NOT NULL CHECK (octet_length("fingerprint") = 32),
  "seed" bytea NOT NULL CHECK (octet_length("seed") = 32),
  "created_at" timestamptz(3) NOT NULL,
  "busy_until" timestamptz(3),
  "status" smallint,
  "location" text,
  "answer" bytea,
  PRIMARY KEY ("agency_id", "route", "key"),
  CHECK (("status" IS NULL) = ("busy_until" IS NOT NULL) AND ("status" IS NULL) = ("answer" IS NULL))
);
-- Answers are read once or never.
ALTER TABLE "idempotency_key" ALTER COLUMN "answer" SET STORAGE EXTERNAL;
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key" ("created_at");
COMMENT ON TABLE "idempotency_key" IS 'Requests that came with an Idempotency-Key, for a day. Inserted before a request is worked on; its answer is added afterwards, or the row deleted where it was refused. A crash in between leaves the row without an answer until busy_until: who repeats the request then works on it anew with the same seed and time, which make the same records, so that those that were stored are found and none is stored twice.';
