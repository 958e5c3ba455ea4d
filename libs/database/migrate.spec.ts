import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AnchorReaderRepository } from './anchor-reader.repository.js';
import { migrate } from './migrate.js';
import { projectRoot } from './project-root.js';
import { SubmissionRepository } from './submission.repository.js';
import { createTestDatabase } from './testing.js';
import { answer } from './testing/submission-trial.js';

it('the second migration keeps and adds up what a database of the first holds', async () => {
  const old = await createTestDatabase({ migrated: false });
  try {
    const sql = await readFile(join(projectRoot(), 'prisma', 'migrations', '0001_init', 'migration.sql'), 'utf8');
    await old.pool
      .query(`CREATE TABLE "_prisma_migrations" ("id" varchar(36) PRIMARY KEY, "checksum" varchar(64) NOT NULL, "finished_at" timestamptz,
      "migration_name" varchar(255) NOT NULL, "logs" text, "rolled_back_at" timestamptz, "started_at" timestamptz NOT NULL DEFAULT now(),
      "applied_steps_count" integer NOT NULL DEFAULT 0)`);
    await old.pool.query(sql);
    await old.pool.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at") VALUES ($1, $2, '0001_init', now())`,
      [randomUUID(), createHash('sha256').update(sql).digest('hex')],
    );
    await old.pool.query(
      `INSERT INTO "batch" SELECT i, i + 1, '\\x', now(), '\\x', '\\x', '' FROM generate_series(0, 4) AS i`,
    );
    await old.pool.query(
      `INSERT INTO "checkpoint" ("size", "root", "note") SELECT i, '\\x', 'note' FROM generate_series(1, 5) AS i`,
    );
    await old.pool
      .query(`INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "attestation", "progress", "detail", "attempts", "next_attempt_at", "created_at")
      VALUES ('opentimestamps', 2, 'final', '\\x01', '{}', 'd', 7, now(), '2026-01-02T00:00:00Z'), ('opentimestamps', 5, 'pending', '\\x02', '{"a":1}', 'e', 2, now(), now()),
        ('bitcoin', 5, 'unsubmitted', NULL, NULL, '', 1, now(), now())`);
    expect(await migrate(old.pool)).toContain('0002_anchor_policy');
    const checkpoints = await old.pool.query<{ records: string }>('SELECT "records" FROM "checkpoint" ORDER BY "size"');
    expect(checkpoints.rows.map(({ records }) => Number(records))).toEqual([1, 3, 6, 10, 15]);
    const reader = new AnchorReaderRepository(old.pool);
    expect(await reader.status(['opentimestamps', 'bitcoin'])).toMatchObject([
      {
        since: new Date('2026-01-02T00:00:00Z'),
        confirmedSize: 2,
        recordsCovered: 3,
        attempts: 9,
        submissions: { unsubmitted: 0, pending: 1, confirmed: 0, final: 1 },
        cost: null,
        paused: null,
      },
      { confirmedSize: 0, recordsCovered: 0, attempts: 1, submissions: { unsubmitted: 1 } },
    ]);
    // Work goes on where it stopped.
    const repository = new SubmissionRepository(old.pool);
    const [due] = await repository.due([{ anchor: 'opentimestamps', limit: 1 }]);
    const held = (await repository.hold(due!.id, 60))!;
    expect(held.answer).toMatchObject({ state: 'final' });
    expect(await repository.store(held, { ...answer('final'), spent: undefined }, 60)).toBe(true);
    expect((await reader.status(['opentimestamps']))[0]).toMatchObject({ attempts: 10 });
  } finally {
    await old.drop();
  }
});
