import { Injectable } from '@nestjs/common';
import type { NewRecord } from '#database/record-insert.js';
import { StatusRepository } from '#database/status.repository.js';
import type { Superseding } from './accepted.js';
import { IntakeError } from './error.js';
import type { IntakeAgency } from './intake-agency.js';
import { decide, type StatusRefusal } from './status-decision.js';
import { newStatusEvent } from './status-event.js';
import type { StatusRequest } from './status-request.js';

/** Times that it is decided anew because somebody else moved the record meanwhile. */
const MAX_ROUNDS = 8;

/** Stores records that take the place of others: each with the event that says so, in one commit. */
@Injectable()
export class SupersedingIntake {
  constructor(private readonly statuses: StatusRepository) {}

  /** Stores `record` and that it supersedes the record `old`, or neither.
   * @throws IntakeError `outcome-unknown` when the database failed */
  async lodge(
    agency: IntakeAgency,
    record: NewRecord,
    old: string,
    receivedAtMs: number,
  ): Promise<Superseding | { refusal: StatusRefusal } | 'reference-taken'> {
    const request: StatusRequest = { to: 'superseded', by: record.id };
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const subject = (await this.statuses.subjects([old])).get(old);
        if (subject === undefined)
          return { refusal: { code: 'record-not-found', detail: `There is no record ${old}` } };
        const decision = decide(agency, subject, request);
        // Nobody can have said before that a record takes its place which is only now made.
        if (decision.do !== 'lodge') return { refusal: refusalOf(decision, old) };
        const event = newStatusEvent(agency, request, receivedAtMs, {
          record: old,
          first: subject.ordinal!,
          count: 1,
          previous: subject.latest?.ordinal ?? null,
          seen: subject.latest,
        });
        const outcome = await this.statuses.lodgeSuccessor(record, event);
        if (outcome === 'reference-taken') return outcome;
        if (outcome === 'stored') return { statement: event.statement, leafHex: event.leafHex };
      }
    } catch (cause) {
      throw new IntakeError(
        'outcome-unknown',
        'The database failed while a record was stored that supersedes another: both are stored, or neither. Repeat the request: a record is superseded once',
        1,
        { cause },
      );
    }
    return { refusal: { code: 'not-sealed', detail: `The status of record ${old} is being changed at this moment` } };
  }
}

function refusalOf(decision: Exclude<ReturnType<typeof decide>, { do: 'lodge' }>, old: string): StatusRefusal {
  if (decision.do === 'refuse') return decision.refusal;
  return { code: 'status-conflict', detail: `Record ${old} was superseded before` };
}
