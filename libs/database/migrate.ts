import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { DURABLY } from './durability.js';
import { projectRoot } from './project-root.js';

/** Advisory lock that serialises migration runners: "sealroot" read as a number modulo 2^31. */
const MIGRATION_LOCK = 728_374_612;

/** Why the database cannot be brought to this version of the schema. */
export class MigrationError extends Error {
  constructor(
    readonly code: 'changed' | 'unknown' | 'unfinished' | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** The project's migrations, oldest first. */
async function readMigrations(): Promise<Migration[]> {
  const folder = join(projectRoot(), 'prisma', 'migrations');
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Applies the migrations that the database lacks, each in a transaction of its own, and keeps Prisma's `_prisma_migrations` table, so that
 * `prisma migrate status` agrees. Safe to run from many processes at once.
 * @returns names of the migrations applied now
 * @throws MigrationError `changed` when an applied file differs, `unknown` when the database is ahead of this version */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const migrations = await readMigrations();
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      return await applyMissing(client, migrations);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: pg.PoolClient, migrations: Migration[]): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" varchar(36) PRIMARY KEY, "checksum" varchar(64) NOT NULL, "finished_at" timestamptz, "migration_name" varchar(255) NOT NULL,
    "logs" text, "rolled_back_at" timestamptz, "started_at" timestamptz NOT NULL DEFAULT now(), "applied_steps_count" integer NOT NULL DEFAULT 0)`);
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT "migration_name", "checksum", "finished_at" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row]));
  for (const name of applied.keys()) {
    if (!migrations.some((migration) => migration.name === name)) {
      throw new MigrationError(
        'unknown',
        `The database has migration ${name}, which this version does not know: run the newer version`,
      );
    }
  }
  const added: string[] = [];
  for (const migration of migrations) {
    const row = applied.get(migration.name);
    if (row) {
      if (row.finished_at === null)
        throw new MigrationError(
          'unfinished',
          `Migration ${migration.name} was begun by another tool and not finished`,
        );
      if (row.checksum !== migration.checksum)
        throw new MigrationError('changed', `Migration ${migration.name} differs from the one applied`);
      continue;
    }
    await apply(client, migration);
    added.push(migration.name);
  }
  return added;
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query(`BEGIN; SELECT ${DURABLY}`);
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count") VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    // On a connection that broke there is nothing to roll back, and its end is no news.
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError('failed', `Migration ${migration.name} failed: ${(cause as Error).message}`, { cause });
  }
}
