import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Actor, commitAct, type NewAct, SERVICE } from './audit-log.repository.js';
import type { Prisma, Proposal as Row } from './generated/client.js';
import { PrismaService } from './prisma.service.js';

/** What needs a second key: a change of statuses, or a laxer rule about that. */
export type ProposalKind = 'status' | 'four-eyes';
export type ProposalState = 'open' | 'confirmed' | 'done' | 'rejected' | 'expired';

/** What a key has asked for, and what became of it. */
export type Proposal = Omit<Row, 'kind' | 'state'> & { kind: ProposalKind; state: ProposalState };

/** What is proposed: JSON texts of all of it, and of what is said of it in short. */
export type NewProposal = Pick<Proposal, 'kind' | 'request' | 'summary'>;

/** Why a proposal was not decided: there is none, it is open no more, or it is the same key's. */
export type DecisionFault = 'missing' | 'closed' | 'same-key';

/** How long a process that does what was confirmed holds it unless it says that it goes on, in seconds. */
export const HOLD_SECONDS = 60;

/** Proposals that one agency may have waiting. */
export const MAX_WAITING_PROPOSALS = 20;

/** Proposals of agencies, and whether they need them. */
@Injectable()
export class ProposalRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Records above which an agency needs a second key; null when it never does. */
  async fourEyesAbove(agencyId: number): Promise<number | null> {
    const { fourEyesAbove } = await this.prisma.agency.findUniqueOrThrow({ where: { id: agencyId } });
    return fourEyesAbove;
  }

  /** Sets that at once. */
  async setFourEyes(agencyId: number, above: number | null, by: Actor): Promise<void> {
    await commitAct(this.prisma, by, async (db) => ({
      result: undefined,
      act: await setFourEyes(db, agencyId, above),
    }));
  }

  /** Stores a proposal of the key `proposedBy`; null when the agency has too many that wait. */
  async propose(agencyId: number, proposedBy: string, proposal: NewProposal, by: Actor): Promise<Proposal | null> {
    const id = randomUUID();
    return commitAct(this.prisma, by, async (db) => {
      const waiting = await db.proposal.count({ where: { agencyId, state: { in: ['open', 'confirmed'] } } });
      if (waiting >= MAX_WAITING_PROPOSALS) return { result: null, act: null };
      const row = await db.proposal.create({ data: { id, agencyId, proposedBy, ...proposal } });
      return { result: toProposal(row), act: actOf('proposal.made', row, null) };
    });
  }

  async find(agencyId: number, id: string): Promise<Proposal | null> {
    const row = await this.prisma.proposal.findFirst({ where: { agencyId, id } });
    return row && toProposal(row);
  }

  /** The newest proposals of an agency. */
  async list(agencyId: number, limit: number): Promise<Proposal[]> {
    const rows = await this.prisma.proposal.findMany({
      where: { agencyId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
    });
    return rows.map(toProposal);
  }

  /** Confirms or rejects an open proposal by another key than it came from. What is confirmed is held by this process; a rule is changed in the same
   * transaction. Only one decision is ever taken. */
  async decide(
    agencyId: number,
    id: string,
    decidedBy: string,
    verdict: 'confirmed' | 'rejected',
    by: Actor,
  ): Promise<Proposal | DecisionFault> {
    return commitAct<Proposal | DecisionFault>(this.prisma, by, async (db) => {
      const row = await lockProposal(db, agencyId, id);
      if (row === null) return { result: 'missing', act: null };
      if (row.state !== 'open' || row.expiresAt.getTime() <= Date.now()) return { result: 'closed', act: null };
      if (verdict === 'confirmed' && row.proposedBy === decidedBy) return { result: 'same-key', act: null };
      // Whoever proposed it may take it back.
      const decided = { decidedBy: row.proposedBy === decidedBy ? null : decidedBy, decidedAt: new Date() };
      const isRule = verdict === 'confirmed' && row.kind === 'four-eyes';
      if (isRule) await setFourEyes(db, agencyId, (JSON.parse(row.request) as { above: number | null }).above);
      const data =
        verdict === 'rejected'
          ? { state: 'rejected', ...decided }
          : { ...decided, ...(isRule ? { state: 'done' } : { state: 'confirmed', heldUntil: holdEnd() }) };
      const after = await db.proposal.update({ where: { id }, data });
      return { result: toProposal(after), act: actOf(`proposal.${verdict}`, after, row) };
    });
  }

  /** Goes on holding what is being done. */
  async hold(id: string): Promise<void> {
    await this.prisma.proposal.updateMany({ where: { id, state: 'confirmed' }, data: { heldUntil: holdEnd() } });
  }

  /** Stores what came of a confirmed proposal, once. `answer`: JSON text */
  async finish(id: string, answer: string): Promise<Proposal> {
    return commitAct(this.prisma, SERVICE, async (db) => {
      const row = (await lockProposal(db, null, id))!;
      if (row.state !== 'confirmed') return { result: toProposal(row), act: null };
      const after = await db.proposal.update({ where: { id }, data: { state: 'done', heldUntil: null, answer } });
      return { result: toProposal(after), act: actOf('proposal.done', after, row) };
    });
  }

  /** Takes over a confirmed proposal whose process is gone; null when there is none. With its agency's domain. */
  async takeOver(): Promise<(Proposal & { domain: string }) | null> {
    const [taken] = await this.prisma.$queryRaw<{ id: string }[]>`
      UPDATE "proposal" SET "held_until" = ${holdEnd()} WHERE "id" = (
        SELECT "id" FROM "proposal" WHERE "state" = 'confirmed' AND "held_until" <= ${new Date()} LIMIT 1 FOR UPDATE SKIP LOCKED
      ) RETURNING "id"::text AS "id"`;
    if (taken === undefined) return null;
    const row = await this.prisma.proposal.findUniqueOrThrow({ where: { id: taken.id }, include: { agency: true } });
    return { ...toProposal(row), domain: row.agency.domain };
  }

  /** Closes a proposal that nobody decided in time. @returns whether there was one */
  async expire(): Promise<boolean> {
    return commitAct(this.prisma, SERVICE, async (db) => {
      const due = await db.proposal.findFirst({ where: { state: 'open', expiresAt: { lte: new Date() } } });
      const row = due && (await lockProposal(db, due.agencyId, due.id));
      if (row?.state !== 'open') return { result: false, act: null };
      const after = await db.proposal.update({
        where: { id: row.id },
        data: { state: 'expired', decidedAt: new Date() },
      });
      return { result: true, act: actOf('proposal.expired', after, row) };
    });
  }
}

