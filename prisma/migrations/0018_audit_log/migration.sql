-- What administrators did, for good.
CREATE TABLE "audit_act" (
  "ordinal" bigint PRIMARY KEY CHECK ("ordinal" >= 0),
  "act" text NOT NULL,
  "frontier" bytea NOT NULL
);
COMMENT ON TABLE "audit_act" IS 'The audit log: one administrative act a row, in canonical JSON, never a secret. Inserted in the transaction of the act itself; a row can be neither changed nor deleted, and ordinals have no gaps.';
COMMENT ON COLUMN "audit_act"."frontier" IS 'Roots of the complete subtrees of the RFC 9162 tree over the acts up to this one, largest first, 32 bytes each: the next act needs this row and no other.';

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table "%" is only added to: expected no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "audit_act_is_added_to" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_act"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE FUNCTION "follow_act"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."ordinal" IS DISTINCT FROM (SELECT coalesce(max("ordinal") + 1, 0) FROM "audit_act") THEN
    RAISE EXCEPTION 'expected the next ordinal of the audit log, got %', NEW."ordinal" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "audit_act_follows" BEFORE INSERT ON "audit_act" FOR EACH ROW EXECUTE FUNCTION "follow_act"();
