import type { NewRecord } from '#database/record-insert.js';
import type { Digests } from '#statement/digest.js';
import { parseRecordRequest } from '#statement/record-request.js';
import { buildRecordStatement } from '#statement/statement.js';
import { formatTime } from '#statement/time.js';
import { invalidItem, type ItemResult } from './accepted.js';
import type { IntakeAgency } from './intake-agency.js';
import { recordLeaf } from './record-leaf.js';

/** A checked item on its way to the database. */
export interface Candidate extends NewRecord {
  digests: Digests;
  blinded: boolean;
  profile: string;
  supersedes: string | undefined;
}

/** What an item (parsed JSON) makes of a record that is received at `receivedAtMs` and gets this nonce (hex): its statement, id and leaf; or how it breaks
 * a rule. */
export function makeCandidate(
  agency: IntakeAgency,
  item: unknown,
  receivedAtMs: number,
  nonce: string,
): { candidate: Candidate } | { invalid: ItemResult } {
  const parsed = parseRecordRequest(item);
  if ('error' in parsed) return { invalid: invalidItem(parsed.error.errors) };
  const request = parsed.ok;
  const statement = buildRecordStatement({
    agency: agency.domain,
    profile: request.profile,
    digests: request.digests,
    blinded: request.blinded,
    receivedAt: formatTime(receivedAtMs),
    nonce,
    reference: request.reference,
    claimsJcs: request.claimsJcs,
    validFrom: request.validFrom,
    validUntil: request.validUntil,
    supersedes: request.supersedes,
  });
  const leaf = recordLeaf(receivedAtMs, request.digests, statement);
  const candidate = {
    id: leaf.id,
    agencyId: agency.id,
    digestHex: leaf.digestHex,
    otherDigestsHex: leaf.otherDigestsHex,
    statement,
    leafHex: leaf.leafHex,
    reference: request.reference ?? null,
    digests: request.digests,
    blinded: request.blinded === true,
    profile: request.profile,
    supersedes: request.supersedes,
  };
  return { candidate };
}
