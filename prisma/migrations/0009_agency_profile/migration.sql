CREATE TABLE "agency_profile" (
  "agency_id" integer NOT NULL REFERENCES "agency" ("id"),
  "profile" text NOT NULL,
  "since" timestamptz(3) NOT NULL,
  PRIMARY KEY ("agency_id", "profile")
);
COMMENT ON TABLE "agency_profile" IS 'Which kinds of record an agency has lodged, since when: what GET /v1/agencies tells. Inserted by intake after the commit of the first such record that its process has seen; a crash in between leaves it to the next record.';

INSERT INTO "agency_profile" ("agency_id", "profile", "since")
  SELECT "agency_id", "statement"::json ->> 'profile', min(("statement"::json ->> 'receivedAt')::timestamptz) FROM "record" GROUP BY 1, 2;
