import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from './agency.repository.js';
import { migrate, MigrationError } from './migrate.js';
import { ensurePartitions, partitionBound } from './partitions.js';
import { createPool } from './pool.js';
import { PrismaService } from './prisma.service.js';
import { createTestDatabase, type TestDatabase } from './testing.js';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('migrate', () => {
  it('applies everything once, even when several processes start together, and refuses a changed or unknown migration', async () => {
    const database = await createTestDatabase({ migrated: false });
    try {
      const runs = await Promise.all([migrate(database.pool), migrate(database.pool), migrate(database.pool)]);
      expect(runs.flat()).toContain('0001_init');
      expect(runs.filter((names) => names.length > 0)).toHaveLength(1);
      await database.pool.query(`UPDATE "_prisma_migrations" SET "checksum" = repeat('0', 64)`);
      await expect(migrate(database.pool)).rejects.toMatchObject({ code: 'changed' } satisfies Partial<MigrationError>);
      await database.pool.query(`UPDATE "_prisma_migrations" SET "migration_name" = '9999_later'`);
      await expect(migrate(database.pool)).rejects.toMatchObject({ code: 'unknown' } satisfies Partial<MigrationError>);
    } finally {
      await database.drop();
    }
  });
});

describe('ensurePartitions', () => {
  it('reaches beyond now at every time, without gaps or overlaps, from several processes', async () => {
    const database = await createTestDatabase();
    try {
      const start = Date.now();
      for (let day = 0; day < 20; day += 1) {
        const nowMs = start + day * 1.7 * DAY_MS;
        await Promise.all([ensurePartitions(database.pool, nowMs), ensurePartitions(database.pool, nowMs)]);
        const id = partitionBound(Math.floor(nowMs)).replace('0000-0000-000000000000', '7000-8000-000000000000');
        await database.pool.query(
          `INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "statement") VALUES ($1, 1, 1, 0, '\\x00', '')`,
          [id],
        );
      }
      const { rows } = await database.pool.query<{ count: string }>('SELECT count(*) FROM "record"');
      expect(rows[0]?.count).toBe('20');
    } finally {
      await database.drop();
    }
  });

  it('leaves no hole behind when a clock was ahead for a moment, nor when it was behind', async () => {
    const database = await createTestDatabase();
    try {
      const start = Date.now();
      // Ahead by a month, days, hours; behind by years; in any order.
      for (const days of [30, 3, 0.2, -800, -20]) await ensurePartitions(database.pool, start + days * DAY_MS);
      for (const day of [0, 0.1, 1, 2.9, 3, 4, 29, 30, 31]) {
        const nowMs = start + day * DAY_MS;
        await ensurePartitions(database.pool, nowMs);
        expect(await ensurePartitions(database.pool, nowMs), `day ${day}`).toEqual([]);
        for (const timeMs of [nowMs, nowMs + 2 * 60 * 60 * 1000 - 1]) {
          const id = partitionBound(timeMs).replace('0000-0000-000000000000', '7000-8000-000000000000');
          await database.pool.query(
            `INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "statement") VALUES ($1, 1, 1, 0, '\\x00', '')`,
            [id],
          );
        }
      }
    } finally {
      await database.drop();
    }
  });
});

describe('createPool', () => {
  it('outlives connections that break while they are in use', async () => {
    const database = await createTestDatabase();
    const complaints: string[] = [];
    const pool = createPool(database.url, 2, (error) => complaints.push(error.message));
    try {
      const client = await pool.connect();
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const cut = client.query('SELECT pg_sleep(30)').catch((error: Error) => error);
      await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
      expect(await cut).toBeInstanceOf(Error);
      await expect.poll(() => complaints).not.toEqual([]);
      client.release(true);
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await pool.end();
      await database.drop();
    }
  });
});

describe('AgencyRepository', () => {
  let database: TestDatabase;
  let prisma: PrismaService;
  let agencies: AgencyRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    prisma = new PrismaService(database.pool);
    agencies = new AgencyRepository(prisma);
  });

  afterAll(async () => {
    await prisma.$disconnect();
    await database.drop();
  });

  it('knows an agency by its key until the key is revoked, and keeps no key', async () => {
    const agency = await agencies.create('mr.example.gov', 'Ministry of Records');
    expect(await agencies.create('mr.example.gov', 'Another')).toBeNull();
    const { key, prefix } = await agencies.createKey(agency!.id, 'backend');
    expect(key).toMatch(/^sr_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    expect((await agencies.authenticate([wrong, key, 'sr_', key])).map((one) => one?.domain ?? null)).toEqual([
      null,
      'mr.example.gov',
      null,
      'mr.example.gov',
    ]);
    const { rows } = await database.pool.query<{ row: string }>('SELECT k::text AS row FROM "api_key" k');
    expect(rows.every(({ row }) => !row.includes(key.slice(12)))).toBe(true);
    expect(await agencies.revokeKey(agency!.id, prefix)).toBe(true);
    expect(await agencies.revokeKey(agency!.id, 'sr_nosuchkey')).toBe(false);
    expect(await agencies.authenticate([key])).toEqual([null]);
    expect((await agencies.listKeys(agency!.id))[0]).toMatchObject({
      prefix,
      label: 'backend',
      revokedAt: expect.any(Date),
    });
  });
});
