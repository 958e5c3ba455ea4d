import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type Actor, commitAct } from './audit-log.repository.js';
import { PG_POOL, READ_POOL } from './pool.js';
import { PrismaService } from './prisma.service.js';

/** A key by which an agency signs what it notarises. */
export interface SigningKeyRow {
  /** RFC 7638 thumbprint. */
  keyId: string;
  agencyId: number;
  agency: string;
  /** 32 bytes. */
  publicKey: Buffer;
  /** 64 bytes. */
  possession: Buffer;
  validFrom: Date;
  validUntil: Date | null;
  createdAt: Date;
  /** Id of the record that registers it; null while that is still to be made. */
  recordId: string | null;
  /** Whether that record is in the log. */
  sealed: boolean;
  revokedAt: Date | null;
  revokedReason: string | null;
}

/** A key that is to be registered. */
export type NewSigningKey = Pick<
  SigningKeyRow,
  'keyId' | 'agencyId' | 'publicKey' | 'possession' | 'validFrom' | 'validUntil'
>;

const KEYS = `SELECT k."key_id" AS "keyId", k."agency_id" AS "agencyId", a."domain" AS "agency", k."public_key" AS "publicKey", k."possession",
  k."valid_from" AS "validFrom", k."valid_until" AS "validUntil", k."created_at" AS "createdAt", k."record_id" AS "recordId",
  k."revoked_at" AS "revokedAt", k."revoked_reason" AS "revokedReason", EXISTS (SELECT FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id"
    WHERE r."id" = k."record_id" AND c."batch_number" IS NOT NULL) AS "sealed"
FROM "signing_key" k JOIN "agency" a ON a."id" = k."agency_id"`;
const DUE = `(k."record_id" IS NULL OR (k."revoked_at" IS NOT NULL AND NOT k."revocation_lodged"))`;

/** Keys by which agencies sign: what is wanted of them, and how far the log says so. */
@Injectable()
export class SigningKeyRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(READ_POOL) private readonly readPool: pg.Pool,
    private readonly prisma: PrismaService,
  ) {}

  /** All keys of an agency, newest first. */
  async ofAgency(agencyId: number): Promise<SigningKeyRow[]> {
    return this.#list('signing-keys-of-agency', 'WHERE k."agency_id" = $1', [agencyId]);
  }

  /** The keys of the agency with this domain, or of all of them, newest first: for everybody. */
  async published(domain?: string): Promise<SigningKeyRow[]> {
    return domain === undefined
      ? this.#list('signing-keys', '', [], this.readPool)
      : this.#list('signing-keys-published', 'WHERE a."domain" = $1', [domain], this.readPool);
  }

  /** The key with this id, or null. */
  async find(keyId: string): Promise<SigningKeyRow | null> {
    return (await this.#list('signing-key', 'WHERE k."key_id" = $1', [keyId]))[0] ?? null;
  }

  /** Forgets the records that register these keys, which another log is to have: they are to be made anew. Keys that are revoked stay as they are. */
  async forgetRecords(recordIds: string[]): Promise<void> {
    await this.prisma.durably(
      this.prisma.signingKey.updateMany({
        where: { recordId: { in: recordIds }, revokedAt: null },
        data: { recordId: null },
      }),
    );
  }

  /** Keys of which the log does not say yet what it should: their record is missing, or that they are revoked. */
  async due(): Promise<SigningKeyRow[]> {
    return this.#list('signing-keys-due', `WHERE ${DUE}`, []);
  }

  /** Stores a key unless one with its id is there. @returns whether it was stored */
  async create({ agencyId, keyId, ...key }: NewSigningKey, by: Actor): Promise<boolean> {
    return commitAct(this.prisma, by, async (db) => {
      const data = { ...key, publicKey: new Uint8Array(key.publicKey), possession: new Uint8Array(key.possession) };
      const { count } = await db.signingKey.createMany({ data: { ...data, agencyId, keyId }, skipDuplicates: true });
      if (count === 0) return { result: false, act: null };
      const period = { validFrom: key.validFrom.toISOString(), validUntil: key.validUntil?.toISOString() ?? null };
      const act = { act: 'signing-key.registered', agencyId, subject: { key: keyId }, before: null, after: period };
      return { result: true, act };
    });
  }

  /** Notes the record that registers a key. */
  async setRecord(keyId: string, recordId: string): Promise<void> {
    await this.prisma.durably(
      this.prisma.signingKey.updateMany({ where: { keyId, recordId: null }, data: { recordId } }),
    );
  }

  /** Revokes a key of an agency, at once in every process (again: the first time stays). @returns whether there is such a key */
  async revoke(agencyId: number, keyId: string, reason: string, by: Actor): Promise<boolean> {
    return commitAct(this.prisma, by, async (db) => {
      const revoked = { revokedAt: new Date(), revokedReason: reason };
      const { count } = await db.signingKey.updateMany({ where: { agencyId, keyId, revokedAt: null }, data: revoked });
      if (count === 0) return { result: (await db.signingKey.count({ where: { agencyId, keyId } })) > 0, act: null };
      const after = { revokedAt: revoked.revokedAt.toISOString(), reason };
      const act = { act: 'signing-key.revoked', agencyId, subject: { key: keyId }, before: { revokedAt: null }, after };
      return { result: true, act };
    });
  }

  /** Notes that the log says that a key is revoked. */
  async setRevocationLodged(keyId: string): Promise<void> {
    await this.prisma.durably(
      this.prisma.signingKey.updateMany({
        where: { keyId, revokedAt: { not: null } },
        data: { revocationLodged: true },
      }),
    );
  }

  async #list(name: string, where: string, values: unknown[], pool = this.pool): Promise<SigningKeyRow[]> {
    const text = `${KEYS} ${where} ORDER BY k."created_at" DESC, k."key_id"`;
    return (await pool.query<SigningKeyRow>({ name, text, values })).rows;
  }
}
