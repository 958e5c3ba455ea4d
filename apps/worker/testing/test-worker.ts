import { createHash, generateKeyPairSync } from 'node:crypto';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Anchor } from '#anchors/anchor.js';
import { type Config, loadConfig } from '#config/config.js';
import { StatusRepository } from '#database/status.repository.js';
import { SupersedingIntake } from '#intake/superseding.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { RecordRepository } from '#database/record.repository.js';
import type { TestDatabase } from '#database/testing.js';
import { IntakeService } from '#intake/intake.js';
import { Receipts } from '#intake/receipts.js';
import { signingKeyFromPem } from '#keys/signing-key.js';
import { ANCHORS } from '../anchors.js';
import { WorkerModule } from '../worker.module.js';

/** One key for all workers of a run, so that several may share a database. */
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** Settings for tests, without network; `env` overrides them. */
export function testSettings(database: TestDatabase, env: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    SIGNING_KEY: pem,
    LOG_ORIGIN: 'test.example/log',
    ANCHORS: 'none',
    ESPLORA_URLS: '',
    LOG_LEVEL: 'error',
    ...env,
  };
}

/** {@link testSettings} as the code sees them. */
export function testConfig(database: TestDatabase, env: Record<string, string> = {}): Config {
  return loadConfig(testSettings(database, env));
}

/** The service's verifier key under the log's name. */
export function verifierKey(): string {
  return signingKeyFromPem(pem, 'test').verifierKey('test.example/log');
}

/** Starts a worker with the given anchors in place of the configured ones. It logs nothing unless `logger` is given. */
export async function startWorker(
  config: Config,
  anchors: Anchor[] = [],
  logger: LoggerService | false = false,
): Promise<INestApplicationContext> {
  const module = await Test.createTestingModule({ imports: [WorkerModule.forProcess(config)] })
    .overrideProvider(ANCHORS)
    .useValue(new Map(anchors.map((anchor) => [anchor.name, anchor])))
    .setLogger(logger || { log: () => undefined, error: () => undefined, warn: () => undefined })
    .compile();
  return module.init();
}

/** A way in for records without the HTTP service. */
export async function startIntake(database: TestDatabase): Promise<(names: string[]) => Promise<string[]>> {
  const domain = 'records.example.gov';
  const { rows } = await database.pool.query<{ id: number }>(
    'INSERT INTO "agency" ("domain", "name") VALUES ($1, $1) ON CONFLICT ("domain") DO UPDATE SET "name" = $1 RETURNING "id"',
    [domain],
  );
  const config = testConfig(database);
  const intake = new IntakeService(
    config,
    new RecordRepository(database.pool),
    new Receipts(config, signingKeyFromPem(pem, 'test')),
    new AgencyProfileRepository(database.pool, database.pool),
    new SupersedingIntake(new StatusRepository(database.pool), new RecordRepository(database.pool)),
    { checkFor: () => Promise.resolve(null) },
  );
  return async (names) => {
    const items = names.map((name) => ({ digests: { sha256: digestOf(name) }, profile: 'generic@1' }));
    const { results } = await intake.accept({ id: rows[0]!.id, domain }, items);
    return results.map((result) => {
      if (result.outcome !== 'accepted') throw new Error(`Accepting a record: expected accepted, got ${result.json}`);
      return result.id;
    });
  };
}

/** SHA-256 of a document that is its own name, hex. */
export function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
