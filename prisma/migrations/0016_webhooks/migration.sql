-- Where agencies have their events sent.
CREATE TABLE "webhook_endpoint" (
  "id" text PRIMARY KEY,
  "agency_id" integer NOT NULL REFERENCES "agency" ("id"),
  "url" text NOT NULL,
  "types" text[] NOT NULL,
  "description" text NOT NULL DEFAULT '',
  "created_at" timestamptz(3) NOT NULL DEFAULT now(),
  "disabled_at" timestamptz(3),
  "disabled_why" text CHECK ("disabled_why" IN ('agency', 'gone', 'failed')),
  "failing_since" timestamptz(3),
  "paused_until" timestamptz(3),
  CHECK (("disabled_at" IS NULL) = ("disabled_why" IS NULL))
);
CREATE INDEX "webhook_endpoint_agency_id_idx" ON "webhook_endpoint" ("agency_id");
COMMENT ON TABLE "webhook_endpoint" IS 'An address to which an agency has events sent; types are those that it wants, all when there are none. Written by the agency''s routes, and by deliveries: failing_since is the first attempt since the last that succeeded, paused_until what the receiver asked for.';

CREATE TABLE "webhook_secret" (
  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "endpoint_id" text NOT NULL REFERENCES "webhook_endpoint" ("id") ON DELETE CASCADE,
  "scheme" text NOT NULL CHECK ("scheme" IN ('v1a', 'v1')),
  "secret" bytea NOT NULL,
  "created_at" timestamptz(3) NOT NULL DEFAULT now(),
  "expires_at" timestamptz(3)
);
CREATE INDEX "webhook_secret_endpoint_id_idx" ON "webhook_secret" ("endpoint_id");
COMMENT ON TABLE "webhook_secret" IS 'What webhooks are signed with: the seed of an Ed25519 key (v1a) or the key of an HMAC (v1), 32 bytes each. Every one that has not expired signs. Whoever reads this table can sign webhooks, and nothing else: the feed is the truth.';

CREATE TABLE "webhook_delivery" (
  "event_number" bigint NOT NULL REFERENCES "feed_event" ("number") ON DELETE CASCADE,
  "endpoint_id" text NOT NULL REFERENCES "webhook_endpoint" ("id") ON DELETE CASCADE,
  "state" text NOT NULL DEFAULT 'pending' CHECK ("state" IN ('pending', 'delivered', 'failed')),
  "attempts" integer NOT NULL DEFAULT 0,
  "step" integer NOT NULL DEFAULT 0,
  "began_at" timestamptz(3),
  "next_attempt_at" timestamptz(3) DEFAULT clock_timestamp(),
  PRIMARY KEY ("event_number", "endpoint_id"),
  CHECK (("state" = 'pending') = ("next_attempt_at" IS NOT NULL))
);
CREATE INDEX "webhook_delivery_endpoint_idx" ON "webhook_delivery" ("endpoint_id", "event_number");
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery" ("endpoint_id", "next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
COMMENT ON TABLE "webhook_delivery" IS 'An event on its way to an endpoint. Inserted in the transaction of the event. Held by moving its next attempt into the future, so that a crash repeats the attempt; attempts are all that were made, step those since it began or was asked to begin again.';

CREATE TABLE "webhook_attempt" (
  "event_number" bigint NOT NULL,
  "endpoint_id" text NOT NULL,
  "attempt" integer NOT NULL,
  "at" timestamptz(3) NOT NULL,
  "took_ms" integer NOT NULL,
  "status" integer,
  "problem" text,
  PRIMARY KEY ("event_number", "endpoint_id", "attempt"),
  FOREIGN KEY ("event_number", "endpoint_id") REFERENCES "webhook_delivery" ("event_number", "endpoint_id") ON DELETE CASCADE
);
COMMENT ON TABLE "webhook_attempt" IS 'What came of an attempt: the status of the answer, or why there was none. Of the answer itself nothing is kept. Inserted with what it makes of the delivery.';
