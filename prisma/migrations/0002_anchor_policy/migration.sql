-- What a submission costs, as its anchor last said. Amounts of a chain have up to 78 digits (2^256).
ALTER TABLE "submission"
  ADD COLUMN "spent" numeric(78, 0) CHECK ("spent" >= 0),
  ADD COLUMN "spent_unit" text CHECK ("spent_unit" IN ('sats', 'wei')),
  ADD COLUMN "spent_at" timestamptz(3),
  ADD CHECK (("spent" IS NULL) = ("spent_unit" IS NULL) AND ("spent" IS NULL) = ("spent_at" IS NULL));
COMMENT ON COLUMN "submission"."spent_at" IS 'When the amount last changed or the submission was confirmed, whichever is later: the day of a budget counts from here.';

CREATE INDEX "submission_spent_idx" ON "submission" ("anchor", "spent_at") WHERE "spent_at" IS NOT NULL;
CREATE INDEX "submission_open_idx" ON "submission" ("anchor") WHERE "state" IN ('unsubmitted', 'pending');
CREATE INDEX "submission_anchor_confirmed_idx" ON "submission" ("anchor", "checkpoint_size") WHERE "state" IN ('confirmed', 'final');
-- Due work is looked for at each anchor by itself, so that one with much of it does not hide the others'.
CREATE INDEX "submission_anchor_due_idx" ON "submission" ("anchor", "next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
DROP INDEX "submission_due_idx";

-- How many records a checkpoint covers, so that nobody has to add up batches.
ALTER TABLE "checkpoint" ADD COLUMN "records" bigint;
UPDATE "checkpoint" SET "records" = b."records"
  FROM (SELECT "number" + 1 AS "size", sum("size") OVER (ORDER BY "number") AS "records" FROM "batch") b
  WHERE "checkpoint"."size" = b."size";
ALTER TABLE "checkpoint" ALTER COLUMN "records" SET NOT NULL;

-- The anchors themselves.
CREATE TABLE "anchor" (
  "name" text PRIMARY KEY,
  "since" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "unsubmitted" bigint NOT NULL DEFAULT 0,
  "pending" bigint NOT NULL DEFAULT 0,
  "confirmed" bigint NOT NULL DEFAULT 0,
  "final" bigint NOT NULL DEFAULT 0,
  "attempts" bigint NOT NULL DEFAULT 0,
  "spent" numeric NOT NULL DEFAULT 0,
  "unit" text,
  "most_spent" numeric(78, 0),
  "paused_since" timestamptz(3),
  "paused_until" timestamptz(3),
  "paused_detail" text,
  "budget_checked_at" timestamptz(3),
  "overdue_since" timestamptz(3)
) WITH (fillfactor = 50);
COMMENT ON TABLE "anchor" IS 'One row for each anchor ever set up: totals over its submissions, kept by a trigger in the same transaction as they change; whether it is paused or overdue, kept by the workers, so that what is said when that begins and ends is said once.';

INSERT INTO "anchor" ("name", "since", "unsubmitted", "pending", "confirmed", "final", "attempts")
  SELECT "anchor", min("created_at"), count(*) FILTER (WHERE "state" = 'unsubmitted'), count(*) FILTER (WHERE "state" = 'pending'),
    count(*) FILTER (WHERE "state" = 'confirmed'), count(*) FILTER (WHERE "state" = 'final'), sum("attempts")
  FROM "submission" GROUP BY "anchor";

-- Adds what a statement has changed in submissions to their anchors' totals. Submissions are never deleted.
CREATE FUNCTION "count_submissions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "anchor" AS a ("name", "unsubmitted", "pending", "confirmed", "final", "attempts", "spent", "unit")
      SELECT "anchor", count(*) FILTER (WHERE "state" = 'unsubmitted'), count(*) FILTER (WHERE "state" = 'pending'),
        count(*) FILTER (WHERE "state" = 'confirmed'), count(*) FILTER (WHERE "state" = 'final'), sum("attempts"),
        coalesce(sum("spent"), 0), max("spent_unit")
      FROM "after" GROUP BY "anchor" ORDER BY "anchor"
    ON CONFLICT ("name") DO UPDATE SET
      "unsubmitted" = a."unsubmitted" + EXCLUDED."unsubmitted", "pending" = a."pending" + EXCLUDED."pending",
      "confirmed" = a."confirmed" + EXCLUDED."confirmed", "final" = a."final" + EXCLUDED."final",
      "attempts" = a."attempts" + EXCLUDED."attempts", "spent" = a."spent" + EXCLUDED."spent", "unit" = coalesce(EXCLUDED."unit", a."unit");
  ELSE
    UPDATE "anchor" a SET
      "unsubmitted" = a."unsubmitted" + d."unsubmitted", "pending" = a."pending" + d."pending",
      "confirmed" = a."confirmed" + d."confirmed", "final" = a."final" + d."final",
      "attempts" = a."attempts" + d."attempts", "spent" = a."spent" + d."spent", "unit" = coalesce(d."unit", a."unit")
    FROM (
      SELECT "anchor", coalesce(sum("n") FILTER (WHERE "state" = 'unsubmitted'), 0) AS "unsubmitted", coalesce(sum("n") FILTER (WHERE "state" = 'pending'), 0) AS "pending",
        coalesce(sum("n") FILTER (WHERE "state" = 'confirmed'), 0) AS "confirmed", coalesce(sum("n") FILTER (WHERE "state" = 'final'), 0) AS "final",
        sum("n" * "attempts") AS "attempts", coalesce(sum("n" * "spent"), 0) AS "spent", max("spent_unit") AS "unit"
      FROM (SELECT 1 AS "n", "anchor", "state", "attempts", "spent", "spent_unit" FROM "after"
        UNION ALL SELECT -1, "anchor", "state", "attempts", "spent", "spent_unit" FROM "before") s
      GROUP BY "anchor"
    ) d
    WHERE a."name" = d."anchor";
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "submission_inserted" AFTER INSERT ON "submission" REFERENCING NEW TABLE AS "after"
  FOR EACH STATEMENT EXECUTE FUNCTION "count_submissions"();
CREATE TRIGGER "submission_updated" AFTER UPDATE ON "submission" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after"
  FOR EACH STATEMENT EXECUTE FUNCTION "count_submissions"();
