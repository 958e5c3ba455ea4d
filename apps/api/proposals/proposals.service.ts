import { hash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import type { KeyHolder } from '#database/agency.repository.js';
import type { Actor } from '#database/audit-log.repository.js';
import {
  HOLD_SECONDS,
  MAX_WAITING_PROPOSALS,
  type Proposal,
  ProposalRepository,
} from '#database/proposal.repository.js';
import type { IntakeAgency } from '#intake/intake-agency.js';
import { Problem } from '../problems/problem.js';
import { StatusService } from '../status/status.service.js';

/** Pause between two looks for what was left over, in milliseconds. */
const LOOK_EVERY_MS = 15_000;

/** Proposals that are listed. */
const LISTED = 100;

/** What needs the eyes of two: asked for by one key of an agency, confirmed by another, done once. */
@Injectable()
export class ProposalsService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('proposals');
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly proposals: ProposalRepository,
    private readonly statuses: StatusService,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Stores a change of statuses that needs a second key; null when it needs none. `body` as it came. The JSON text of the proposal.
   * @throws Problem `invalid-body`, `too-many-proposals` */
  async proposeStatus(
    agency: KeyHolder,
    body: unknown,
    requestId: string | undefined,
    by: Actor,
  ): Promise<string | null> {
    const above = await this.proposals.fourEyesAbove(agency.id);
    if (above === null) return null;
    const what = this.statuses.read(body, requestId);
    if ('ids' in what && what.ids.length <= above) return null;
    await this.statuses.checkSignature(agency, what);
    const request = JSON.stringify(body);
    const { to, reason } = what.request;
    const summary = JSON.stringify({
      to,
      ...(reason === undefined ? {} : { reason }),
      ...('ids' in what ? { records: what.ids.length } : { range: what.range }),
      requestSha256: hash('sha256', request),
    });
    return JSON.stringify(toJson(await this.#propose(agency, { kind: 'status', request, summary }, by)));
  }

  /** Sets above how many records the agency needs a second key (null: never): at once where that is stricter, otherwise when a second key confirms it. */
  async setFourEyes(agency: KeyHolder, above: number | null, by: Actor): Promise<object | null> {
    const before = await this.proposals.fourEyesAbove(agency.id);
    if (before === null || (above !== null && above <= before)) {
      await this.proposals.setFourEyes(agency.id, above, by);
      return null;
    }
    const request = JSON.stringify({ above });
    return toJson(await this.#propose(agency, { kind: 'four-eyes', request, summary: request }, by));
  }

  /** The same by the operator, at once. */
  async setByOperator(agencyId: number, above: number | null, by: Actor): Promise<void> {
    await this.proposals.setFourEyes(agencyId, above, by);
  }

  async fourEyes(agencyId: number): Promise<object> {
    return { above: await this.proposals.fourEyesAbove(agencyId) };
  }

  async list(agencyId: number): Promise<object> {
    return { proposals: (await this.proposals.list(agencyId, LISTED)).map(toJson) };
  }

  /** @throws Problem `proposal-not-found` */
  async get(agencyId: number, id: string): Promise<object> {
    const found = isUuid(id) ? await this.proposals.find(agencyId, id) : null;
    return toJson(found ?? missing(id));
  }

  /** Confirms what another key has proposed, and does it; or rejects it.
   * @throws Problem `proposal-not-found`, `proposal-closed`, `second-key-needed`, `insufficient-scope` */
  async decide(agency: KeyHolder, id: string, verdict: 'confirmed' | 'rejected', by: Actor): Promise<object> {
    const found = isUuid(id) ? await this.proposals.find(agency.id, id) : null;
    if (found === null) missing(id);
    if (found.kind === 'four-eyes' && !agency.key.scopes.includes('admin'))
      throw new Problem(
        'insufficient-scope',
        'Expected a key of the scope admin: the proposal changes the rule itself.',
      );
    const decided = await this.proposals.decide(agency.id, id, agency.key.prefix, verdict, by);
    if (decided === 'missing') missing(id);
    if (decided === 'closed') throw new Problem('proposal-closed', `Proposal ${id} was decided or has expired.`);
    if (decided === 'same-key')
      throw new Problem('second-key-needed', `Expected another key than ${agency.key.prefix}, which proposed it.`);
    return toJson(decided.state === 'confirmed' ? await this.#carryOut(agency, decided) : decided);
  }

  /** Does what was confirmed and left over by a process that is gone, and closes what nobody decided. */
  async resume(): Promise<void> {
    while (await this.proposals.expire());
    for (let left = await this.proposals.takeOver(); left !== null; left = await this.proposals.takeOver())
      await this.#carryOut({ id: left.agencyId, domain: left.domain }, left);
  }

  async #propose(
    agency: KeyHolder,
    proposal: Parameters<ProposalRepository['propose']>[2],
    by: Actor,
  ): Promise<Proposal> {
    const made = await this.proposals.propose(agency.id, agency.key.prefix, proposal, by);
    if (made !== null) return made;
    const detail = `Expected at most ${MAX_WAITING_PROPOSALS} proposals that wait: confirm or reject some.`;
    throw new Problem('too-many-proposals', detail);
  }

  /** Does what is confirmed and held. The proposal's id names the request, so that what was done already is found and not done again. */
  async #carryOut(agency: IntakeAgency, { id, request }: Proposal): Promise<Proposal> {
    const body = JSON.parse(request) as { requestId?: string };
    const holding = setInterval(() => void this.proposals.hold(id).catch(() => undefined), (HOLD_SECONDS * 1000) / 3);
    try {
      const answer = await this.statuses
        .changeMany(agency, { ...body, requestId: body.requestId ?? id })
        .catch(refusal);
      return await this.proposals.finish(id, answer);
    } finally {
      clearInterval(holding);
    }
  }

  async #look(): Promise<void> {
    try {
      await this.resume();
    } catch (error) {
      logSparsely(this.#logger, 'warn', `proposals were left over: ${describeRootCause(error)}`);
    }
  }
}

/** What is refused as a whole is what came of it; what fails is tried again. */
function refusal(error: unknown): string {
  if (error instanceof Problem && error.details.status < 500) return JSON.stringify({ problem: error.details });
  throw error;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function missing(id: string): never {
  throw new Problem('proposal-not-found', `The agency has no proposal ${JSON.stringify(id)}.`);
}

function toJson({ id, kind, summary, proposedBy, state, decidedBy, answer, ...times }: Proposal): object {
  return {
    id,
    kind,
    state,
    change: JSON.parse(summary) as object,
    proposedBy,
    createdAt: times.createdAt.toISOString(),
    expiresAt: times.expiresAt.toISOString(),
    decidedBy,
    decidedAt: times.decidedAt?.toISOString() ?? null,
    ...(answer === null ? {} : { answer: JSON.parse(answer) as object }),
  };
}
