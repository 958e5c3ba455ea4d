import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Prisma } from './generated/client.js';
import { PrismaService } from './prisma.service.js';

/** An organisation that lodges records. */
export interface Agency {
  id: number;
  domain: string;
  name: string;
  createdAt: Date;
}

/** What may be shown of an API key: everything but the key. */
export interface ApiKeySummary {
  prefix: string;
  label: string;
  createdAt: Date;
  revokedAt: Date | null;
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
  async create(domain: string, name: string): Promise<Agency | null> {
    try {
      return await this.prisma.durably(this.prisma.agency.create({ data: { domain, name } }));
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

  /** A new key of the agency: the only time that the whole key is seen. */
  async createKey(agencyId: number, label: string): Promise<{ key: string; prefix: string }> {
    let prefix = 'sr_';
    for (let i = 0; i < PREFIX_LENGTH; i++) prefix += PREFIX_ALPHABET[randomInt(PREFIX_ALPHABET.length)];
    const key = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    await this.prisma.durably(
      this.prisma.apiKey.create({ data: { prefix, agencyId, label, secretHash: hashKey(key) } }),
    );
    return { key, prefix };
  }

  /** All keys of the agency, newest first, revoked ones included. */
  async listKeys(agencyId: number): Promise<ApiKeySummary[]> {
    return this.prisma.apiKey.findMany({
      where: { agencyId },
      orderBy: { createdAt: 'desc' },
      select: { prefix: true, label: true, createdAt: true, revokedAt: true },
    });
  }

  /** Whether the agency has such a key; it is revoked afterwards (a second call keeps the first time). */
  async revokeKey(agencyId: number, prefix: string): Promise<boolean> {
    const { count } = await this.prisma.durably(
      this.prisma.apiKey.updateMany({
        where: { agencyId, prefix, revokedAt: null },
        data: { revokedAt: new Date() },
      }),
    );
    return count > 0 || (await this.prisma.apiKey.count({ where: { agencyId, prefix } })) > 0;
  }

  /** The agencies of `keys`, in their order, with one query for all of them; null where a key is malformed, unknown, wrong or revoked. */
  async authenticate(keys: readonly string[]): Promise<(Agency | null)[]> {
    const prefixes = keys.map((key) => KEY_PATTERN.exec(key)?.[1]);
    const asked = new Set(prefixes.filter((prefix) => prefix !== undefined));
    if (asked.size === 0) return keys.map(() => null);
    const rows = await this.prisma.apiKey.findMany({
      where: { prefix: { in: [...asked] }, revokedAt: null },
      include: { agency: true },
    });
    const byPrefix = new Map(rows.map((row) => [row.prefix, row]));
    return keys.map((key, i) => {
      const row = byPrefix.get(prefixes[i] ?? '');
      return row && timingSafeEqual(hashKey(key), row.secretHash) ? row.agency : null;
    });
  }
}

/** Whether `text` has the form of an API key: what has not needs no look into the database. */
export function isApiKey(text: string): boolean {
  return KEY_PATTERN.test(text);
}

function hashKey(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}
