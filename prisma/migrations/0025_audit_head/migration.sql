-- Heads of the audit log that were notarised.
CREATE TABLE "audit_head" (
  "size" bigint PRIMARY KEY CHECK ("size" > 0),
  "head" text NOT NULL,
  "at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "record_id" uuid
);
COMMENT ON TABLE "audit_head" IS 'The text of a head of the audit log, one a day on which there was an act, and the record by which it was notarised. Inserted before the record is lodged, and record_id set afterwards: a crash in between leaves a row whose record is found, or lodged, again by its reference.';
