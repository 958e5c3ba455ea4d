-- Keys by which agencies sign what they notarise. What others rely on is the record that registers each; this is what the service asks at intake.
CREATE TABLE "signing_key" (
  "key_id" text PRIMARY KEY CHECK ("key_id" ~ '^[A-Za-z0-9_-]{43}$'),
  "agency_id" integer NOT NULL REFERENCES "agency" ("id"),
  "public_key" bytea NOT NULL CHECK (octet_length("public_key") = 32),
  "possession" bytea NOT NULL CHECK (octet_length("possession") = 64),
  "valid_from" timestamptz(3) NOT NULL,
  "valid_until" timestamptz(3) CHECK ("valid_until" >= "valid_from"),
  "created_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  "record_id" uuid,
  "revoked_at" timestamptz(3),
  "revoked_reason" text,
  "revocation_lodged" boolean NOT NULL DEFAULT false CHECK (NOT "revocation_lodged" OR "revoked_at" IS NOT NULL)
);
CREATE INDEX "signing_key_agency_id_idx" ON "signing_key" ("agency_id");
-- What a crash left to be done: few rows, and none most of the time.
CREATE INDEX "signing_key_due_idx" ON "signing_key" ("created_at")
  WHERE "record_id" IS NULL OR ("revoked_at" IS NOT NULL AND NOT "revocation_lodged");
COMMENT ON TABLE "signing_key" IS 'Public keys by which agencies sign what they notarise. Inserted when one is registered; record_id, the record of profile identity@1 that says so in the log, follows in another transaction, and until it is in the log the key is not taken. revoked_at stops the key at once, and revocation_lodged follows when the log says so. What a crash leaves between the two is done by whoever lists keys next, under the key''s own reference, so once.';
COMMENT ON COLUMN "signing_key"."possession" IS 'Ed25519 signature of the key over the text that names agency, log and key.';

-- On the channel of API keys: whoever remembers keys of agencies forgets them.
CREATE FUNCTION "tell_signing_key"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('api_key', NEW."key_id");
  RETURN NULL;
END $$;
CREATE TRIGGER "signing_key_changed" AFTER UPDATE OF "revoked_at" ON "signing_key"
  FOR EACH ROW EXECUTE FUNCTION "tell_signing_key"();
