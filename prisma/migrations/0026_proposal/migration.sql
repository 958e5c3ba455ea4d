-- Four eyes: what one key asks for, another one confirms.
ALTER TABLE "agency" ADD COLUMN "four_eyes_above" integer CHECK ("four_eyes_above" >= 0);
COMMENT ON COLUMN "agency"."four_eyes_above" IS 'A change of the status of more records than this at a time, or of a range, needs a second key; null where none does.';

CREATE TABLE "proposal" (
  "id" uuid PRIMARY KEY,
  "agency_id" integer NOT NULL REFERENCES "agency" ("id"),
  "kind" text NOT NULL CHECK ("kind" IN ('status', 'four-eyes')),
  "request" text NOT NULL,
  "summary" text NOT NULL,
  "proposed_by" text NOT NULL,
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "expires_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp() + interval '1 day',
  "state" text NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'confirmed', 'done', 'rejected', 'expired')),
  "decided_by" text CHECK ("decided_by" <> "proposed_by"),
  "decided_at" timestamptz(3),
  "held_until" timestamptz(3),
  "answer" text,
  CHECK (("state" = 'confirmed') = ("held_until" IS NOT NULL)),
  CHECK (("state" IN ('confirmed', 'done')) <= ("decided_by" IS NOT NULL))
);
ALTER TABLE "proposal" ALTER COLUMN "request" SET STORAGE EXTERNAL;
CREATE INDEX "proposal_agency_idx" ON "proposal" ("agency_id", "created_at", "id");
CREATE INDEX "proposal_waiting_idx" ON "proposal" ("agency_id") WHERE "state" IN ('open', 'confirmed');
COMMENT ON TABLE "proposal" IS 'What a key has asked for and another one must confirm, by prefixes of keys. Each step is one transaction with its act of the audit log. A confirmed one is held by the process that does it until held_until; after a crash another one does it again, under the same request id, so that what was done is found.';
