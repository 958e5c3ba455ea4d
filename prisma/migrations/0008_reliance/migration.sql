CREATE TABLE "reliance" (
  "chunk_id" bigint NOT NULL,
  "position" integer NOT NULL,
  "agency_id" integer NOT NULL,
  "record_id" uuid NOT NULL,
  "purpose" text NOT NULL,
  "statement" text NOT NULL,
  PRIMARY KEY ("record_id", "agency_id", "purpose")
);
COMMENT ON TABLE "reliance" IS 'That an agency relies on a record, once for each purpose. Inserted with its chunk, whose leaf at this position is its hash, in one statement; a crash leaves both or neither. Never updated.';
