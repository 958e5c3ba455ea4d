-- Bulk imports: which lines were taken, so that each counts once however often it is sent.
CREATE TABLE "import" (
  "id" uuid PRIMARY KEY,
  "agency_id" integer NOT NULL,
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "committed" bigint NOT NULL DEFAULT 0 CHECK ("committed" >= 0),
  "failed" bigint NOT NULL DEFAULT 0 CHECK ("failed" BETWEEN 0 AND "committed"),
  "lines_hash" bytea NOT NULL DEFAULT '\x' CHECK (octet_length("lines_hash") IN (0, 32)),
  "writer" uuid,
  "writer_until" timestamptz(3),
  CHECK (("writer" IS NULL) = ("writer_until" IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE "import" IS 'An agency''s bulk import. committed counts the lines that were taken, failed those among them that were refused. Updated with each group of lines, in the transaction that stores their records, by the one writer that holds the lease (writer, until writer_until): a crash before that commit leaves the group to be sent again, after it nothing to be done. The lease of a writer that is killed runs out.';

CREATE TABLE "import_group" (
  "import_id" uuid NOT NULL REFERENCES "import" ("id"),
  "first" bigint NOT NULL CHECK ("first" >= 0),
  "count" integer NOT NULL CHECK ("count" > 0),
  "failed" integer NOT NULL CHECK ("failed" BETWEEN 0 AND "count"),
  "line_hashes" bytea NOT NULL CHECK (octet_length("line_hashes") = 8 * "count"),
  "record_ids" bytea NOT NULL CHECK (octet_length("record_ids") = 16 * "count"),
  "problems" text NOT NULL,
  "lines_hash" bytea NOT NULL CHECK (octet_length("lines_hash") = 32),
  "entry" bytea CHECK (octet_length("entry") = 32),
  PRIMARY KEY ("import_id", "first")
);
-- Hashes do not compress.
ALTER TABLE "import_group" ALTER COLUMN "line_hashes" SET STORAGE EXTERNAL;
ALTER TABLE "import_group" ALTER COLUMN "record_ids" SET STORAGE EXTERNAL;
COMMENT ON TABLE "import_group" IS 'Lines of an import that were taken in one transaction, with their records: for each the beginning of its hash and the id of its record, which is zeros for a line that was refused; problems is a JSON array with one element for each of those. entry is what a receipt is over, null when every line was refused. Inserted with the records, never updated.';
