import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RecordLookupRepository } from '#database/record-lookup.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { SupersedingIntake } from './superseding.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { RecordRepository } from '#database/record.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { SigningKey } from '#keys/signing-key.js';
import { leafHash } from '#merkle/hash.js';
import { parseReceipt } from '#receipt/receipt.js';
import { verifyReceipt } from '#receipt/verify.js';
import { canonicalize } from '#statement/jcs.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { parseStatement } from '#statement/statement.js';
import { verifierKey } from '#tlog/verifier-key.js';
import { formatAccepted, formatAcceptedOne, type Accepted } from './accepted.js';
import { IntakeService } from './intake.js';
import { Receipts } from './receipts.js';

const key = new SigningKey(generateKeyPairSync('ed25519').privateKey);
const config = { logOrigin: 'log.example.gov', commitIntervalMs: 2, commitMaxRecords: 1000, batchMaxRecords: 131_072 };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const item = (name: string, more: object = {}) => ({
  digests: { sha256: sha256(name) },
  profile: 'generic@1',
  ...more,
});
const logKey = verifierKey(config.logOrigin, key.publicKey);
const checkReceipt = (receipt: unknown, leafHashes: string[]) =>
  verifyReceipt(
    parseReceipt(receipt),
    leafHashes.map((hex) => Buffer.from(hex, 'hex')),
    logKey,
  );
const ids = (accepted: Accepted) =>
  accepted.results.map((result) => (result.outcome === 'accepted' ? result.id : null));

let database: TestDatabase;
let agency: { id: number; domain: string };
let other: { id: number; domain: string };

function service(overrides: Partial<typeof config> = {}, records = new RecordRepository(database.pool)) {
  return new IntakeService(
    { ...config, ...overrides },
    records,
    new Receipts(config, key),
    new AgencyProfileRepository(database.pool, database.pool),
    new SupersedingIntake(new StatusRepository(database.pool), new RecordRepository(database.pool)),
    { checkFor: () => Promise.resolve(null) },
  );
}

async function insertAgency(domain: string) {
  const { rows } = await database.pool.query<{ id: number }>(
    'INSERT INTO "agency" ("domain", "name") VALUES ($1, $1) RETURNING "id"',
    [domain],
  );
  return { id: rows[0]!.id, domain };
}

/** Every record stands in its chunk where it says, and every leaf of every chunk belongs to exactly one record. */
async function checkStore(): Promise<void> {
  const { rows } = await database.pool.query<{ statement: string; leaf: string; digest: string; id: string }>(
    `SELECT r."id", r."statement", encode(r."digest", 'hex') AS "digest",
       encode(substring(c."leaves" FROM r."position" * 32 + 1 FOR 32), 'hex') AS "leaf"
     FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id"`,
  );
  for (const row of rows) {
    const statement = parseStatement(JSON.parse(row.statement));
    expect(canonicalize(statement)).toBe(row.statement);
    expect(recordId(Date.parse(statement.receivedAt), statementHash(row.statement))).toBe(row.id);
    expect(Buffer.from(leafHash(entryBytes(statement, row.statement))).toString('hex')).toBe(row.leaf);
  }
  expect(new Set(rows.map((row) => row.leaf)).size).toBe(rows.length);
  const counted = await database.pool.query<{ leaves: string; records: string; places: string }>(
    `SELECT (SELECT coalesce(sum("record_count"), 0) FROM "chunk") AS leaves, (SELECT count(*) FROM "record") AS records,
       (SELECT count(DISTINCT ("chunk_id", "position")) FROM "record") AS places`,
  );
  const { leaves, records, places } = counted.rows[0]!;
  expect(leaves).toBe(records);
  expect(places).toBe(records);
}

beforeAll(async () => {
  database = await createTestDatabase();
  agency = await insertAgency('mr.example.gov');
  other = await insertAgency('court.example.gov');
});

afterAll(async () => {
  await checkStore();
  await database.drop();
  // It checks every one of some fifty thousand records.
}, 60_000);

