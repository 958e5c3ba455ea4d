ALTER TABLE "record_status" ADD COLUMN "events" integer NOT NULL DEFAULT 1 CHECK ("events" > 0);
COMMENT ON COLUMN "record_status"."events" IS 'How many events there are about the record: a proof holds a bounded number of them.';
