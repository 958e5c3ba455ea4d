import { Injectable } from '@nestjs/common';
import { type HolderRow, RecordRepository, referenceKey } from '#database/record.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import type { NewSuccessor } from '#database/successor-lodging.js';
import type { StatusStatement } from '#statement/status-statement.js';
import { formatTime } from '#statement/time.js';
import { acceptedItem, type ItemResult, refusedItem, type Superseding } from './accepted.js';
import type { Candidate } from './candidate.js';
import { IntakeError } from './error.js';
import { splitRepeats } from './group-commit.js';
import type { IntakeAgency } from './intake-agency.js';
import { answerRepeat } from './repeat.js';
import { decide, type StatusRefusal } from './status-decision.js';
import { newStatusEvent, storedLeafHex } from './status-event.js';
import type { StatusRequest } from './status-request.js';

/** Times that a group is decided anew because somebody else moved one of the records meanwhile. */
const MAX_ROUNDS = 8;

/** A record that takes the place of another. */
export interface SupersedingCandidate extends Candidate {
  supersedes: string;
}

/** Whether a record takes the place of another. */
export function isSuperseding(candidate: Candidate): candidate is SupersedingCandidate {
  return candidate.supersedes !== undefined;
}

/** What the rules say to records that would take the places of others, as those stand. */
export interface Plan {
  successors: NewSuccessor[];
  /** By the id of the record. */
  refusals: Map<string, StatusRefusal>;
}

/** Stores records that take the place of others: each with the event that says so, in one commit. */
@Injectable()
export class SupersedingIntake {
  constructor(
    private readonly statuses: StatusRepository,
    private readonly records: RecordRepository,
  ) {}

  /** Stores each of these records and that it supersedes another, or neither; says by their ids what became of them.
   * A chunk holds at most `chunkLeaves` leaves, 2 at least.
   * @throws IntakeError `outcome-unknown` when the database failed: some of them may be stored */
  async accept(
    agency: IntakeAgency,
    candidates: readonly SupersedingCandidate[],
    receivedAtMs: number,
    chunkLeaves: number,
  ): Promise<Map<string, ItemResult>> {
    const results = new Map<string, ItemResult>();
    // Each with its event.
    const together = Math.max(1, Math.floor(chunkLeaves / 2));
    try {
      // Whoever repeats a reference comes after the one that it may belong to by then.
      for (let open = candidates; open.length > 0;) {
        const { first, later } = splitRepeats(open);
        for (let at = 0; at < first.length; at += together)
          await this.#accept(agency, first.slice(at, at + together), receivedAtMs, results);
        open = later;
      }
    } catch (cause) {
      throw new IntakeError(
        'outcome-unknown',
        'The database failed while a record was stored that supersedes another: both are stored, or neither. Repeat the request: a record is superseded once',
        1,
        { cause },
      );
    }
    return results;
  }

