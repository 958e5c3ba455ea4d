-- Imports that nobody goes on with are forgotten.
ALTER TABLE "import" ADD COLUMN "last_at" timestamptz(3) NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN "import"."last_at" IS 'When lines were last sent. An import is deleted with its groups some days later; its records stay.';
