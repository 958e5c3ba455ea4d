import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Nest injection token of the {@link AdminToken}. */
export const ADMIN_TOKEN = Symbol('ADMIN_TOKEN');

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

/** The token named by the configuration; a disabled one when the configuration names none. */
export async function loadAdminToken(config: {
  adminToken?: string | undefined;
  adminTokenFile?: string | undefined;
}): Promise<AdminToken> {
  if (config.adminToken) return new AdminToken(config.adminToken);
  if (!config.adminTokenFile) return new AdminToken(undefined);
  return new AdminToken((await readFile(config.adminTokenFile, 'utf8')).trim());
}
