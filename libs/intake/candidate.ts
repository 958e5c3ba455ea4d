import type { NewRecord } from '#database/record-insert.js';
import type { Digests } from '#statement/digest.js';
import { findProfile } from '#statement/profile.js';
import { parseRecordRequest } from '#statement/record-request.js';
import { buildRecordStatement, buildSigningInput } from '#statement/statement.js';
import { formatTime } from '#statement/time.js';
import type { SignatureCheck } from './agency-signatures.js';
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
 * a rule. `signatures` must be there when the item may be signed. */
export function makeCandidate(
  agency: IntakeAgency,
  item: unknown,
  receivedAtMs: number,
  nonce: string,
  signatures: SignatureCheck | null,
): { candidate: Candidate } | { invalid: ItemResult } {
  const parsed = parseRecordRequest(item);
  if ('error' in parsed) return { invalid: invalidItem(parsed.error.errors) };
  const request = parsed.ok;
  const { agencySignature } = request;
  const receivedAt = formatTime(receivedAtMs);
  // Member by member: copies of objects of ever other shapes would cost more than all else here.
  const fields = {
    agency: agency.domain,
    profile: request.profile,
    digests: request.digests,
    blinded: request.blinded,
    reference: request.reference,
    claimsJcs: request.claimsJcs,
    validFrom: request.validFrom,
    validUntil: request.validUntil,
    supersedes: request.supersedes,
    receivedAt,
    nonce,
    agencySignature,
  };
  if (agencySignature !== undefined) {
    const faults = signatures!(agencySignature, buildSigningInput(fields));
    if (faults.length > 0) return { invalid: invalidItem(faults) };
  }
  const statement = buildRecordStatement(fields);
  const leaf = recordLeaf(receivedAtMs, request.digests, statement);
  const candidate = {
    id: leaf.id,
    agencyId: agency.id,
    digestHex: leaf.digestHex,
    otherDigestsHex: leaf.otherDigestsHex,
    statement,
    leafHex: leaf.leafHex,
    reference: request.reference ?? null,
    // What was over before it came is over: the database knows no year 0.
    gateUntil: findProfile(request.profile)?.gate === true ? latest(request.validUntil, receivedAt) : null,
    digests: request.digests,
    blinded: request.blinded === true,
    profile: request.profile,
    supersedes: request.supersedes,
  };
  return { candidate };
}

/** The later of a record's end and of when it came; `infinity` for one that does not end. */
function latest(validUntil: string | undefined, receivedAt: string): string {
  if (validUntil === undefined) return 'infinity';
  return validUntil > receivedAt ? validUntil : receivedAt;
}
