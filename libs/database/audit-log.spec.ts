import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActReplay } from '#audit/act.js';
import { AgencyRepository } from './agency.repository.js';
import { type Actor, AuditLogRepository, commitAct } from './audit-log.repository.js';
import { PrismaService } from './prisma.service.js';
import { createTestDatabase, type TestDatabase } from './testing.js';
import { newWebhookSecret, WebhookEndpointRepository } from './webhook-endpoint.repository.js';

const BY: Actor = { name: 'admin-token', from: '10.0.0.1' };

describe('the audit log', () => {
  let database: TestDatabase;
  let prisma: PrismaService;
  let agencies: AgencyRepository;
  let auditLog: AuditLogRepository;
  let agencyId: number;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    prisma = new PrismaService(database.pool);
    agencies = new AgencyRepository(prisma);
    auditLog = new AuditLogRepository(database.pool);
    agencyId = (await agencies.create('a.example', 'A', BY))!.id;
  });
  afterAll(async () => {
    await prisma.$disconnect();
    await database.drop();
  });

  const acts = async () =>
    (await auditLog.list(0, 10_000)).map((text) => JSON.parse(text) as Record<string, unknown> & { act: string });
  const expectHead = async () => {
    const replay = new ActReplay();
    for (const act of await acts()) replay.add(act);
    expect(await auditLog.head()).toEqual(replay.head());
  };

  it('has every act once, whoever acts beside, and a head that commits to them', async () => {
    const before = (await acts()).length;
    const made = await Promise.all(Array.from({ length: 24 }, (_, i) => agencies.createKey(agencyId, `k${i}`, {}, BY)));
    await Promise.all(made.map(({ prefix }) => agencies.revokeKey(agencyId, prefix, BY)));
    const added = (await acts()).slice(before);
    expect(added.map(({ act }) => act).toSorted()).toEqual([
      ...made.map(() => 'key.created'),
      ...made.map(() => 'key.revoked'),
    ]);
    expect(added.every(({ at }, i) => i === 0 || (at as string) >= (added[i - 1]!['at'] as string))).toBe(true);
    await expectHead();
  });

  it('says what was before and what is after, and nothing of what changes nothing or fails', async () => {
    const { prefix } = await agencies.createKey(agencyId, 'old', { scopes: ['read'] }, BY);
    await agencies.changeKey(agencyId, prefix, { label: 'new' }, BY);
    const terms = { scopes: ['read'], networks: [], expiresAt: null, revokedAt: null };
    expect((await acts()).at(-1)).toMatchObject({
      act: 'key.changed',
      actor: 'admin-token',
      from: '10.0.0.1',
      subject: { agency: 'a.example', key: prefix },
      before: { label: 'old', ...terms },
      after: { label: 'new', ...terms },
    });
    await agencies.revokeKey(agencyId, prefix, BY);
    const { size } = await auditLog.head();
    expect(await agencies.revokeKey(agencyId, prefix, BY)).toBe(true);
    expect(await agencies.changeKey(agencyId, prefix, { label: 'x' }, BY)).toBe(false);
    expect(await agencies.revokeKey(agencyId, 'sr_nosuchke', BY)).toBe(false);
    expect(await agencies.create('a.example', 'A', BY)).toBeNull();
    expect((await auditLog.head()).size).toBe(size);
  });

  it('has no act that did not happen, and nothing happens without its act', async () => {
    const { size } = await auditLog.head();
    const named = async (name: string) => prisma.agency.count({ where: { name } });
    const act = { act: 'agency.created', agencyId: null, before: null, after: {} };
    const failed = commitAct(prisma, BY, async (db) => {
      await db.agency.create({ data: { domain: 'b.example', name: 'torn' } });
      // What cannot be stored: PostgreSQL has no NUL, and JSON no such number.
      return { result: null, act: { ...act, after: { n: Infinity } } };
    });
    await expect(failed).rejects.toThrow();
    expect([await named('torn'), (await auditLog.head()).size]).toEqual([0, size]);
  });

  it('can be neither changed nor shortened nor continued at another place', async () => {
    for (const sql of [
      `UPDATE "audit_act" SET "act" = '{}' WHERE "ordinal" = 0`,
      'DELETE FROM "audit_act" WHERE "ordinal" = 0',
      'DELETE FROM "audit_act"',
      'TRUNCATE "audit_act"',
      `INSERT INTO "audit_act" SELECT max("ordinal") + 2, 'x', 'x' FROM "audit_act"`,
      `INSERT INTO "audit_act" VALUES (0, 'x', 'x') ON CONFLICT ("ordinal") DO UPDATE SET "act" = 'x'`,
    ])
      await expect(database.pool.query(sql), sql).rejects.toMatchObject({ code: '23001' });
    await expectHead();
  });

  it('names no secret: of an endpoint neither its address nor what it signs with', async () => {
    const endpoints = new WebhookEndpointRepository(prisma);
    const secret = newWebhookSecret();
    const terms = { url: 'https://hooks.example/T0/SECRET-PART', types: [], description: 'd' };
    const { id } = (await endpoints.create(agencyId, terms, { scheme: 'v1', secret }, 20, BY))!;
    await endpoints.change(agencyId, id, { enabled: false }, BY);
    await endpoints.rotate(agencyId, id, { scheme: 'v1', secret }, new Date(), BY);
    await endpoints.delete(agencyId, id, BY);
    expect(await endpoints.delete(agencyId, id, BY)).toBe(false);
    const { key } = await agencies.createKey(agencyId, '', {}, BY);
    const about = (await acts()).filter(({ subject }) => (subject as { endpoint?: string }).endpoint === id);
    expect(about.map(({ act }) => act)).toEqual([
      'endpoint.created',
      'endpoint.changed',
      'endpoint.secret-renewed',
      'endpoint.deleted',
    ]);
    expect(about[1]).toMatchObject({
      before: { origin: 'https://hooks.example', enabled: true },
      after: { enabled: false },
    });
    const text = JSON.stringify(await acts());
    for (const hidden of [
      'SECRET-PART',
      key.slice(12),
      ...['hex', 'base64', 'base64url'].map((form) => Buffer.from(secret).toString(form as BufferEncoding)),
    ])
      expect(text).not.toContain(hidden);
  });

  it('is read at its end alone, however long it is', async () => {
    const plan = await database.pool.query<{ 'QUERY PLAN': string }>(
      'EXPLAIN SELECT "ordinal", "frontier" FROM "audit_act" ORDER BY "ordinal" DESC LIMIT 1',
    );
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Scan');
  });
});
