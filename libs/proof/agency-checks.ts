import { equalHashes } from '#merkle/hash.js';
import { type KeyRegistration, parseRegistration, registrarOf } from '#signature/registration.js';
import { verifyAgencySignature } from '#signature/verify.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { AgencySignatureFinding, AuthorisationFinding } from './agency-finding.js';
import type { ReadAuthorisation } from './authorisation-proof.js';
import type { ReadProof } from './proof.js';
import { checkBatchInclusion, checkLogCheckpoint, checkLogInclusion } from './structure-checks.js';
import { checkStatusParts, orderProblem } from './status-checks.js';

/** Both checks of the agency's own signature; none where the statement carries none. */
export function checkAgency(read: ReadProof): [AgencySignatureFinding, AuthorisationFinding] | [] {
  const { agencySignature } = read.proof.statement;
  if (agencySignature === undefined) return [];
  const { authorisation } = read;
  const registration = authorisation === undefined ? null : registrationOf(authorisation, agencySignature, read);
  const signature = checkSignature(read, agencySignature, registration);
  const { key } = agencySignature;
  if (authorisation === undefined || registration === null || 'fault' in registration)
    return [signature, { check: 'authorisation', key, outcome: 'unavailable', reason: 'not-shown' }];
  return [signature, { check: 'authorisation', key, ...authorised(read, authorisation, registration) }];
}

type Registered = KeyRegistration | { fault: string };

function checkSignature(
  { proof: { statement } }: ReadProof,
  agencySignature: AgencySignature,
  registration: Registered | null,
): AgencySignatureFinding {
  const { group, key } = agencySignature;
  const facts = { check: 'agency-signature', key, ...(group === undefined ? {} : { group: group.size }) } as const;
  if (registration === null) return { ...facts, outcome: 'unavailable' };
  if ('fault' in registration)
    return { ...facts, outcome: 'failed', reason: 'bad-registration', detail: registration.fault };
  const fault = verifyAgencySignature({ ...statement, agencySignature }, registration.publicKey);
  return fault === null ? { ...facts, outcome: 'passed' } : { ...facts, outcome: 'failed', reason: fault };
}

/** What registers the key, if it is in the record's log and the word of who writes that. */
function registrationOf(authorisation: ReadAuthorisation, { key }: AgencySignature, read: ReadProof): Registered {
  const { batch, entry, entryBytes, id, statement, statementText, status } = authorisation;
  const registration = parseRegistration(statement);
  if (registration === null) return { fault: 'expected a record that registers a signing key, got another' };
  if (registration.key !== key)
    return { fault: `expected the registration of ${key}, got that of ${registration.key}` };
  const registrar = registrarOf(entry.origin);
  if (statement.agency !== registrar)
    return { fault: `expected a record of ${registrar ?? 'a registrar'}, got one of ${statement.agency}` };
  if (entry.origin !== read.entry.origin)
    return { fault: `expected an entry of the log ${read.entry.origin}, got one of ${entry.origin}` };
  // As the proof of the registration, but for what both have in common.
  const own: ReadProof = {
    ...read,
    proof: { ...read.proof, id, statement, batch: { ...read.proof.batch, ...batch } },
    statementText,
    entry,
    entryBytes,
    checkpoints: [...read.checkpoints, ...(read.status === undefined ? [] : [read.status.checkpoint])],
  };
  const checks = [
    checkBatchInclusion(own),
    checkLogInclusion(status.checkpoint, own),
    checkLogCheckpoint(status.checkpoint, own),
    ...checkStatusParts(status, own),
  ];
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) {
    const { check, ...facts } = failed;
    return { fault: `${check}: ${JSON.stringify(facts)}` };
  }
  const misplaced = misplacedBatch(read, authorisation);
  return misplaced === null ? registration : { fault: misplaced };
}

/** Why the batches of record and registration cannot be of one log, as a sentence; null when they can. */
function misplacedBatch(read: ReadProof, { entry, entryBytes, status }: ReadAuthorisation): string | null {
  const batches = [read, { entry, entryBytes }, status.batch];
  for (const one of batches)
    for (const other of batches) {
      if (one.entry.number === other.entry.number && !equalHashes(one.entryBytes, other.entryBytes))
        return `expected one batch ${one.entry.number}, got two`;
      const problem = orderProblem(one.entry, other.entry);
      if (problem !== null) return problem;
    }
  return null;
}

type Outcome<T> = T extends unknown ? Omit<T, 'check' | 'key'> : never;

/** Whether the key was the agency's, and good, for this record: registered before it in the log, within its period, and not ended, in the log's order or in effect, before it. */
function authorised(
  { entry, proof }: ReadProof,
  authorisation: ReadAuthorisation,
  { agency }: KeyRegistration,
): Outcome<AuthorisationFinding> {
  const { receivedAt } = proof.statement;
  const ordinal = entry.first + proof.batch.index;
  const { batch, status } = authorisation;
  const { validFrom, validUntil } = authorisation.statement;
  const registeredAt = authorisation.entry.sealedAt;
  const failed = { outcome: 'failed' } as const;
  if (agency !== proof.statement.agency) return { ...failed, reason: 'other-agency', agency };
  if (authorisation.entry.first + batch.index > ordinal) return { ...failed, reason: 'registered-later', registeredAt };
  // All are in the one form whose text order is the order in time.
  if (validFrom !== undefined && receivedAt < validFrom) return { ...failed, reason: 'not-yet-valid', validFrom };
  if (validUntil !== undefined && receivedAt > validUntil) return { ...failed, reason: 'expired', validUntil };
  for (const { batch: at, index, statement } of status.events) {
    const isBefore = at.entry.first + index < ordinal || statement.effectiveAt <= receivedAt;
    if (!isBefore) continue;
    const { effectiveAt: since, reason } = statement;
    return { ...failed, reason: 'revoked', since, ...(reason === undefined ? {} : { code: reason }) };
  }
  const last = status.batch.entry;
  if (last.first + last.size <= ordinal) return { outcome: 'unavailable', reason: 'outdated' };
  return { outcome: 'passed', agency, registeredAt, asOf: last.sealedAt };
}
