-- Which batch was the newest at a time: what a status as of that time is shown under.
CREATE INDEX "batch_sealed_at_idx" ON "batch" ("sealed_at", "number");
