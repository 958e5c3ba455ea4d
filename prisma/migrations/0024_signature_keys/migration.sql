-- Keys whose holders sign their requests instead of sending a secret.
ALTER TABLE "api_key"
  ALTER COLUMN "secret_hash" DROP NOT NULL,
  ADD COLUMN "public_key" bytea CHECK (octet_length("public_key") = 32),
  ADD CONSTRAINT "api_key_is_of_one_kind" CHECK (("secret_hash" IS NULL) <> ("public_key" IS NULL));
COMMENT ON TABLE "api_key" IS 'API keys: public prefix, and the SHA-256 of the whole key, never the key; or the Ed25519 public key, of a holder who signs his requests (RFC 9421). Written by the admin routes; revoking sets revoked_at. last_used_at is written by the API now and then; networks are those from which the key may be used, all when there are none.';

CREATE TABLE "signature_nonce" (
  "key_prefix" text NOT NULL,
  "nonce" text NOT NULL CHECK (length("nonce") BETWEEN 1 AND 128),
  "seen_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY ("key_prefix", "nonce")
);
CREATE INDEX "signature_nonce_seen_at_idx" ON "signature_nonce" ("seen_at");
COMMENT ON TABLE "signature_nonce" IS 'Nonces of signed requests that were let in, for ten minutes: as long as a signature is taken. Inserted before the body is read, in whatever process, so that a request which is sent again is refused.';
