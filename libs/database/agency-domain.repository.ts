import { Injectable } from '@nestjs/common';
import { type Actor, commitAct, SERVICE } from './audit-log.repository.js';
import type { AgencyDomain as Row } from './generated/client.js';
import { PrismaService } from './prisma.service.js';

/** What a look at a TXT record gave. */
export interface DomainLook {
  outcome: 'seen' | 'absent' | 'disputed' | 'unanswered';
  /** What each resolver said, JSON text. */
  answers: string;
}

/** How an agency's domain stands. */
export type AgencyDomain = Row & { state: 'unverified' | 'verified'; domain: string };

/** One look that gave another outcome than the one before. */
export interface PastLook {
  at: Date;
  outcome: string;
  answers: string;
}

/** A process that looks has so long for it before another one does, in milliseconds. */
const LOOK_MS = 120_000;

/** Pause between two looks at a domain that is verified, and at one that is not or seems no more to be, in milliseconds. */
const VERIFIED_EVERY_MS = 86_400_000;
const OTHERS_EVERY_MS = 3_600_000;

/** A domain is verified no more when its record was missing for so long, at two looks at least, in milliseconds. */
const ABSENT_MS = 3_000_000;

/** Whether agencies hold their domains. */
@Injectable()
export class AgencyDomainRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** How the agency's domain stands; from now on it is looked at. */
  async ensure(agencyId: number, by: Actor): Promise<AgencyDomain> {
    const found = await this.#find(agencyId);
    if (found !== null) return found;
    await commitAct(this.prisma, by, async (db) => {
      const { count } = await db.agencyDomain.createMany({ data: [{ agencyId }], skipDuplicates: true });
      const act = { act: 'domain.claimed', agencyId, before: null, after: {} };
      return { result: undefined, act: count === 0 ? null : act };
    });
    return (await this.#find(agencyId))!;
  }

  /** All domains that are looked at, by their agency's domain. */
  async list(): Promise<Map<string, AgencyDomain>> {
    const rows = await this.prisma.agencyDomain.findMany({ include: { agency: true } });
    return new Map(rows.map(({ agency, ...row }) => [agency.domain, toDomain(row, agency.domain)]));
  }

  /** The newest looks at a domain that gave something else than the one before. */
  async history(agencyId: number, limit: number): Promise<PastLook[]> {
    return this.prisma.domainHistory.findMany({ where: { agencyId }, orderBy: { at: 'desc' }, take: limit });
  }

  /** A domain that is due, which other processes then leave alone for a while; null when none is. `agencyId`: this one, unless it was looked at a moment ago. */
  async take(agencyId?: number): Promise<AgencyDomain | null> {
    const now = new Date();
    const until = new Date(now.getTime() + LOOK_MS);
    const [taken] =
      agencyId === undefined
        ? await this.prisma.$queryRaw<{ id: number }[]>`
            UPDATE "agency_domain" SET "next_check_at" = ${until} WHERE "agency_id" = (
              SELECT "agency_id" FROM "agency_domain" WHERE "next_check_at" <= ${now} ORDER BY "next_check_at" LIMIT 1 FOR UPDATE SKIP LOCKED
            ) RETURNING "agency_id" AS "id"`
        : await this.prisma.$queryRaw<{ id: number }[]>`
            UPDATE "agency_domain" SET "next_check_at" = ${until} WHERE "agency_id" = ${agencyId}
              AND ("checked_at" IS NULL OR "checked_at" <= ${new Date(now.getTime() - 10_000)}) RETURNING "agency_id" AS "id"`;
    return taken === undefined ? null : this.#find(taken.id);
  }

  /** Stores what a look gave, and what it makes of the domain. */
  async store(agencyId: number, { outcome, answers }: DomainLook): Promise<void> {
    await commitAct(this.prisma, SERVICE, async (db) => {
      await db.$queryRaw`SELECT 1 FROM "agency_domain" WHERE "agency_id" = ${agencyId} FOR UPDATE`;
      const row = await db.agencyDomain.findUniqueOrThrow({ where: { agencyId } });
      const at = new Date();
      const absentSince = outcome === 'absent' ? (row.absentSince ?? at) : outcome === 'seen' ? null : row.absentSince;
      const isGone = outcome === 'absent' && at.getTime() - absentSince!.getTime() >= ABSENT_MS;
      const state = outcome === 'seen' ? 'verified' : isGone ? 'unverified' : row.state;
      const settled = state === 'verified' && outcome === 'seen';
      if (outcome !== row.outcome) await db.domainHistory.create({ data: { agencyId, at, outcome, answers } });
      await db.agencyDomain.update({
        where: { agencyId },
        data: {
          ...(state === row.state ? {} : { state, since: at }),
          ...(state === 'verified' && row.state !== 'verified' ? { version: row.version + 1 } : {}),
          ...(outcome === 'seen' ? { seenAt: at } : {}),
          absentSince,
          checkedAt: at,
          outcome,
          answers,
          nextCheckAt: new Date(at.getTime() + (settled ? VERIFIED_EVERY_MS : OTHERS_EVERY_MS)),
        },
      });
      const change = { before: { state: row.state }, after: { state, outcome } };
      const act = { act: `domain.${state}`, agencyId, ...change };
      return { result: undefined, act: state === row.state ? null : act };
    });
  }

  /** Domains of which the log does not say yet what they are. */
  async unsettled(): Promise<AgencyDomain[]> {
    const where = {
      OR: [
        { state: 'verified', recordId: null },
        { state: 'unverified', NOT: { recordId: null } },
      ],
    };
    const rows = await this.prisma.agencyDomain.findMany({ where, include: { agency: true }, take: 100 });
    return rows.map(({ agency, ...row }) => toDomain(row, agency.domain));
  }

  /** The records that say that domains are verified. */
  async records(): Promise<string[]> {
    const rows = await this.prisma.agencyDomain.findMany({ where: { state: 'verified', NOT: { recordId: null } } });
    return rows.map(({ recordId }) => recordId!);
  }

  /** Forgets these records, which another log is to have: they are to be made anew. */
  async forgetRecords(recordIds: string[]): Promise<void> {
    await this.prisma.agencyDomain.updateMany({
      where: { recordId: { in: recordIds }, state: 'verified' },
      data: { recordId: null },
    });
  }

  /** Notes the record that says that the domain is verified, or (null) that it was ended; unless it has changed meanwhile. */
  async note({ agencyId, state, version }: AgencyDomain, recordId: string | null): Promise<void> {
    await this.prisma.agencyDomain.updateMany({ where: { agencyId, state, version }, data: { recordId } });
  }

  async #find(agencyId: number): Promise<AgencyDomain | null> {
    const row = await this.prisma.agencyDomain.findUnique({ where: { agencyId }, include: { agency: true } });
    if (row === null) return null;
    const { agency, ...rest } = row;
    return toDomain(rest, agency.domain);
  }
}

function toDomain(row: Row, domain: string): AgencyDomain {
  return { ...row, state: row.state as AgencyDomain['state'], domain };
}
