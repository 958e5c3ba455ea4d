import { generateKeyPairSync } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, loadConfig } from '#config/config.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { SealingService } from '#sealing/sealing.service.js';
import { createApi, type CreateApiOptions } from '../create-api.js';

/** Admin token of the services that tests start. */
export const ADMIN = 'test-admin-token-of-some-length';

/** A service under test with a database of its own and one agency. */
export interface TestService {
  app: NestFastifyApplication;
  config: Config;
  database: TestDatabase;
  /** API key of the agency `records.example.gov`. */
  key: string;
  keyPrefix: string;
  agencyId: number;
  /** Seals everything that waits. */
  seal(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the API on a new database; `env` overrides settings. */
export async function startService(
  env: Record<string, string> = {},
  options: CreateApiOptions & { database?: TestDatabase } = {},
): Promise<TestService> {
  const database = options.database ?? (await createTestDatabase());
  const config = testConfig(database.url, env);
  const app = await createApi(config, options);
  const agencies = app.get(AgencyRepository, { strict: false });
  const domain = 'records.example.gov';
  const agency = ((await agencies.create(domain, 'Records Office')) ?? (await agencies.find(domain)))!;
  const { key, prefix } = await agencies.createKey(agency.id, 'test');
  return {
    app,
    config,
    database,
    key,
    keyPrefix: prefix,
    agencyId: agency.id,
    seal: async () => {
      const sealing = app.get(SealingService, { strict: false });
      while ((await sealing.seal()) !== null);
    },
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** A configuration for tests: silent, without network. */
export function testConfig(databaseUrl: string, env: Record<string, string> = {}): Config {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  return loadConfig({
    DATABASE_URL: databaseUrl,
    SIGNING_KEY: key as string,
    ADMIN_TOKEN: ADMIN,
    LOG_ORIGIN: 'test.example/log',
    ANCHORS: 'none',
    ESPLORA_URLS: '',
    LOG_LEVEL: 'error',
    PORT: '0',
    ...env,
  });
}
