-- Records that are checked at gates are sealed in small batches, which gate packs list while one of their records is valid.
ALTER TABLE "chunk" ADD COLUMN "gate_until" timestamptz(3);
COMMENT ON COLUMN "chunk"."gate_until" IS 'Until when the last of its records is checked at gates, infinity for one that does not end; null when none is. Such chunks are sealed by themselves, in small batches.';

CREATE TABLE "gate_batch" (
  "number" bigint PRIMARY KEY,
  "first" bigint NOT NULL,
  "size" integer NOT NULL CHECK ("size" > 0),
  "gate_until" timestamptz(3) NOT NULL,
  "subtrees" bytea NOT NULL CHECK (octet_length("subtrees") = 32 * (("size" + 255) / 256))
);
ALTER TABLE "gate_batch" ALTER COLUMN "subtrees" SET STORAGE EXTERNAL;
CREATE INDEX "gate_batch_gate_until_idx" ON "gate_batch" ("gate_until");
COMMENT ON TABLE "gate_batch" IS 'A sealed batch of records that are checked at gates: ordinal of its first entry, entries, until when the last is, and the hash over each 256 of its leaves. Inserted by the sealing transaction; immutable.';
