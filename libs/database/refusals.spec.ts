import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgencyRepository } from './agency.repository.js';
import type { NewRecord } from './record-insert.js';
import { createPool } from './pool.js';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded.js';
import { migrate } from './migrate.js';
import { ensurePartitions, partitionBound } from './partitions.js';
import { PrismaService } from './prisma.service.js';
import { RecordRepository, RecordStoreError } from './record.repository.js';
import { makeDatabase } from './testing-server.js';
import { createTestDatabase } from './testing.js';
import { findChinesePrograms, startChineseServer } from './testing/chinese-server.js';
import { WriteProbe } from './write-probe.js';

/** A server to try refusals on. */
interface Trial {
  url: string;
  /** The pool as it is used. */
  speaking: (pool: pg.Pool) => pg.Pool;
  stop: () => Promise<void>;
}

/** Time for a server to be made and started. */
const START_TIMEOUT_MS = 60_000;

const programs = findChinesePrograms();
const SERVERS: { which: string; start: () => Promise<Trial> }[] = [
  {
    which: 'all of whose texts are replaced',
    start: async () => {
      const { drop, url } = await createTestDatabase();
      return { url, speaking: inChinese, stop: drop };
    },
  },
  ...(programs === undefined
    ? []
    : [
        {
          which: 'that speaks Chinese',
          start: async () => {
            const { stop, url } = await startChineseServer(programs);
            return { url: await makeDatabase(url, 'refusals'), speaking: (pool: pg.Pool) => pool, stop };
          },
        },
      ]),
];