function holdEnd(): Date {
  return new Date(Date.now() + HOLD_SECONDS * 1000);
}

async function setFourEyes(db: Prisma.TransactionClient, agencyId: number, above: number | null): Promise<NewAct> {
  await db.$queryRaw`SELECT 1 FROM "agency" WHERE "id" = ${agencyId} FOR UPDATE`;
  const before = await db.agency.findUniqueOrThrow({ where: { id: agencyId } });
  await db.agency.update({ where: { id: agencyId }, data: { fourEyesAbove: above } });
  return { act: 'four-eyes.changed', agencyId, before: { above: before.fourEyesAbove }, after: { above } };
}

async function lockProposal(db: Prisma.TransactionClient, agencyId: number | null, id: string): Promise<Row | null> {
  await db.$queryRaw`SELECT 1 FROM "proposal" WHERE "id" = ${id}::uuid FOR UPDATE`;
  return db.proposal.findFirst({ where: { id, ...(agencyId === null ? {} : { agencyId }) } });
}

function actOf(act: string, after: Row, before: Row | null): NewAct {
  return {
    act,
    agencyId: after.agencyId,
    subject: { proposal: after.id },
    before: before && stateOf(before),
    after: stateOf(after),
  };
}

/** What the audit log says of a proposal: what it is about in short, which commits to the whole request. */
function stateOf({ kind, summary, proposedBy, state, decidedBy }: Row) {
  return { kind, summary: JSON.parse(summary) as { [name: string]: string }, proposedBy, state, decidedBy };
}

function toProposal(row: Row): Proposal {
  return { ...row, kind: row.kind as ProposalKind, state: row.state as ProposalState };
}
