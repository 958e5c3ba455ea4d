import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Actor, commitAct, SERVICE } from './audit-log.repository.js';
import { type Agency as AgencyRow, type ApiKey, Prisma } from './generated/client.js';
import { PrismaService } from './prisma.service.js';
import { type OwnQuota, ownQuota, quotaColumns } from './quota.repository.js';

/** An organisation that lodges records. */
export interface Agency {
  id: number;
  domain: string;
  name: string;
  createdAt: Date;
}

/** What an API key may be used for: to lodge records and reliances, to change statuses, to read what others may not, to manage the agency's webhooks. */
export const KEY_SCOPES = ['submit', 'status', 'read', 'admin'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** What is said of an API key. */
export interface KeyTerms {
  label: string;
  scopes: readonly KeyScope[];
  /** Networks from which it may be used, such as `10.20.0.0/16`; from everywhere when there are none. */
  networks: readonly string[];
  /** Null for no end. */
  expiresAt: Date | null;
}

/** What is said anew of an API key; what is undefined stays. */
export type KeyChange = { [Term in keyof KeyTerms]?: KeyTerms[Term] | undefined };

/** What may be shown of an API key: everything but the key. */
export interface ApiKeySummary extends KeyTerms {
  prefix: string;
  createdAt: Date;
  revokedAt: Date | null;
  /** About when it was used last, a minute or so late; null when it never was. */
  lastUsedAt: Date | null;
  /** Ed25519 public key of a holder who signs his requests, 32 bytes; null where the key is a secret that he sends. */
  publicKey: Uint8Array | null;
}

/** An agency that has shown one of its keys. */
export interface KeyHolder extends Agency {
  quota: OwnQuota;
  key: Pick<ApiKeySummary, 'prefix' | 'scopes' | 'networks' | 'expiresAt' | 'publicKey'>;
}

/** Letters of a key's public prefix. */
const PREFIX_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PREFIX_LENGTH = 8;

/** Bytes of a key's secret part: beyond guessing, so a plain hash of it is enough. */
const SECRET_BYTES = 32;

const PREFIX_PATTERN = /^sr_[a-z0-9]{8}$/;
const KEY_PATTERN = /^(sr_[a-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/** Agencies and their API keys. A key is shown once, when it is made; the table holds its public prefix and SHA-256. */
@Injectable()
export class AgencyRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** The new agency; null when the domain is taken. */
  async create(domain: string, name: string, by: Actor = SERVICE): Promise<Agency | null> {
    try {
      return await commitAct(this.prisma, by, async (db) => {
        const agency = await db.agency.create({ data: { domain, name } });
        return {
          result: agency,
          act: { act: 'agency.created', agencyId: agency.id, before: null, after: { domain, name } },
        };
      });
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return null;
      throw error;
    }
  }

  async list(): Promise<Agency[]> {
    return this.prisma.agency.findMany({ orderBy: { domain: 'asc' } });
  }

  async find(domain: string): Promise<Agency | null> {
    return this.prisma.agency.findUnique({ where: { domain } });
  }

  /** A new key of the agency, for everything unless told otherwise: the only time that the whole key is seen. Of a holder who signs his requests
   * it is his public key, and there is nothing to be seen. */
  async createKey(
    agencyId: number,
    label: string,
    { scopes = KEY_SCOPES, networks = [], expiresAt = null }: Partial<KeyTerms> = {},
    by: Actor = SERVICE,
  ): Promise<{ key: string; prefix: string }> {
    const prefix = newPrefix();
    const key = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    await this.#addKey(agencyId, prefix, { secretHash: hashKey(key) }, { label, scopes, networks, expiresAt }, by);
    return { key, prefix };
  }

  /** Adds the Ed25519 public key (32 bytes) of a holder who signs his requests. @returns its prefix, by which he names it */
  async addSigner(agencyId: number, publicKey: Uint8Array, terms: KeyTerms, by: Actor): Promise<string> {
    const prefix = newPrefix();
    await this.#addKey(agencyId, prefix, { publicKey: new Uint8Array(publicKey) }, terms, by);
    return prefix;
  }

  async #addKey(
    agencyId: number,
    prefix: string,
    credential: { secretHash: Uint8Array<ArrayBuffer> } | { publicKey: Uint8Array<ArrayBuffer> },
    { label, scopes, networks, expiresAt }: KeyTerms,
    by: Actor,
  ): Promise<void> {
    const terms = { label, scopes: [...scopes], networks: [...networks], expiresAt };
    await commitAct(this.prisma, by, async (db) => {
      const row = await db.apiKey.create({ data: { prefix, agencyId, ...credential, ...terms } });
      const act = { act: 'key.created', agencyId, subject: { key: prefix }, before: null, after: keyState(row) };
      return { result: undefined, act };
    });
  }

  /** All keys of the agency, newest first, revoked ones included. */
  async listKeys(agencyId: number): Promise<ApiKeySummary[]> {
    const rows = await this.prisma.apiKey.findMany({
      where: { agencyId },
      orderBy: { createdAt: 'desc' },
      omit: { agencyId: true, secretHash: true, expiringAnnounced: true },
    });
    return rows.map((row) => ({ ...row, scopes: row.scopes as KeyScope[] }));
  }

  /** Whether the agency has such a key that is not revoked; what is given is changed. */
  async changeKey(
    agencyId: number,
    prefix: string,
    { label, scopes, networks, expiresAt }: KeyChange,
    by: Actor = SERVICE,
  ): Promise<boolean> {
    const data = {
      ...(label !== undefined && { label }),
      ...(scopes !== undefined && { scopes: [...scopes] }),
      ...(networks !== undefined && { networks: [...networks] }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    return commitAct(this.prisma, by, async (db) => {
      const before = await lockKey(db, agencyId, prefix);
      if (before === null || before.revokedAt !== null) return { result: false, act: null };
      const after = keyState(await db.apiKey.update({ where: { prefix }, data }));
      return { result: true, act: { act: 'key.changed', agencyId, subject: { key: prefix }, before, after } };
    });
  }

  /** Notes that these keys were used just now. */
  async noteUse(prefixes: readonly string[]): Promise<void> {
    await this.prisma.apiKey.updateMany({ where: { prefix: { in: [...prefixes] } }, data: { lastUsedAt: new Date() } });
  }

  /** Whether the agency has such a key; it is revoked afterwards (a second call keeps the first time). */
  async revokeKey(agencyId: number, prefix: string, by: Actor = SERVICE): Promise<boolean> {
    return commitAct(this.prisma, by, async (db) => {
      const before = await lockKey(db, agencyId, prefix);
      if (before === null || before.revokedAt !== null) return { result: before !== null, act: null };
      const after = keyState(await db.apiKey.update({ where: { prefix }, data: { revokedAt: new Date() } }));
      return { result: true, act: { act: 'key.revoked', agencyId, subject: { key: prefix }, before, after } };
    });
  }

  /** Gives an agency a quota of its own, none at all, or (null) that of the settings. Every process hears of it. */
  async setQuota(agencyId: number, quota: OwnQuota, by: Actor = SERVICE): Promise<void> {
    await commitAct(this.prisma, by, async (db) => {
      await db.$queryRaw`SELECT 1 FROM "agency" WHERE "id" = ${agencyId} FOR UPDATE`;
      const before = ownQuota(await db.agency.findUniqueOrThrow({ where: { id: agencyId } }));
      await db.agency.update({ where: { id: agencyId }, data: quotaColumns(quota) });
      const act = { act: 'quota.changed', agencyId, before: quotaState(before), after: quotaState(quota) };
      return { result: undefined, act };
    });
  }

  /** The agencies whose holders sign by the keys of these prefixes, in their order, with one query for all of them; null where there is no such key, or it is revoked or expired. */
  async findSigners(prefixes: readonly string[]): Promise<(KeyHolder | null)[]> {
    const byPrefix = await this.#findInForce(new Set(prefixes));
    return prefixes.map((prefix) => {
      const row = byPrefix.get(prefix);
      return row === undefined || row.publicKey === null ? null : toHolder(row);
    });
  }

  /** The agencies of `keys`, in their order, with one query for all of them; null where a key is malformed, unknown, wrong, revoked or expired. */
  async authenticate(keys: readonly string[]): Promise<(KeyHolder | null)[]> {
    const prefixes = keys.map((key) => KEY_PATTERN.exec(key)?.[1]);
    const asked = new Set(prefixes.filter((prefix) => prefix !== undefined));
    const byPrefix = await this.#findInForce(asked);
    return keys.map((key, i) => {
      const row = byPrefix.get(prefixes[i] ?? '');
      if (!row || row.secretHash === null || !timingSafeEqual(hashKey(key), row.secretHash)) return null;
      return toHolder(row);
    });
  }

  async #findInForce(prefixes: ReadonlySet<string>): Promise<Map<string, ApiKey & { agency: AgencyRow }>> {
    if (prefixes.size === 0) return new Map();
    const rows = await this.prisma.apiKey.findMany({
      where: {
        prefix: { in: [...prefixes] },
        revokedAt: null,
        OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
      },
      include: { agency: true },
    });
    return new Map(rows.map((row) => [row.prefix, row]));
  }
}

/** Whether `text` has the form of an API key: what has not needs no look into the database. */
export function isApiKey(text: string): boolean {
  return KEY_PATTERN.test(text);
}

/** Whether `text` has the form of a key's public prefix. */
export function isKeyPrefix(text: string): boolean {
  return PREFIX_PATTERN.test(text);
}

function newPrefix(): string {
  let prefix = 'sr_';
  for (let i = 0; i < PREFIX_LENGTH; i++) prefix += PREFIX_ALPHABET[randomInt(PREFIX_ALPHABET.length)];
  return prefix;
}

function toHolder({
  agency,
  prefix,
  scopes,
  networks,
  expiresAt,
  publicKey,
}: ApiKey & { agency: AgencyRow }): KeyHolder {
  const key = { prefix, scopes: scopes as KeyScope[], networks, expiresAt, publicKey };
  return { ...agency, quota: ownQuota(agency), key };
}

/** What the audit log says of a key: everything but its hash. */
function keyState({ label, scopes, networks, expiresAt, revokedAt, publicKey }: ApiKey) {
  return {
    ...(publicKey === null ? {} : { publicKey: Buffer.from(publicKey).toString('base64url') }),
    label,
    scopes: [...scopes],
    networks: [...networks],
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

/** What the audit log says of a quota; null for that of the settings. */
function quotaState(quota: OwnQuota) {
  return quota === 'none' ? { limited: false } : quota && { limited: true, ...quota };
}

/** How the key is before it changes, which nobody else can until the transaction ends; null when the agency has none such. */
async function lockKey(
  db: Prisma.TransactionClient,
  agencyId: number,
  prefix: string,
): Promise<ReturnType<typeof keyState> | null> {
  await db.$queryRaw`SELECT 1 FROM "api_key" WHERE "prefix" = ${prefix} FOR UPDATE`;
  const row = await db.apiKey.findFirst({ where: { agencyId, prefix } });
  return row && keyState(row);
}

function hashKey(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}
