import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#config/config.js';
import type { AgencyRepository } from '#database/agency.repository.js';
import { ensureSecretFile, ensureSigningKeyFile, loadSigningKey } from '#keys/signing-key.js';
import { tryKeeping } from '#sealing/checkpoint-file.js';

/** Agency that the first run makes, so that there is something to try. */
const DEMO_DOMAIN = 'demo.example';

/** Characters of a key's thumbprint in a file's name: enough to tell keys apart. */
const KID_CHARACTERS = 16;

/** File of the demo agency's key, below the data folder. */
export const DEMO_KEY_FILE = 'demo-api-key';

/** Makes the secrets that the configuration does not name, in files of mode 0600 below the data folder, and names them; and where the newest
 * checkpoint is kept: in the data folder, and outside it, since the data folder may come back from a backup. `stateFolder` is the user's. */
export async function completeConfig(config: Config, stateFolder: string): Promise<Config> {
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
  if (config.checkpointFile.length === 0) {
    const { kid } = await loadSigningKey(complete);
    const outside = join(stateFolder, 'sealroot', `checkpoint-${kid.slice(0, KID_CHARACTERS)}`);
    complete.checkpointFile = [join(config.dataDir, 'checkpoint')];
    if (await tryKeeping(outside)) complete.checkpointFile.push(outside);
    else
      process.stderr.write(
        `sealroot: checkpoints are kept in ${config.dataDir} alone, since ${outside} cannot be written: set CHECKPOINT_FILE to a place that no backup brings back\n`,
      );
  }
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