describe('accept', () => {
  it('keeps records for gates in chunks of their own, with the end of the last', async () => {
    const permit = (name: string, more: object) =>
      item(name, { profile: 'permit@1', blinded: true, validUntil: '2031-05-06T07:08:09Z', ...more });
    const accepted = await service().accept(agency, [
      permit('permit 1', {}),
      item('no permit'),
      permit('permit 2', { validUntil: '2032-05-06T07:08:09Z', reference: 'permit 2' }),
      permit('permit 3', { validUntil: '0000-01-01T00:00:00Z' }),
    ]);
    const endless = await service().accept(agency, [permit('permit 4', { validUntil: undefined })]);
    const { rows } = await database.pool.query<object>(
      `SELECT (c."gate_until" AT TIME ZONE 'UTC')::text AS "end", c."record_count" AS "records" FROM "chunk" c
       WHERE c."id" IN (SELECT "chunk_id" FROM "record" WHERE "id" = ANY($1::uuid[])) ORDER BY 1`,
      [[...ids(accepted), ...ids(endless)]],
    );
    const three = { end: '2032-05-06 07:08:09', records: 3 };
    expect(rows).toEqual([three, { end: 'infinity', records: 1 }, { end: null, records: 1 }]);
  });

  it('stores a record, answers with what the holder needs to check it alone, and signs a receipt over it', async () => {
    const intake = service();
    const accepted = await intake.accept(agency, [
      item('a', {
        reference: 'case 1',
        claims: { b: 1, a: ['ü\u2028\n', null] },
        validUntil: '2030-01-01T00:00:00Z',
        blinded: true,
      }),
    ]);
    const answer = JSON.parse(formatAcceptedOne(accepted)) as Record<string, unknown>;
    const statement = parseStatement(answer['statement']);
    const jcs = canonicalize(statement);
    expect(answer['id']).toBe(recordId(Date.parse(statement.receivedAt), statementHash(jcs)));
    expect(answer['leafHash']).toBe(Buffer.from(leafHash(entryBytes(statement, jcs))).toString('hex'));
    expect(answer['outcome']).toBe('accepted');
    expect(answer['receivedAt']).toBe(statement.receivedAt);

    const check = checkReceipt(answer['receipt'], [answer['leafHash'] as string]);
    expect(check).toEqual({ committedAt: expect.any(String), includeBy: answer['includeBy'] });
    if ('fault' in check) return;
    expect(Date.parse(check.includeBy) - Date.parse(check.committedAt)).toBe(10_000);
    expect(check.committedAt >= statement.receivedAt).toBe(true);
  });

  it('signs once for requests that are committed together, and gives each its own place', async () => {
    const intake = service({ commitIntervalMs: 50 });
    const signed = vi.spyOn(key, 'signNote');
    const answers = await Promise.all(
      Array.from({ length: 37 }, (_, i) =>
        intake.accept(agency, [item(`together ${i}`), ...(i % 3 === 0 ? [item(`beside ${i}`)] : [])]),
      ),
    );
    expect(signed).toHaveBeenCalledOnce();
    signed.mockRestore();
    const notes = new Set<string>();
    for (const accepted of answers) {
      const { records, receipt } = JSON.parse(formatAccepted(accepted)) as {
        records: { leafHash: string }[];
        receipt: { note: string };
      };
      notes.add(receipt.note);
      const leaves = records.map(({ leafHash: hex }) => hex);
      expect(checkReceipt(receipt, leaves)).toHaveProperty('committedAt');
    }
    expect(notes.size).toBe(1);
  });

  it('fails wrong items alone and keeps the order', async () => {
    const accepted = await service().accept(agency, [
      item('x'),
      { digests: {} },
      item('y'),
      null,
      item('z', { surprise: 1 }),
    ]);
    expect(accepted.results.map((result) => result.outcome)).toEqual([
      'accepted',
      'rejected',
      'accepted',
      'rejected',
      'rejected',
    ]);
    const { records, receipt } = JSON.parse(formatAccepted(accepted)) as {
      records: { problem?: object; leafHash?: string }[];
      receipt: unknown;
    };
    expect(records[4]!.problem).toMatchObject({
      type: 'urn:sealroot:problem:invalid-record',
      status: 422,
      code: 'invalid-record',
      errors: [{ pointer: '/surprise' }],
    });
    const leaves = [records[0]!.leafHash!, records[2]!.leafHash!];
    expect(checkReceipt(receipt, leaves)).toHaveProperty('committedAt');
    expect(checkReceipt(receipt, leaves.toReversed())).toEqual({ fault: 'other-items' });
  });

  it('gives no receipt and stores nothing when every item is wrong', async () => {
    const { rows: before } = await database.pool.query('SELECT count(*) FROM "chunk"');
    const accepted = await service().accept(agency, [1, 2]);
    expect(accepted.receipt).toBeUndefined();
    expect(formatAccepted(accepted)).not.toContain('receipt');
    expect((await database.pool.query('SELECT count(*) FROM "chunk"')).rows).toEqual(before);
  });

  it('stores further digests, and finds a record by any of them under its own algorithm only', async () => {
    const digests = { sha256: sha256('m'), sm3: sha256('m as sm3'), sha512: sha256('1') + sha256('2') };
    const accepted = await service().accept(agency, [item('alone'), { digests, profile: 'generic@1' }]);
    const again = await service().accept(other, [{ digests, profile: 'generic@1' }]);
    const records = new RecordRepository(database.pool);
    const lookup = new RecordLookupRepository(database.pool);
    const expected = [ids(accepted)[1], ids(again)[0]];
    for (const [algorithm, hex] of Object.entries(digests))
      expect((await lookup.page(algorithm, hex, null, 10)).records.map((row) => row.id)).toEqual(expected);
    expect((await lookup.page('sha256', digests.sm3, null, 10)).records).toEqual([]);
    expect((await records.find(ids(accepted)[0]!))?.batch).toBeNull();
    expect(await records.find('01990000-0000-7000-8000-000000000000')).toBeNull();
  });

  it('calls a record anchored by checkpoints of its own log alone, wherever it is read', async () => {
    const { pool } = database;
    const digest = sha256('of a log that ended');
    const [id] = ids(await service().accept(agency, [{ digests: { sha256: digest }, profile: 'generic@1' }]));
    const read = async () => {
      const { records } = await new RecordLookupRepository(pool).page('sha256', digest, null, 10);
      return { stage: records[0]?.stage, anchored: (await new RecordRepository(pool).find(id!))?.anchored };
    };
    const chunk = 'WHERE "id" = (SELECT "chunk_id" FROM "record" WHERE "id" = $1)';
    await pool.query(`UPDATE "chunk" SET "batch_number" = 0, "batch_offset" = 0 ${chunk}`, [id]);
    await pool.query(`INSERT INTO "ended_log" VALUES ('old', 'k', 1, 1, '\\x', 'h', 'new')`);
    await pool.query(
      `INSERT INTO "checkpoint" ("size", "root", "note", "records") VALUES (1, $1, '', 1), (2, $1, '', 2)`,
      [Buffer.alloc(32)],
    );
    const answered = `INSERT INTO "submission" ("anchor", "checkpoint_size", "state") VALUES ('a', $1, $2)`;
    await pool.query(answered, [2, 'final']);
    expect(await read()).toEqual({ stage: 'sealed', anchored: false });
    await pool.query(answered, [1, 'confirmed']);
    expect(await read()).toEqual({ stage: 'anchored', anchored: true });
    await pool.query('TRUNCATE "ended_log", "checkpoint", "submission"');
    await pool.query(`UPDATE "chunk" SET "batch_number" = NULL, "batch_offset" = NULL ${chunk}`, [id]);
  });

  it('splits a request into chunks that fit the smallest batch, and stores it as a whole', async () => {
    const accepted = await service({ batchMaxRecords: 7 }).accept(
      agency,
      Array.from({ length: 40 }, (_, i) => item(`small ${i}`)),
    );
    const { rows } = await database.pool.query(
      `SELECT max("record_count"), count(DISTINCT c."id")::int AS chunks FROM "chunk" c JOIN "record" r ON r."chunk_id" = c."id" WHERE r."id" = ANY($1::uuid[])`,
      [ids(accepted)],
    );
    expect(rows).toEqual([{ max: 7, chunks: 6 }]);
  });

  it('makes the partition that is missing', async () => {
    const intake = service();
    const spy = vi
      .spyOn(Date, 'now')
      .mockImplementation(() => Math.round(performance.timeOrigin + performance.now()) + 40 * 24 * 3600 * 1000);
    try {
      const accepted = await intake.accept(agency, [
        item('in 40 days'),
        item('in 40 days, named', { reference: 'future' }),
      ]);
      expect(accepted.results.map((result) => result.outcome)).toEqual(['accepted', 'accepted']);
    } finally {
      spy.mockRestore();
    }
  });
});

