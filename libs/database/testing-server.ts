import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedDatabase } from './embedded.js';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServerUrl: string;
  }
}

/** Vitest global set-up: one PostgreSQL server for the run, at TEST_DATABASE_URL or an embedded one in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    project.provide('databaseServerUrl', given);
    return async () => undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-test-'));
  const server = await startEmbeddedDatabase(join(folder, 'postgres'));
  project.provide('databaseServerUrl', server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
