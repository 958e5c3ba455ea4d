import { equalHashes } from '#merkle/hash.js';
import { type KeyRegistration, parseRegistration, registrarOf } from '#signature/registration.js';
import { verifyAgencySignature } from '#signature/verify.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { RecordStatement } from '#statement/statement.js';
import type { StatusStatement } from '#statement/status-statement.js';
import type {
  AgencySignatureFinding,
  AuthorisationFacts,
  AuthorisationFinding,
  EventAuthorisationFinding,
  EventSignatureFinding,
  SignatureFacts,
} from './agency-finding.js';
import { type ReadAuthorisation, registeredKey } from './authorisation-proof.js';
import type { ReadProof } from './proof.js';
import { checkBatchInclusion, checkLogCheckpoint, checkLogInclusion } from './structure-checks.js';
import { checkStatusParts, orderProblem } from './status-checks.js';

/** A statement that an agency signed, and where it stands in the log. */
interface Signed {
  statement: RecordStatement | StatusStatement;
  signature: AgencySignature;
  ordinal: number;
  batch: PlacedBatch;
}

type PlacedBatch = Pick<ReadProof, 'entry' | 'entryBytes'>;

/** Both checks of the signature that the record carries; none where it carries none. */
export function checkAgency(read: ReadProof): [AgencySignatureFinding, AuthorisationFinding] | [] {
  const { statement, batch } = read.proof;
  const { agencySignature: signature } = statement;
  if (signature === undefined) return [];
  const ordinal = read.entry.first + batch.index;
  const [signed, authorised] = checkSigned({ statement, signature, ordinal, batch: read }, read);
  return [
    { check: 'agency-signature', ...signed },
    { check: 'authorisation', ...authorised },
  ];
}

/** The same of each change of the record's status that carries one, the newest first. */
export function checkEvents(read: ReadProof): (EventSignatureFinding | EventAuthorisationFinding)[] {
  return (read.status?.events ?? []).flatMap(({ batch, index, statement }) => {
    const { agencySignature: signature } = statement;
    if (signature === undefined) return [];
    const ordinal = batch.entry.first + index;
    const [signed, authorised] = checkSigned({ statement, signature, ordinal, batch }, read);
    return [
      { check: 'event-signature', event: ordinal, ...signed },
      { check: 'event-authorisation', event: ordinal, ...authorised },
    ] as const;
  });
}

function checkSigned(signed: Signed, read: ReadProof): [SignatureFacts, AuthorisationFacts] {
  const { group, key } = signed.signature;
  const facts = { key, ...(group === undefined ? {} : { group: group.size }) };
  const authorisation = read.authorisations.find((one) => registeredKey(one) === key);
  const notShown = { key, outcome: 'unavailable', reason: 'not-shown' } as const;
  if (authorisation === undefined) return [{ ...facts, outcome: 'unavailable' }, notShown];
  const registration = registrationOf(authorisation, signed, read);
  if ('fault' in registration) {
    const { fault: detail } = registration;
    return [{ ...facts, outcome: 'failed', reason: 'bad-registration', detail }, notShown];
  }
  const { statement, signature: agencySignature } = signed;
  const fault = verifyAgencySignature({ ...statement, agencySignature }, registration.publicKey);
  return [
    fault === null ? { ...facts, outcome: 'passed' } : { ...facts, outcome: 'failed', reason: fault },
    { key, ...authorised(signed, authorisation, registration) },
  ];
}

type Registered = KeyRegistration | { fault: string };

/** What registers the key, if it is in the record's log and the word of who writes that. */
function registrationOf(authorisation: ReadAuthorisation, signed: Signed, read: ReadProof): Registered {
  const { batch, entry, entryBytes, id, statement, statementText, status } = authorisation;
  const registration = parseRegistration(statement);
  if (registration === null) return { fault: 'expected a record that registers a signing key, got another' };
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
  const misplaced = misplacedBatch([read, signed.batch, authorisation, status.batch]);
  return misplaced === null ? registration : { fault: misplaced };
}

/** Why batches cannot be of one log, as a sentence; null when they can. */
function misplacedBatch(batches: readonly PlacedBatch[]): string | null {
  for (const one of batches)
    for (const other of batches) {
      if (one.entry.number === other.entry.number && !equalHashes(one.entryBytes, other.entryBytes))
        return `expected one batch ${one.entry.number}, got two`;
      const problem = orderProblem(one.entry, other.entry);
      if (problem !== null) return problem;
    }
  return null;
}

type Outcome<T> = T extends unknown ? Omit<T, 'key'> : never;

/** Whether the key was the agency's, and good, for what it signed: registered before it in the log, within its period, and not ended, in the log's order or in effect, before it. */
function authorised(
  { ordinal, statement: signed }: Signed,
  authorisation: ReadAuthorisation,
  { agency }: KeyRegistration,
): Outcome<AuthorisationFacts> {
  const { receivedAt } = signed;
  const { batch, status } = authorisation;
  const { validFrom, validUntil } = authorisation.statement;
  const registeredAt = authorisation.entry.sealedAt;
  const failed = { outcome: 'failed' } as const;
  if (agency !== signed.agency) return { ...failed, reason: 'other-agency', agency };
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
