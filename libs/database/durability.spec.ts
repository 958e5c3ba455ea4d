import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#config/config.js';
import { ConfigModule } from '#config/config.module.js';
import { addChunk, sealDeps, testKey } from '#sealing/testing/sealed-database.js';
import { sealNextBatch } from '#sealing/seal.js';
import { AgencyRepository } from './agency.repository.js';
import { DatabaseModule } from './database.module.js';
import { createPool } from './pool.js';
import { PrismaService } from './prisma.service.js';
import type { NewRecord } from './record-insert.js';
import { partitionBound } from './partitions.js';
import { RecordRepository } from './record.repository.js';
import { RelianceRepository } from './reliance.repository.js';
import { checkServer } from './server-check.js';
import { SubmissionRepository } from './submission.repository.js';
import { createTestDatabase, type TestDatabase } from './testing.js';

let database: TestDatabase;
/** Connections as a pooler would give them: nothing was said when they were opened. */
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.pool.query(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
  // Deferred triggers run in the commit itself, with the settings that the commit goes by.
  await database.pool.query(`CREATE FUNCTION refuse_lazy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN RAISE EXCEPTION 'lazy commit of %', TG_TABLE_NAME USING ERRCODE = 'ZZ001'; END IF;
    RETURN NULL; END $$`);
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'chunk'`,
  );
  for (const { name: table } of rows)
    await database.pool.query(`CREATE CONSTRAINT TRIGGER not_lazy AFTER INSERT OR UPDATE ON ${table}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_lazy()`);
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // A dropped database ends its idle connections.
  pool.on('error', () => undefined);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

function newRecord(reference: string | null): NewRecord {
  return {
    id: partitionBound(Date.now()).slice(0, 14) + `7000-8000-${randomBytes(6).toString('hex')}`,
    agencyId: 1,
    digestHex: randomBytes(32).toString('hex'),
    otherDigestsHex: null,
    statement: '{}',
    leafHex: randomBytes(32).toString('hex'),
    reference,
    gateUntil: null,
  };
}

describe('a database whose default is synchronous_commit = off', () => {
  it('is one whose commits do not wait, unless that is asked for', async () => {
    await expect(pool.query(`INSERT INTO "agency" ("domain", "name") VALUES ('lazy', 'lazy')`)).rejects.toMatchObject({
      code: 'ZZ001',
    });
  });

  it('commits records durably, with references and without, in one chunk and in several', async () => {
    const records = new RecordRepository(pool);
    for (const reference of [null, 'case 1'])
      expect(await records.insert([newRecord(reference)], 1000)).toEqual(new Set());
    expect(await records.insert([newRecord(null), newRecord('case 2'), newRecord(null)], 1)).toEqual(new Set());
  });

  it('commits agencies, their keys and revocations durably', async () => {
    const prisma = new PrismaService(pool);
    const agencies = new AgencyRepository(prisma);
    const agency = await agencies.create('durable.example', 'Durable');
    const { key, prefix } = await agencies.createKey(agency!.id, '');
    expect(await agencies.create('durable.example', 'Durable')).toBeNull();
    expect(await agencies.authenticate([key])).toMatchObject([{ domain: 'durable.example' }]);
    expect(await agencies.revokeKey(agency!.id, prefix)).toBe(true);
    await prisma.$disconnect();
  });

  it('commits what agencies rely on durably', async () => {
    const reliances = new RelianceRepository(pool);
    const recordId = partitionBound(Date.now()).slice(0, 14) + '7000-8000-000000000000';
    const reliance = { agencyId: 1, recordId, purpose: 'loan', statement: '{}', leafHex: '00'.repeat(32) };
    expect(await reliances.lodge(reliance)).toBe('{}');
  });

  it('commits checkpoints and what anchors answer durably', async () => {
    await addChunk(database.pool, 3);
    await sealNextBatch(sealDeps(pool, testKey()));
    const submissions = new SubmissionRepository(pool);
    const terms = { anchor: 'a', intervalSeconds: 1, oneAtATime: false, budget: null };
    const { held } = await submissions.start(terms, 60, () => undefined);
    const answer = { state: 'pending' as const, attestation: null, progress: {}, detail: '' };
    expect(await submissions.store(held!, answer, 60)).toBe(true);
  });

  it('is asked for it by every connection of the service at once, and a stronger setting is left as it is', async () => {
    const own = createPool(database.url, 1, () => undefined);
    try {
      await own.query(`INSERT INTO "agency" ("domain", "name") VALUES ('session.example', '')`);
    } finally {
      await own.end();
    }
    const strict = createPool(`${database.url}?options=-c%20synchronous_commit%3Dremote_apply`, 1, () => undefined);
    try {
      const { rows } = await strict.query('SHOW synchronous_commit');
      expect(rows).toEqual([{ synchronous_commit: 'remote_apply' }]);
    } finally {
      await strict.end();
    }
  });
});

describe('checkServer', () => {
  /** The real server's answer, with something changed. */
  const changed = (changes: object) => ({
    query: async (sql: string) => {
      const { rows } = await database.pool.query<object>(sql);
      return { rows: [{ ...rows[0], ...changes }] };
    },
  });

  it('is content with a server as it is installed', async () => {
    expect(await checkServer(database.pool, [])).toEqual([]);
  });

  it.each([
    ['fsync-off', { fsync: 'off' }, /fsync = on, got off/],
    ['full-page-writes-off', { fullPageWrites: 'off' }, /full_page_writes = on, got off/],
  ] as const)('refuses %s, or says so where it is accepted', async (risk, change, message) => {
    const server = changed(change) as unknown as pg.Pool;
    await expect(checkServer(server, [])).rejects.toThrow(message);
    await expect(checkServer(server, [])).rejects.toThrow(`add ${risk} to DATABASE_ACCEPTED_RISKS`);
    expect(await checkServer(server, [risk])).toEqual([expect.stringMatching(message)]);
  });

  it('refuses an unlogged table, and names it', async () => {
    await database.pool.query('CREATE UNLOGGED TABLE "forgetful" ()');
    await expect(checkServer(database.pool, ['fsync-off'])).rejects.toThrow(/got forgetful unlogged/);
    expect(await checkServer(database.pool, ['unlogged-tables'])).toHaveLength(1);
    await database.pool.query('DROP TABLE "forgetful"');
  });

  it('refuses a standby and a database that is read only, whatever is accepted', async () => {
    const all = ['fsync-off', 'full-page-writes-off', 'unlogged-tables'] as const;
    await expect(checkServer(changed({ standby: true }) as unknown as pg.Pool, all)).rejects.toThrow(/standby/);
    const url = `${database.url}?options=-c%20default_transaction_read_only%3Don`;
    const reading = new pg.Pool({ connectionString: url, max: 1 });
    await expect(checkServer(reading, all)).rejects.toMatchObject({ code: 'unfit-server' });
    await reading.end();
  });
});

describe('the database of a service', () => {
  it('is named in one line, without its password, when nobody answers there or does not let it in', async () => {
    const start = (url: string) =>
      Test.createTestingModule({ imports: [ConfigModule.forRoot(loadConfig({ DATABASE_URL: url })), DatabaseModule] })
        .setLogger({ log: () => undefined, error: () => undefined, warn: () => undefined })
        .compile()
        .catch((error: Error) => error);
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n').resume());
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    const { port } = stranger.address() as { port: number };
    const wrong = new URL(database.url);
    wrong.password = 'hunter2';
    for (const url of ['postgres://u:hunter2@127.0.0.1:1/d', `postgres://u:hunter2@127.0.0.1:${port}/d`, wrong.href]) {
      const error = await start(url);
      expect(error, url).toMatchObject({
        code: 'unreachable-server',
        message: expect.stringMatching(/^Connecting to the database \w+ at 127\.0\.0\.1:\d+: .*; see DATABASE_URL$/),
      });
      expect((error as Error).message).not.toContain('hunter2');
    }
    stranger.close();
  });
});
