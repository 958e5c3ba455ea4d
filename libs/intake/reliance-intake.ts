import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { RelianceRepository } from '#database/reliance.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { formatRelianceEntry } from '#statement/reliance-entry.js';
import { formatRelianceStatement } from '#statement/reliance-statement.js';
import { formatTime } from '#statement/time.js';
import type { IntakeAgency } from './intake-agency.js';
import { nextNonce } from './nonce.js';
import { INCLUDE_WITHIN_MS, signReceipt } from './receipt.js';

/** A reliance that is stored. */
export interface AcceptedReliance {
  /** Canonical JSON. */
  statement: string;
  leafHex: string;
  /** Whether the agency had said so before: then this is the first answer again. */
  repeated: boolean;
  includeBy: string;
  /** Compact JWS over the leaf. */
  receipt: string;
}

/** Accepts what agencies say they rely on. */
@Injectable()
export class RelianceIntakeService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    private readonly reliances: RelianceRepository,
    private readonly statuses: StatusRepository,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
  ) {}

  /** Stores that the agency relies on a record for a purpose (a code, checked); null when there is no such record. */
  async accept(agency: IntakeAgency, recordId: string, purpose: string): Promise<AcceptedReliance | null> {
    if (!(await this.statuses.subjects([recordId])).has(recordId)) return null;
    const receivedAtMs = Date.now();
    const receivedAt = formatTime(receivedAtMs);
    const ours = formatRelianceStatement({
      v: 1,
      kind: 'reliance',
      agency: agency.domain,
      record: recordId,
      purpose,
      receivedAt,
      nonce: nextNonce(),
    });
    const statement = await this.reliances.lodge({
      agencyId: agency.id,
      recordId,
      purpose,
      statement: ours,
      leafHex: relianceLeafHex(ours),
    });
    const leafHex = relianceLeafHex(statement);
    const includeBy = formatTime(receivedAtMs + INCLUDE_WITHIN_MS);
    const claims = { iss: this.config.logOrigin, sub: agency.domain, receivedAt, includeBy };
    const receipt = await signReceipt(this.key, claims, [leafHex]);
    return { statement, leafHex, repeated: statement !== ours, includeBy, receipt };
  }
}

/** Hash of the leaf of a reliance in its batch, hex. */
function relianceLeafHex(statement: string): string {
  const entry = formatRelianceEntry(hash('sha256', statement, 'buffer'));
  return hash('sha256', Buffer.concat([Buffer.of(0), entry]), 'hex');
}
