import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#config/config.js';
import type { AgencyRepository } from '#database/agency.repository.js';
import { ensureSecretFile, ensureSigningKeyFile } from '#keys/signing-key.js';

/** Agency that the first run makes, so that there is something to try. */
const DEMO_DOMAIN = 'demo.example';

/** File of the demo agency's key, below the data folder. */
export const DEMO_KEY_FILE = 'demo-api-key';

/** Makes the secrets that the configuration does not name, in files of mode 0600 below the data folder, and names them. */
export async function completeConfig(config: Config): Promise<Config> {
  await mkdir(config.dataDir, { recursive: true });
  const complete = { ...config };
  if (!config.signingKey && !config.signingKeyFile) {
    complete.signingKeyFile = join(config.dataDir, 'signing-key.pem');
    await ensureSigningKeyFile(complete.signingKeyFile);
  }
  if (!config.adminToken && !config.adminTokenFile) {
    complete.adminTokenFile = join(config.dataDir, 'admin-token');
    await ensureSecretFile(complete.adminTokenFile, `${randomBytes(32).toString('hex')}\n`);
  }
  complete.checkpointFile ??= join(config.dataDir, 'checkpoint');
  return complete;
}

/** The demo agency's new key, also kept in a file for the command line; null when the database has agencies already. */
export async function ensureDemoAgency(
  agencies: AgencyRepository,
  config: Config,
): Promise<{ domain: string; key: string; file: string } | null> {
  if ((await agencies.list()).length > 0) return null;
  const agency = await agencies.create(DEMO_DOMAIN, 'Demo agency');
  if (!agency) return null;
  const { key } = await agencies.createKey(agency.id, 'made at the first start');
  const file = join(config.dataDir, DEMO_KEY_FILE);
  // A file that an earlier, deleted database left behind names a key that no longer works.
  if (!(await ensureSecretFile(file, `${key}\n`)) && (await readFile(file, 'utf8')).trim() !== key)
    await writeFile(file, `${key}\n`);
  return { domain: DEMO_DOMAIN, key, file };
}
