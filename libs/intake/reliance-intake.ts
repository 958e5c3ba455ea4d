import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RelianceRepository } from '#database/reliance.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { formatRelianceEntry } from '#statement/reliance-entry.js';
import { formatRelianceStatement } from '#statement/reliance-statement.js';
import { formatTime } from '#statement/time.js';
import type { IntakeAgency } from './intake-agency.js';
import { nextNonce } from './nonce.js';
import { type IssuedReceipt, Receipts } from './receipts.js';
import type { SignedChanges } from './signed-changes.js';

/** A reliance that is stored. */
export interface AcceptedReliance {
  /** Canonical JSON. */
  statement: string;
  leafHex: string;
  /** Whether the agency had said so before: then this is the first answer again. */
  repeated: boolean;
  /** Over the leaf. */
  receipt: IssuedReceipt;
}

/** Accepts what agencies say they rely on. */
@Injectable()
export class RelianceIntakeService {
  constructor(
    private readonly reliances: RelianceRepository,
    private readonly statuses: StatusRepository,
    private readonly receipts: Receipts,
  ) {}

  /** Stores that the agency relies on a record for a purpose (a code, checked); null when there is no such record. `signed`: what {@link SignedChangesService} has verified of it. */
  async accept(
    agency: IntakeAgency,
    recordId: string,
    purpose: string,
    signed: SignedChanges | null = null,
  ): Promise<AcceptedReliance | null> {
    if (!(await this.statuses.subjects([recordId])).has(recordId)) return null;
    const receivedAt = formatTime(signed?.receivedAtMs ?? Date.now());
    const ours = formatRelianceStatement({
      v: 1,
      kind: 'reliance',
      agency: agency.domain,
      record: recordId,
      purpose,
      receivedAt,
      nonce: nextNonce(),
      agencySignature: signed?.signatureOf(0),
    });
    const statement = await this.reliances.lodge({
      agencyId: agency.id,
      recordId,
      purpose,
      statement: ours,
      leafHex: relianceLeafHex(ours),
    });
    const leafHex = relianceLeafHex(statement);
    const receipt = await this.receipts.issue(leafHex);
    return { statement, leafHex, repeated: statement !== ours, receipt };
  }
}

/** Hash of the leaf of a reliance in its batch, hex. */
function relianceLeafHex(statement: string): string {
  const entry = formatRelianceEntry(hash('sha256', statement, 'buffer'));
  return hash('sha256', Buffer.concat([Buffer.of(0), entry]), 'hex');
}
