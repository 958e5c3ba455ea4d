-- What agencies make of the service, month by month.
ALTER TABLE "chunk" ADD COLUMN "reliance_count" integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN "chunk"."reliance_count" IS 'How many of its leaves are reliances. 0 in chunks of earlier versions.';

CREATE TABLE "usage_month" (
  "agency_id" integer NOT NULL,
  "month" date NOT NULL,
  "records" bigint NOT NULL DEFAULT 0,
  "status_changes" bigint NOT NULL DEFAULT 0,
  "reliances" bigint NOT NULL DEFAULT 0,
  "proofs" bigint NOT NULL DEFAULT 0,
  "look_ups" bigint NOT NULL DEFAULT 0,
  PRIMARY KEY ("agency_id", "month")
) WITH (fillfactor = 50);
CREATE INDEX "usage_month_month_idx" ON "usage_month" ("month", "agency_id");
COMMENT ON TABLE "usage_month" IS 'An agency''s use of the service in a month (UTC). records, status_changes and reliances are those of batches sealed in it, added by whoever announces a batch, in that transaction: exact, whatever crashes. proofs and look_ups are what others asked about its records, added by the API now and then: at least so many.';

CREATE TABLE "usage_relying" (
  "agency_id" integer NOT NULL,
  "month" date NOT NULL,
  "relying_id" integer NOT NULL,
  PRIMARY KEY ("agency_id", "month", "relying_id")
);
COMMENT ON TABLE "usage_relying" IS 'Which other agencies said in a month (UTC) that they rely on a record of this agency. Inserted with the reliance, in one statement.';

-- What was announced before this version. Batches from before there was batch_agency are counted from their rows.
INSERT INTO "usage_month" ("agency_id", "month", "records", "status_changes", "reliances")
WITH announced AS (SELECT "announced_size" AS "size" FROM "feed_progress"),
  batches AS (
    SELECT b."number", date_trunc('month', b."sealed_at" AT TIME ZONE 'UTC')::date AS "month",
      EXISTS (SELECT FROM "batch_agency" n WHERE n."batch_number" = b."number") AS "noted"
    FROM "batch" b, announced a WHERE b."number" < a."size"
  ), old AS MATERIALIZED (SELECT c."id", b."month" FROM batches b JOIN "chunk" c ON c."batch_number" = b."number" WHERE NOT b."noted"),
  events AS (
    SELECT e."agency_id", b."month", b."noted", count(*) AS "n" FROM "status_event" e JOIN "chunk" c ON c."id" = e."chunk_id" JOIN batches b ON b."number" = c."batch_number"
    GROUP BY 1, 2, 3
  ), reliances AS (
    SELECT l."agency_id", b."month", b."noted", count(*) AS "n" FROM "reliance" l JOIN "chunk" c ON c."id" = l."chunk_id" JOIN batches b ON b."number" = c."batch_number"
    GROUP BY 1, 2, 3
  ), part ("agency_id", "month", "records", "status_changes", "reliances") AS (
    SELECT n."agency_id", b."month", sum(n."entries"), 0, 0 FROM "batch_agency" n JOIN batches b ON b."number" = n."batch_number" GROUP BY 1, 2
    UNION ALL SELECT r."agency_id", o."month", count(*), 0, 0 FROM old o JOIN "record" r ON r."chunk_id" = o."id" GROUP BY 1, 2
    UNION ALL SELECT "agency_id", "month", CASE WHEN "noted" THEN -"n" ELSE 0 END, "n", 0 FROM events
    UNION ALL SELECT "agency_id", "month", CASE WHEN "noted" THEN -"n" ELSE 0 END, 0, "n" FROM reliances
  )
SELECT "agency_id", "month", sum("records"), sum("status_changes"), sum("reliances") FROM part GROUP BY 1, 2;

-- What is stored and not announced yet has no count of its reliances.
UPDATE "chunk" c SET "reliance_count" = l."n"
FROM (SELECT "chunk_id", count(*) AS "n" FROM "reliance" GROUP BY 1) l, "feed_progress" p
WHERE c."id" = l."chunk_id" AND (c."batch_number" IS NULL OR c."batch_number" >= p."announced_size");

INSERT INTO "usage_relying" ("agency_id", "month", "relying_id")
SELECT DISTINCT r."agency_id", date_trunc('month', c."created_at" AT TIME ZONE 'UTC')::date, l."agency_id"
FROM "reliance" l JOIN "chunk" c ON c."id" = l."chunk_id" JOIN "record" r ON r."id" = l."record_id" WHERE r."agency_id" <> l."agency_id";