describe('references', () => {
  it('answers a retry with the same record and other digests with a conflict, per agency', async () => {
    const intake = service();
    const [first] = ids(await intake.accept(agency, [item('doc', { reference: 'r1' })]));
    const retry = await intake.accept(agency, [
      item('doc', { reference: 'r1' }),
      item('new', { reference: 'r2' }),
      item('doc2', { reference: 'r1' }),
    ]);
    expect(retry.results.map((result) => result.outcome)).toEqual(['accepted', 'accepted', 'rejected']);
    expect(retry.results[0]).toMatchObject({ id: first, repeated: true });
    expect(retry.results[2]).toMatchObject({ problem: { status: 409, code: 'reference-conflict' } });
    expect(JSON.parse(retry.results[0]!.json)).toMatchObject({ id: first, repeated: true, outcome: 'accepted' });
    const elsewhere = await intake.accept(other, [item('doc2', { reference: 'r1' })]);
    expect(elsewhere.results[0]).toMatchObject({ outcome: 'accepted', repeated: false });
    expect((await new RecordRepository(database.pool).findByReference(agency.id, 'r1'))?.id).toBe(first);
    expect(await new RecordRepository(database.pool).findByReference(agency.id, 'none')).toBeNull();
  });

  it('stores the first of several items with one reference in one request', async () => {
    const { results } = await service().accept(agency, [
      item('same', { reference: 'twice' }),
      item('same', { reference: 'twice' }),
      item('different', { reference: 'twice' }),
    ]);
    expect(results.map((result) => result.outcome)).toEqual(['accepted', 'accepted', 'rejected']);
    expect(results[1]).toMatchObject({ id: (results[0] as { id: string }).id, repeated: true });
  });

  it('stores each reference once when many requests in two processes race for them in any order', async () => {
    const services = [service(), service({ commitMaxRecords: 10 })];
    const names = Array.from({ length: 30 }, (_, i) => `race ${i}`);
    const requests = Array.from({ length: 60 }, (_, i) => {
      const shuffled = names.toSorted((a, b) => sha256(a + i).localeCompare(sha256(b + i)));
      return services[i % 2]!.accept(agency, [
        ...shuffled.map((name) => item(name, { reference: name })),
        item(`plain ${i}`),
      ]);
    });
    const answers = await Promise.all(requests);
    const idsByName = new Map<string, Set<string>>();
    for (const answer of answers) {
      for (const result of answer.results) {
        const { id, statement } = JSON.parse(result.json) as { id: string; statement: { reference?: string } };
        if (statement.reference === undefined) continue;
        idsByName.set(statement.reference, (idsByName.get(statement.reference) ?? new Set()).add(id));
      }
    }
    expect(idsByName.size).toBe(30);
    expect([...idsByName.values()].every((set) => set.size === 1)).toBe(true);
    const fresh = answers
      .flatMap((answer) => answer.results)
      .filter((result) => result.outcome === 'accepted' && !result.repeated);
    expect(fresh).toHaveLength(30 + 60);
  });
});

