import { Injectable } from '@nestjs/common';
import type { NewStatusEvent } from '#database/status-lodging.js';
import { StatusRepository, type StatusSubject } from '#database/status.repository.js';
import { findProfile } from '#statement/profile.js';
import { CHANGED_STATUSES, type ChangedStatus } from '#statement/status-change.js';
import type { StatusStatement } from '#statement/status-statement.js';
import { mayFollow, type StatusState } from '#status/state.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { IntakeAgency } from './intake-agency.js';
import { type IssuedReceipt, Receipts } from './receipts.js';
import type { SignedChanges } from './signed-changes.js';
import { decide, hasNoRoom, type StatusRefusal } from './status-decision.js';
import { newStatusEvent, storedLeafHex } from './status-event.js';
import type { StatusRequest } from './status-request.js';

/** Events of one transaction: a chunk is one row, and whoever loses a record makes all of them be decided again. */
const GROUP_EVENTS = 1000;

/** Times that a group is decided anew because somebody else moved one of its records meanwhile. */
const MAX_ROUNDS = 8;

/** What became of the request about one record. */
export type StatusResult =
  | { outcome: 'accepted'; repeated: boolean; statement: string; leafHex: string }
  | { outcome: 'refused'; refusal: StatusRefusal };

/** What became of a request. */
export interface StatusAnswer {
  /** In the order of the request. */
  results: StatusResult[];
  /** Over the accepted events; undefined when there are none. */
  receipt: IssuedReceipt | undefined;
}

/** A record of a range that stays as it is. */
export interface Unchanged {
  ordinal: number;
  /** As the newest event says, in the words of its statement. */
  status: ChangedStatus;
  effectiveAt: string;
}

/** What became of a range, or why it was refused as a whole. */
export type RangeAnswer = (StatusAnswer & { unchanged: Unchanged[] }) | { refusal: StatusRefusal };

/** Accepts changes of status: decides them by the rules, stores them, and promises in a signed receipt that they will be in the log. */
@Injectable()
export class StatusIntakeService {
  constructor(
    private readonly statuses: StatusRepository,
    private readonly receipts: Receipts,
  ) {}

  /** Changes the status of single records, each by itself. `signed`: what {@link SignedChangesService} has verified of the request. */
  async change(
    agency: IntakeAgency,
    ids: readonly string[],
    request: StatusRequest,
    signed: SignedChanges | null = null,
  ): Promise<StatusAnswer> {
    const receivedAtMs = signed?.receivedAtMs ?? Date.now();
    const results: StatusResult[] = [];
    for (let at = 0; at < ids.length; at += GROUP_EVENTS) {
      const group = ids.slice(at, at + GROUP_EVENTS);
      const signatureOf = (i: number) => signed?.signatureOf(at + i);
      results.push(...(await this.#changeGroup(agency, group, request, receivedAtMs, signatureOf)));
    }
    return this.#answer(results);
  }

  /** Changes the status of all records of a range of ordinals that may become it: in one event for each stretch of untouched ones, in one for each
   * other record. One that is signed is one event, or refused. `signed`: as for {@link change}. */
  async changeRange(
    agency: IntakeAgency,
    { first, count }: { first: number; count: number },
    request: StatusRequest,
    signed: SignedChanges | null = null,
  ): Promise<RangeAnswer> {
    const receivedAtMs = signed?.receivedAtMs ?? Date.now();
    const agencySignature = signed?.signatureOf(0);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const held = await this.statuses.range(first, count, agency.id);
      const refusal = rangeRefusal(held, { first, count }, request);
      if (refusal !== null) return { refusal };
      if (signed !== null && count > 1 && held.touched.length > 0)
        return { refusal: notOneEvent({ first, count }, held.touched) };
      const events = stretches(first, count, held.touched).map((range) =>
        newStatusEvent(agency, request, receivedAtMs, { agencySignature, range, ...range, previous: null, seen: null }),
      );
      const unchanged: Unchanged[] = [];
      for (const [ordinal, latest] of await this.statuses.latest(held.touched)) {
        const range = { first: ordinal, count: 1 };
        if (latest.ordinal === null) return { refusal: moving(`The record of ordinal ${ordinal}`) };
        if (mayFollow(latest.state as StatusState, CHANGED_STATUSES[request.to]) && !hasNoRoom(latest, request.to)) {
          const about = { agencySignature, range, ...range, previous: latest.ordinal, seen: latest };
          events.push(newStatusEvent(agency, request, receivedAtMs, about));
        } else {
          const { to, effectiveAt } = JSON.parse(latest.statement) as StatusStatement;
          unchanged.push({ ordinal, status: to, effectiveAt });
        }
      }
      if (events.length === 0 || (await this.statuses.lodge(events))) {
        return { ...(await this.#answer(events.map(accepted))), unchanged };
      }
    }
    return { refusal: moving(`Records ${first} to ${first + count - 1}`) };
  }

  async #changeGroup(
    agency: IntakeAgency,
    ids: readonly string[],
    request: StatusRequest,
    receivedAtMs: number,
    signatureOf: (i: number) => AgencySignature | undefined,
  ): Promise<StatusResult[]> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const subjects = await this.statuses.subjects(request.by === undefined ? ids : [...ids, request.by]);
      const successor = request.by === undefined ? undefined : subjects.get(request.by);
      const taken = new Set<number>();
      const events: NewStatusEvent[] = [];
      const results = ids.map((id, i): StatusResult => {
        const subject = subjects.get(id);
        if (subject === undefined) return refused({ code: 'record-not-found', detail: `There is no record ${id}` });
        if (request.by !== undefined && (successor?.agencyId !== agency.id || request.by === id)) {
          const detail = `Expected another record of this agency to take the place of ${id}, got ${request.by}`;
          return refused({ code: 'successor-not-found', detail });
        }
        const decision = decide(agency, subject, request);
        if (decision.do === 'refuse') return refused(decision.refusal);
        if (decision.do === 'repeat') return repeated(subject, decision.latest);
        // A record that is named twice becomes it once.
        if (taken.has(subject.ordinal!)) return refused(moving(`Record ${id}`));
        taken.add(subject.ordinal!);
        const event = newStatusEvent(agency, request, receivedAtMs, {
          record: id,
          agencySignature: signatureOf(i),
          first: subject.ordinal!,
          count: 1,
          previous: subject.latest?.ordinal ?? null,
          seen: subject.latest,
        });
        events.push(event);
        return accepted(event);
      });
      if (events.length === 0 || (await this.statuses.lodge(events))) return results;
    }
    return ids.map((id) => refused(moving(`Record ${id}`)));
  }