  async #accept(
    agency: IntakeAgency,
    candidates: readonly SupersedingCandidate[],
    receivedAtMs: number,
    results: Map<string, ItemResult>,
  ): Promise<void> {
    const { stored, refusals } = await this.#lodge(agency, candidates, receivedAtMs);
    const repeats = await this.repeats(candidates.filter(({ id }) => !stored.has(id)));
    const receivedAt = formatTime(receivedAtMs);
    for (const { id, leafHex, statement, supersedes } of candidates) {
      const event = stored.get(id);
      const refusal = refusals.get(id) ?? moving(supersedes);
      results.set(
        id,
        event === undefined
          ? (repeats.get(id) ?? refusedItem(refusal))
          : acceptedItem(id, receivedAt, statement, leafHex, false, event),
      );
    }
  }

  async #lodge(
    agency: IntakeAgency,
    candidates: readonly SupersedingCandidate[],
    receivedAtMs: number,
  ): Promise<{ stored: Map<string, Superseding>; refusals: Map<string, StatusRefusal> }> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const { successors, refusals } = await this.plan(agency, candidates, receivedAtMs);
      const taken = successors.length === 0 ? new Set() : await this.statuses.lodgeSuccessors(successors);
      if (taken === null) continue;
      const stored = successors.filter(({ record }) => !taken.has(record.id));
      return {
        stored: new Map(stored.map(({ record, event: { statement, leafHex } }) => [record.id, { statement, leafHex }])),
        refusals,
      };
    }
    return { stored: new Map(), refusals: new Map() };
  }

  /** Decides about records, of which no two have one reference. Of those that name the same record only the first can have its place. */
  async plan(agency: IntakeAgency, candidates: readonly SupersedingCandidate[], receivedAtMs: number): Promise<Plan> {
    const subjects = await this.statuses.subjects(candidates.map(({ supersedes }) => supersedes));
    const named = new Set<string>();
    const plan: Plan = { successors: [], refusals: new Map() };
    for (const record of candidates) {
      const { id, supersedes: old } = record;
      const request: StatusRequest = { to: 'superseded', by: id };
      const subject = subjects.get(old);
      const decision = subject && decide(agency, subject, request);
      if (subject === undefined || decision === undefined)
        plan.refusals.set(id, { code: 'record-not-found', detail: `There is no record ${old}` });
      // Nobody can have said before that a record takes its place which is only now made.
      else if (decision.do !== 'lodge') plan.refusals.set(id, refusalOf(decision, old));
      else if (named.has(old)) plan.refusals.set(id, moving(old));
      else {
        named.add(old);
        const { latest, ordinal } = subject;
        const about = { record: old, first: ordinal!, count: 1, previous: latest?.ordinal ?? null, seen: latest };
        plan.successors.push({ record, event: newStatusEvent(agency, request, receivedAtMs, about) });
      }
    }
    return plan;
  }

  /** The answers to those of these records whose reference another one has, by their ids: to be asked for after they were decided about, since whoever stored that
   * other one moved the same record. */
  async repeats(candidates: readonly SupersedingCandidate[]): Promise<Map<string, ItemResult>> {
    const referenced = candidates.filter(({ reference }) => reference !== null);
    if (referenced.length === 0) return new Map();
    const holders = await this.records.holders(referenced);
    const repeated = referenced.filter((candidate) => holders.has(keyOf(candidate)));
    const events = await this.events(repeated.map((candidate) => holders.get(keyOf(candidate))!));
    return new Map(repeated.map((candidate) => [candidate.id, answerRepeat(candidate, holders, events)]));
  }

  /** The events by which others gave their places to these records, by the ids of these. */
  async events(records: readonly HolderRow[]): Promise<Map<string, Superseding>> {
    const placed = records.flatMap(({ id, statement }) => {
      const { supersedes } = JSON.parse(statement) as { supersedes?: string };
      return supersedes === undefined ? [] : [{ id, old: supersedes }];
    });
    if (placed.length === 0) return new Map();
    const subjects = await this.statuses.subjects(placed.map(({ old }) => old));
    return new Map(
      placed.flatMap(({ id, old }) => {
        // Whoever was superseded stays so: it is the last event about him.
        const { latest, ordinal } = subjects.get(old) ?? { latest: null, ordinal: null };
        if (latest === null || (JSON.parse(latest.statement) as StatusStatement).by !== id) return [];
        return [[id, { statement: latest.statement, leafHex: storedLeafHex(ordinal!, latest) }] as const];
      }),
    );
  }
}

function keyOf({ agencyId, reference }: Candidate): string {
  return referenceKey(agencyId, reference!);
}

function moving(old: string): StatusRefusal {
  return { code: 'not-sealed', detail: `The status of record ${old} is being changed at this moment` };
}

function refusalOf(decision: Exclude<ReturnType<typeof decide>, { do: 'lodge' }>, old: string): StatusRefusal {
  if (decision.do === 'refuse') return decision.refusal;
  return { code: 'status-conflict', detail: `Record ${old} was superseded before` };
}
