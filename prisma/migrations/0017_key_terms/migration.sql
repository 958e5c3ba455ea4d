-- What an API key is good for, until when and from where. Keys that are there may do everything.
ALTER TABLE "api_key"
  ADD COLUMN "scopes" text[] NOT NULL DEFAULT '{submit,status,read,admin}'
    CHECK (cardinality("scopes") > 0 AND "scopes" <@ ARRAY['submit', 'status', 'read', 'admin']),
  ADD COLUMN "networks" text[] NOT NULL DEFAULT '{}',
  ADD COLUMN "expires_at" timestamptz(3),
  ADD COLUMN "expiring_announced" timestamptz(3),
  ADD COLUMN "last_used_at" timestamptz(3);
COMMENT ON TABLE "api_key" IS 'API keys: public prefix and SHA-256 of the whole key, never the key. Written by the admin routes; revoking sets revoked_at. last_used_at is written by the API now and then; networks are those from which the key may be used, all when there are none.';
COMMENT ON COLUMN "api_key"."expiring_announced" IS 'The expires_at of which the agency was told.';

-- Every process that remembers a key is told when it must not any more.
CREATE FUNCTION "tell_api_key"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('api_key', NEW."prefix");
  RETURN NULL;
END $$;
CREATE TRIGGER "api_key_changed" AFTER UPDATE OF "revoked_at", "expires_at", "scopes", "networks" ON "api_key"
  FOR EACH ROW EXECUTE FUNCTION "tell_api_key"();