  async #answer(results: StatusResult[]): Promise<StatusAnswer> {
    let leaves = '';
    for (const result of results) if (result.outcome === 'accepted') leaves += result.leafHex;
    return { results, receipt: leaves === '' ? undefined : await this.receipts.issue(leaves) };
  }
}

/** The parts of a range in which nothing was touched. */
function stretches(first: number, count: number, touched: readonly number[]): { first: number; count: number }[] {
  const parts: { first: number; count: number }[] = [];
  let from = first;
  for (const ordinal of [...touched, first + count]) {
    if (ordinal > from) parts.push({ first: from, count: ordinal - from });
    from = ordinal + 1;
  }
  return parts;
}

function rangeRefusal(
  held: { records: number; own: number; profiles: string[] },
  { first, count }: { first: number; count: number },
  { to }: StatusRequest,
): StatusRefusal | null {
  const what = `Ordinals ${first} to ${first + count - 1}`;
  if (held.records !== count) {
    const detail = `${what}: expected ${count} sealed records, got ${held.records}`;
    return { code: 'record-not-found', detail };
  }
  if (held.own !== count) {
    return { code: 'not-yours', detail: `${what}: ${count - held.own} of the records were lodged by other agencies` };
  }
  const unfit = held.profiles.filter((id) => findProfile(id)?.statuses.includes(to) !== true);
  if (unfit.length > 0)
    return { code: 'status-not-allowed', detail: `${what}: records of ${unfit.join(', ')} cannot become ${to}` };
  if (to === 'active')
    return { code: 'status-conflict', detail: `${what}: only single records can become active again` };
  return null;
}

function notOneEvent({ first, count }: { first: number; count: number }, touched: readonly number[]): StatusRefusal {
  const detail =
    `Ordinals ${first} to ${first + count - 1}: a signature is over one event, and there was one before about ` +
    `${touched.length} of the records, the first of them ${touched[0]}; sign the stretches between them`;
  return { code: 'status-conflict', detail };
}

function moving(what: string): StatusRefusal {
  return { code: 'not-sealed', detail: `${what}: the status is being changed by others at this moment` };
}

function accepted({ statement, leafHex }: NewStatusEvent): StatusResult {
  return { outcome: 'accepted', repeated: false, statement, leafHex };
}

function repeated(subject: StatusSubject, latest: NonNullable<StatusSubject['latest']>): StatusResult {
  const leafHex = storedLeafHex(subject.ordinal!, latest);
  return { outcome: 'accepted', repeated: true, statement: latest.statement, leafHex };
}

function refused(refusal: StatusRefusal): StatusResult {
  return { outcome: 'refused', refusal };
}
