import { readFileSync } from 'node:fs';
import { ConfigError } from '#setting/config-error.js';

/** The key of the account that pays on EVM chains, 64 hex digits, from where the configuration says.
 * @throws ConfigError, which does not show the key */
export function readEvmKey(config: {
  evmPrivateKey?: string | undefined;
  evmPrivateKeyFile?: string | undefined;
}): string {
  const file = config.evmPrivateKeyFile;
  const key = file === undefined ? 'EVM_PRIVATE_KEY' : 'EVM_PRIVATE_KEY_FILE';
  const text = file === undefined ? config.evmPrivateKey : readText(file);
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text?.trim() ?? '')?.[1];
  if (digits !== undefined) return digits.toLowerCase();
  const where = file === undefined ? '' : ` in ${file}`;
  throw new ConfigError([{ key, detail: `expected 64 hex digits${where}, got something else` }]);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      { key: 'EVM_PRIVATE_KEY_FILE', detail: `expected a readable file, got ${code} at ${file}` },
    ]);
  }
}
