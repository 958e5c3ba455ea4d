import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Actor, commitAct, SERVICE } from './audit-log.repository.js';
import { Prisma } from './generated/client.js';
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
}

/** An agency that has shown one of its keys. */
export interface KeyHolder extends Agency {
  quota: OwnQuota;
  key: Pick<ApiKeySummary, 'prefix' | 'scopes' | 'networks' | 'expiresAt'>;
}

/** Letters of a key's public prefix. */
const PREFIX_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PREFIX_LENGTH = 8;

/** Bytes of a key's secret part: beyond guessing, so a plain hash of it is enough. */
const SECRET_BYTES = 32;

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

  /** A new key of the agency, for everything unless told otherwise: the only time that the whole key is seen. */
  async createKey(
    agencyId: number,
    label: string,
    { scopes = KEY_SCOPES, networks = [], expiresAt = null }: Partial<KeyTerms> = {},
    by: Actor = SERVICE,
  ): Promise<{ key: string; prefix: string }> {
    let prefix = 'sr_';
    for (let i = 0; i < PREFIX_LENGTH; i++) prefix += PREFIX_ALPHABET[randomInt(PREFIX_ALPHABET.length)];
    const key = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const terms = { label, scopes: [...scopes], networks: [...networks], expiresAt };
    return commitAct(this.prisma, by, async (db) => {
      await db.apiKey.create({ data: { prefix, agencyId, secretHash: hashKey(key), ...terms } });
      const after = keyState({ ...terms, revokedAt: null });
      return {
        result: { key, prefix },
        act: { act: 'key.created', agencyId, subject: { key: prefix }, before: null, after },
      };
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

  /** The agencies of `keys`, in their order, with one query for all of them; null where a key is malformed, unknown, wrong, revoked or expired. */
  async authenticate(keys: readonly string[]): Promise<(KeyHolder | null)[]> {
    const prefixes = keys.map((key) => KEY_PATTERN.exec(key)?.[1]);
    const asked = new Set(prefixes.filter((prefix) => prefix !== undefined));
    if (asked.size === 0) return keys.map(() => null);
    const rows = await this.prisma.apiKey.findMany({
      where: {
        prefix: { in: [...asked] },
        revokedAt: null,
        OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
      },
      include: { agency: true },
    });
    const byPrefix = new Map(rows.map((row) => [row.prefix, row]));
    return keys.map((shown, i) => {
      const row = byPrefix.get(prefixes[i] ?? '');
      if (!row || !timingSafeEqual(hashKey(shown), row.secretHash)) return null;
      const { prefix, scopes, networks, expiresAt } = row;
      const key = { prefix, scopes: scopes as KeyScope[], networks, expiresAt };
      return { ...row.agency, quota: ownQuota(row.agency), key };
    });
  }
}

/** Whether `text` has the form of an API key: what has not needs no look into the database. */
export function isApiKey(text: string): boolean {
  return KEY_PATTERN.test(text);
}

/** What the audit log says of a key: everything but its hash. */
function keyState({
  label,
  scopes,
  networks,
  expiresAt,
  revokedAt,
}: Omit<KeyTerms, 'scopes'> & { scopes: readonly string[]; revokedAt: Date | null }) {
  return {
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
