import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { PrismaService } from '#database/prisma.service.js';
import { RecordRepository } from '#database/record.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { sealNextBatch } from '#sealing/seal.js';
import { sealDeps, testKey } from '#sealing/testing/sealed-database.js';
import { idHex, parseRegistration, registrationClaims } from '#signature/registration.js';
import { keyIdOf, parsePublicKey } from '#signature/agency-key.js';
import { parseStatement } from '#statement/statement.js';
import { IntakeService } from './intake.js';
import { Receipts } from './receipts.js';
import { Registrar } from './registrar.js';
import { StatusIntakeService } from './status-intake.js';
import { SupersedingIntake } from './superseding.js';

const logKey = testKey();
const publicKey = parsePublicKey(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!);
const fact = {
  reference: `signing-key:${keyIdOf(publicKey)}`,
  sha256: idHex(keyIdOf(publicKey)),
  claims: registrationClaims('mr.example.gov', publicKey, new Uint8Array(64)),
  validUntil: '2030-01-01T00:00:00Z',
};
let db: TestDatabase;
let prisma: PrismaService;
beforeAll(async () => {
  db = await createTestDatabase();
  prisma = new PrismaService(db.pool);
});
afterAll(async () => {
  await prisma.$disconnect();
  await db.drop();
});

/** The registrar as one process has it. */
function registrar(logOrigin = 'log.example:8443/test'): Registrar {
  const config = { logOrigin, commitIntervalMs: 2, commitMaxRecords: 1000, batchMaxRecords: 1000 };
  const receipts = new Receipts(config, logKey);
  const statuses = new StatusRepository(db.pool);
  const intake = new IntakeService(
    config,
    new RecordRepository(db.pool),
    receipts,
    new AgencyProfileRepository(db.pool, db.pool),
    new SupersedingIntake(statuses, new RecordRepository(db.pool)),
    { checkFor: () => Promise.resolve(null) },
  );
  return new Registrar(config, new AgencyRepository(prisma), intake, new StatusIntakeService(statuses, receipts));
}

it('makes one record of a fact, however often and by however many processes it is asked for', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => registrar().register(fact)));
  expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
  const { statement } = (await new RecordRepository(db.pool).find(ids[0]!.id))!;
  const read = parseStatement(JSON.parse(statement));
  expect(read).toMatchObject({ agency: 'registrar.log.example', profile: 'identity@1' });
  expect(parseRegistration(read)).toEqual({ agency: 'mr.example.gov', key: keyIdOf(publicKey), publicKey });
  await expect(registrar().register({ ...fact, sha256: '00'.repeat(32) })).rejects.toMatchObject({ code: 'refused' });
});

it('ends a fact once it is in the log, and says so again without harm', async () => {
  const { id } = await registrar().register({ ...fact, reference: 'another' });
  expect(await registrar().end(id, 'rotated')).toBe('not-sealed');
  while ((await sealNextBatch(sealDeps(db.pool, logKey, {}))) !== null);
  expect(await registrar().end(id, 'rotated')).toBe('ended');
  expect(await registrar().end(id, 'rotated')).toBe('ended');
  expect(await registrar().end(id, 'compromised')).toBe('ended');
  const { rows } = await db.pool.query('SELECT FROM "status_event"');
  expect(rows).toHaveLength(1);
});

it('speaks in no name that another may have, or that nobody could tell', async () => {
  await expect(registrar('-log/test').register(fact)).rejects.toMatchObject({ code: 'no-name' });
  const agencies = new AgencyRepository(prisma);
  const taken = await agencies.create('registrar.other.example', 'Somebody');
  const { prefix } = await agencies.createKey(taken!.id, '');
  await expect(registrar('other.example').register(fact)).rejects.toMatchObject({ code: 'refused' });
  await agencies.revokeKey(taken!.id, prefix);
  await registrar('other.example').register(fact);
});
