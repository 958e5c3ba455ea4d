import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '#setting/config-error.js';

/** Nest injection token of the {@link AdminToken}. */
export const ADMIN_TOKEN = Symbol('ADMIN_TOKEN');

/** In characters, as the setting ADMIN_TOKEN has it. */
const LEAST_LENGTH = 24;

/** The bearer token of the admin routes, kept as its SHA-256; absent when none is configured. */
export class AdminToken {
  readonly #hash: Buffer | undefined;

  constructor(token: string | undefined) {
    this.#hash = token === undefined ? undefined : createHash('sha256').update(token).digest();
  }

  /** Whether the admin routes are open at all. */
  get enabled(): boolean {
    return this.#hash !== undefined;
  }

  /** Compares in constant time. */
  matches(token: string): boolean {
    return this.#hash !== undefined && timingSafeEqual(createHash('sha256').update(token).digest(), this.#hash);
  }
}

/** The token named by the configuration; a disabled one when the configuration names none.
 * @throws ConfigError when the file cannot be read or its token is too short; the message never quotes the token */
export async function loadAdminToken(config: {
  adminToken?: string | undefined;
  adminTokenFile?: string | undefined;
}): Promise<AdminToken> {
  if (config.adminToken) return new AdminToken(config.adminToken);
  if (!config.adminTokenFile) return new AdminToken(undefined);
  const token = await readFile(config.adminTokenFile, 'utf8').then((text) => text.trim(), unreadable);
  if (token.length < LEAST_LENGTH) {
    const detail = `expected at least ${LEAST_LENGTH} characters in ${config.adminTokenFile}, got ${token.length}`;
    throw new ConfigError([{ key: 'ADMIN_TOKEN_FILE', detail }]);
  }
  return new AdminToken(token);
}

function unreadable(cause: Error): never {
  throw new ConfigError([
    { key: 'ADMIN_TOKEN_FILE', detail: `expected a file that can be read, got ${cause.message}` },
  ]);
}
