-- Whether agencies hold their domains: by a TXT record, looked at again and again.
CREATE TABLE "agency_domain" (
  "agency_id" integer PRIMARY KEY REFERENCES "agency" ("id"),
  "token" text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
  "state" text NOT NULL DEFAULT 'unverified' CHECK ("state" IN ('unverified', 'verified')),
  "since" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "version" integer NOT NULL DEFAULT 0,
  "record_id" uuid,
  "seen_at" timestamptz(3),
  "absent_since" timestamptz(3),
  "checked_at" timestamptz(3),
  "outcome" text CHECK ("outcome" IN ('seen', 'absent', 'disputed', 'unanswered')),
  "answers" text,
  "next_check_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX "agency_domain_due_idx" ON "agency_domain" ("next_check_at");
COMMENT ON TABLE "agency_domain" IS 'Whether an agency has shown that it holds its domain, and what the last look at its TXT record gave. A row is there when the agency has asked for its token. A process that looks moves next_check_at on, so that a crash repeats the look.';
COMMENT ON COLUMN "agency_domain"."record_id" IS 'The record that says so in the log: set after it was lodged, and emptied after it was ended; where it does not fit the state, that is still to be done.';

CREATE TABLE "domain_history" (
  "agency_id" integer NOT NULL REFERENCES "agency" ("id"),
  "at" timestamptz(3) NOT NULL,
  "outcome" text NOT NULL,
  "answers" text NOT NULL,
  PRIMARY KEY ("agency_id", "at")
);
COMMENT ON TABLE "domain_history" IS 'Each look at an agency''s TXT record that gave another outcome than the one before, with what each resolver said. Inserted with it; can be neither changed nor deleted.';
CREATE TRIGGER "domain_history_is_added_to" BEFORE UPDATE OR DELETE OR TRUNCATE ON "domain_history"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
