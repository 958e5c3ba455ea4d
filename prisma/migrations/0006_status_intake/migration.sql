-- A range of ordinals is looked up by its chunks. Chunk ids grow with time like the rows themselves, so that summaries of blocks are enough and cost inserts nothing.
CREATE INDEX "record_chunk_id_idx" ON "record" USING brin ("chunk_id");

ALTER TABLE "status_event" ADD COLUMN "request_id" text;
COMMENT ON COLUMN "status_event"."request_id" IS 'What the agency named its request by, so that it can repeat it: a record is consumed once, and only the same request is told so again.';
