ALTER TABLE "reliance" ADD COLUMN "signed" boolean NOT NULL GENERATED ALWAYS AS ("statement"::jsonb ? 'agencySignature') STORED;
ALTER TABLE "reliance" DROP CONSTRAINT "reliance_pkey", ADD PRIMARY KEY ("record_id", "agency_id", "purpose", "signed");
COMMENT ON TABLE "reliance" IS 'That an agency relies on a record, once for each purpose, and once more with the agency''s own signature where it was said without it before. Inserted with its chunk, whose leaf at this position is its hash, in one statement; a crash leaves both or neither. Never updated.';