/** A pool that makes the text of every error Chinese; their codes stay. */
function inChinese(pool: pg.Pool): pg.Pool {
  const translate = (error: unknown) => {
    if (error instanceof pg.DatabaseError) Object.assign(error, { message: '操作失败', severity: '错误' });
    throw error;
  };
  const chinese = (client: pg.PoolClient) =>
    new Proxy(client, {
      get: (target, key) => {
        if (key === 'query') return (...args: [string]) => target.query(...args).catch(translate);
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return {
    connect: () => pool.connect().then(chinese, translate),
    query: (...args: [string]) => pool.query(...args).catch(translate),
  } as unknown as pg.Pool;
}

function newRecord(timeMs = Date.now()): NewRecord {
  return {
    id: `${partitionBound(timeMs).slice(0, 14)}7000-8000-${randomBytes(6).toString('hex')}`,
    agencyId: 1,
    digestHex: randomBytes(32).toString('hex'),
    otherDigestsHex: null,
    statement: '{}',
    leafHex: randomBytes(32).toString('hex'),
    reference: null,
    gateUntil: null,
  };
}

describe.each(SERVERS)('storing records on a server $which', ({ start }) => {
  let server: Trial;
  let owner: pg.Pool;
  let pool: pg.Pool;
  let records: RecordRepository;

  beforeAll(async () => {
    server = await start();
    owner = new pg.Pool({ connectionString: server.url });
    owner.on('error', () => undefined);
    pool = createPool(server.url, 4, () => undefined);
    // A new cluster takes its time where others are at work.
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([pool?.end(), owner?.end()]);
    await server?.stop();
  });
  beforeEach(async () => {
    await owner.query('DROP TRIGGER IF EXISTS fault ON "chunk"');
    records = new RecordRepository(server.speaking(pool));
  });

  /** Lets every insert of a chunk end in `sql`, inside the server. */
  async function fault(sql: string): Promise<void> {
    await owner.query(`CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${sql}; RETURN NEW; END $$;
      CREATE TRIGGER fault BEFORE INSERT ON "chunk" FOR EACH ROW EXECUTE FUNCTION fault()`);
  }

  const outcome = (group: NewRecord[], chunkRecords = 1000): Promise<RecordStoreError> =>
    records.insert(group, chunkRecords).then(
      () => expect.fail('expected a refusal'),
      (error: RecordStoreError) => error,
    );

  it.each([
    ['23514', 'a rule of a table'],
    ['53100', 'a full disk'],
    ['53200', 'no memory'],
    ['42501', 'missing rights'],
    ['40P01', 'a deadlock'],
    ['57014', 'a cancelled statement'],
    ['XX000', 'an inner error'],
  ])('says surely that nothing was stored when the server refuses with %s (%s)', async (code) => {
    await fault(
      code === '23514'
        ? `RAISE EXCEPTION 'x' USING ERRCODE = '23514', CONSTRAINT = 'c'`
        : `RAISE EXCEPTION 'x' USING ERRCODE = '${code}'`,
    );
    for (const group of [[newRecord()], [newRecord(), newRecord()]])
      expect(await outcome(group, 1)).toMatchObject({ code: 'not-stored', cause: { code } });
  });

  it('says so on a database that is read only', async () => {
    const own = new pg.Pool({
      connectionString: `${server.url}?options=-c%20default_transaction_read_only%3Don`,
      max: 1,
    });
    records = new RecordRepository(server.speaking(own));
    const inHan = expect.stringMatching(/\p{Script=Han}/u);
    expect(await outcome([newRecord()])).toMatchObject({
      code: 'not-stored',
      cause: { code: '25006', message: inHan },
    });
    await own.end();
  });

  it('says so when there are too many connections', async () => {
    const role = `crowded_${randomBytes(4).toString('hex')}`;
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0`);
    const url = new URL(server.url);
    url.username = role;
    url.password = 'x';
    const own = new pg.Pool({ connectionString: url.href, max: 1 });
    records = new RecordRepository(server.speaking(own));
    expect(await outcome([newRecord()])).toMatchObject({ code: 'not-stored', cause: { code: '53300' } });
    await own.end();
    await owner.query(`DROP ROLE ${role}`);
  });

  it('tells a name that is taken from everything else, through Prisma too', async () => {
    const prisma = new PrismaService(pool);
    const agencies = new AgencyRepository(prisma);
    expect(await agencies.create('taken.example', 'First')).toMatchObject({ domain: 'taken.example' });
    expect(await agencies.create('taken.example', 'Second')).toBeNull();
    await prisma.$disconnect();
  });

  it('says that it does not know when the server ends the connection', async () => {
    await fault('PERFORM pg_terminate_backend(pg_backend_pid())');
    expect(await outcome([newRecord()])).toMatchObject({ code: 'unknown', cause: { code: '57P01' } });
  });

  it('makes a partition that is missing, whatever time the record has, and stores it', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'record'::regclass`,
    );
    for (const { name } of rows) await owner.query(`DROP TABLE ${name}`);
    const yearMs = 365 * 24 * 60 * 60 * 1000;
    for (const timeMs of [Date.now(), Date.now() + yearMs, Date.now() - yearMs, 0, 2 ** 47]) {
      const record = newRecord(timeMs);
      expect(await records.insert([record, newRecord(timeMs + 1)], 1), `${timeMs}`).toEqual(new Set());
      expect(await records.find(record.id)).toMatchObject({ id: record.id });
    }
  });

  it('names the cause when a partition is missing and cannot be made', async () => {
    const role = `poor_${randomBytes(4).toString('hex')}`;
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${role};
      GRANT UPDATE ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    const url = new URL(server.url);
    url.username = role;
    url.password = 'x';
    const own = new pg.Pool({ connectionString: url.href, max: 1 });
    records = new RecordRepository(server.speaking(own));
    const error = await outcome([newRecord(Date.UTC(2100, 0))]);
    expect(error).toMatchObject({ code: 'not-stored', cause: { code: '42501' } });
    expect(error.message).toMatch(/no partition/);
    await own.end();
    await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

/** Mounts a file system that can be full. @returns whether this process may */
function mountSmall(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300m,mode=0755', 'tmpfs', folder]).status === 0;
}

const unmount = (folder: string) => spawnSync('umount', [folder]);

const disk = await mkdtemp(join(tmpdir(), 'sealroot-full-'));
const mayMount = mountSmall(disk);
if (mayMount) unmount(disk);
else
  console.warn(
    'A full disk is not tried: mounting a file system needs root, and a machine or container that allows it',
  );

afterAll(() => rmdir(disk));

describe.skipIf(!mayMount)('a disk that is full', () => {
  let server: EmbeddedDatabase;
  let own: pg.Pool;

  beforeAll(async () => {
    mountSmall(disk);
    server = await startEmbeddedDatabase(join(disk, 'postgres'));
    own = createPool(server.url, 4, () => undefined);
    await migrate(own);
    await ensurePartitions(own, Date.now());
  });

  afterAll(async () => {
    await own?.end();
    await server?.stop();
    unmount(disk);
  });

  it('is named by probe and intake, keeps nothing that was acknowledged from being found, and is forgotten once there is room', async () => {
    const stored = new RecordRepository(own);
    const probe = new WriteProbe(own);
    const before = newRecord();
    expect(await stored.insert([before], 1000)).toEqual(new Set());
    await probe.run();
    // A new segment of the write-ahead log, so that it is the tables that find no room.
    await own.query('SELECT pg_switch_wal()');
    await own.query('CHECKPOINT');
    const filling = join(disk, 'filling');
    const { bavail, bsize } = await statfs(disk);
    await writeFile(filling, Buffer.alloc(bavail * bsize));
    await expect(probe.run()).rejects.toMatchObject({ code: '53100' });
    const large = Array.from({ length: 200 }, () => ({ ...newRecord(), statement: `{"x":"${'x'.repeat(2000)}"}` }));
    const refused = await stored.insert(large, 1000).then(
      () => expect.fail('expected a refusal'),
      (error: RecordStoreError) => error,
    );
    expect(refused).toMatchObject({ code: 'not-stored', cause: { code: '53100' } });
    expect(await stored.find(large[0]!.id)).toBeNull();
    expect(await stored.find(before.id)).toMatchObject({ id: before.id });
    await rm(filling);
    await probe.run();
    expect(await stored.insert(large, 1000)).toEqual(new Set());
    expect(await stored.find(large[199]!.id)).toMatchObject({ id: large[199]!.id });
  });
});