describe('failure', () => {
  it('fails exactly the requests of the group that the database refused, and says that nothing was stored', async () => {
    const records = new RecordRepository(database.pool);
    const insert = records.insert.bind(records);
    vi.spyOn(records, 'insert').mockImplementationOnce((group, size) =>
      insert(
        group.map((record) => ({ ...record, statement: 'nul \0' })),
        size,
      ),
    );
    const intake = service({ commitMaxRecords: 2 }, records);
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((i) => intake.accept(agency, [item(`refused ${i}`)])),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect((outcomes[0] as PromiseRejectedResult).reason).toMatchObject({ code: 'not-stored', retryAfterSeconds: 1 });
  });

  it('finds out that a commit whose connection broke did happen, and says so when it cannot know', async () => {
    const records = new RecordRepository(database.pool);
    const connect = database.pool.connect.bind(database.pool);
    const breakAfter = (runs: boolean) =>
      vi.spyOn(database.pool, 'connect').mockImplementationOnce((async () => {
        const client = await connect();
        const query = client.query.bind(client) as (config: unknown) => Promise<unknown>;
        vi.spyOn(client, 'query').mockImplementationOnce((async (config: unknown) => {
          if (runs) await query(config);
          throw new Error('Connection terminated unexpectedly');
        }) as never);
        return client;
      }) as never);
    const intake = service({}, records);
    await intake.accept(agency, [item('held', { reference: 'held' })]);
    breakAfter(true);
    const saved = await intake.accept(agency, [
      item('saved 1'),
      item('held', { reference: 'held' }),
      item('saved 2', { reference: 'saved' }),
    ]);
    expect(saved.results.map((result) => result.outcome === 'accepted' && result.repeated)).toEqual([
      false,
      true,
      false,
    ]);
    breakAfter(false);
    await expect(intake.accept(agency, [item('lost')])).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it('refuses work beyond its bounds at once, and keeps what it accepted when it drains', async () => {
    const intake = service({ commitIntervalMs: 1000 });
    const many = Array.from({ length: 1000 }, (_, i) => item(`bulk ${i}`));
    const taken = Promise.allSettled(Array.from({ length: 60 }, () => intake.accept(agency, many)));
    const drained = intake.drain();
    await expect(intake.accept(agency, [item('late')])).rejects.toMatchObject({ code: 'stopping' });
    await drained;
    expect(intake.waitingRecords).toBe(0);
    const refused = (await taken).flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused.length).toBeGreaterThanOrEqual(10);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'overloaded' });
    for (const one of await taken)
      if (one.status === 'fulfilled') expect(ids(one.value).every((id) => id !== null)).toBe(true);
  });
});
