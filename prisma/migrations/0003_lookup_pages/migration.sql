-- A lookup by digest reads a page of a few records in the order of their ids, whoever lodged how many with that digest. Each index holds eight
-- bytes of a digest and the id: a page is one short range of it in each partition. A record has at most four digests.
DROP INDEX "record_digest_idx";
DROP INDEX "record_other_digests_idx";
CREATE INDEX "record_digest_idx" ON "record" (substring("digest", 1, 8), "id");
CREATE INDEX "record_second_digest_idx" ON "record" (substring("other_digests"[1], 1, 8), "id") WHERE "other_digests" IS NOT NULL;
CREATE INDEX "record_third_digest_idx" ON "record" (substring("other_digests"[2], 1, 8), "id") WHERE "other_digests"[2] IS NOT NULL;
CREATE INDEX "record_fourth_digest_idx" ON "record" (substring("other_digests"[3], 1, 8), "id") WHERE "other_digests"[3] IS NOT NULL;
COMMENT ON TABLE "record" IS 'Accepted records, never updated. Partitioned by the UUIDv7 id, so by time; the service makes partitions ahead. The digest indexes hold eight bytes of a digest and the id: a lookup compares the whole digest afterwards.';
