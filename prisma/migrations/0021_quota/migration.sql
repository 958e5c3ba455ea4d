-- What an agency may submit.
ALTER TABLE "agency"
  ADD COLUMN "quota_seconds" integer CHECK ("quota_seconds" BETWEEN 1 AND 86400),
  ADD COLUMN "quota_requests" integer CHECK ("quota_requests" > 0),
  ADD COLUMN "quota_records" integer CHECK ("quota_records" > 0),
  ADD CHECK ("quota_requests" IS NULL OR "quota_seconds" IS NOT NULL),
  ADD CHECK ("quota_records" IS NULL OR "quota_requests" IS NOT NULL);
COMMENT ON COLUMN "agency"."quota_seconds" IS 'The window of its quota: in each it may submit quota_requests requests with quota_records records. Null: what the settings say; not null without requests: no quota, whatever the settings say.';

CREATE TABLE "quota_use" (
  "agency_id" integer PRIMARY KEY REFERENCES "agency" ("id"),
  "window" bigint NOT NULL,
  "requests" integer NOT NULL CHECK ("requests" >= 0),
  "records" integer NOT NULL CHECK ("records" >= 0),
  "granted_requests" integer NOT NULL,
  "granted_records" integer NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE "quota_use" IS 'What of an agency''s quota was handed out to processes in its newest window, by the clock of the database. A process takes some at a time and counts in memory; what it has left it gives back when it stops, and a process that is killed takes it along until the window ends. granted_… is what the newest statement got.';

-- Every process that remembers a key is told that its agency's quota has changed.
CREATE FUNCTION "tell_quota"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('api_key', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "quota_changed" AFTER UPDATE OF "quota_seconds", "quota_requests", "quota_records" ON "agency"
  FOR EACH ROW EXECUTE FUNCTION "tell_quota"();
