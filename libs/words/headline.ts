import type { Finding, UnreadableKind } from '#proof/finding.js';
import { isOutOfForce } from '#proof/still.js';
import type { OutOfForce, Verification, Who } from '#proof/verification.js';
import type { Standing } from '#source/chain.js';

/** What was compared: nothing, the whole file, or the document in a file that holds its own proof. */
export type Compared = 'nothing' | 'file' | 'part';

/** What an answer says first: the verdict, and what would mislead if it came later. */
export type Headline =
  | { verdict: 'unreadable'; kind: UnreadableKind }
  | { verdict: 'mismatch'; because: MismatchCause }
  | { verdict: 'authentic-not-current'; still: OutOfForce; who: Who; document: Compared }
  | { verdict: 'unavailable'; because: UnavailableCause; document: Compared }
  | { verdict: 'pending'; promised: boolean; who: Who; document: Compared }
  | { verdict: 'authentic'; of: 'record' | 'file'; worth: Worth; who: Who; document: Compared };

/** What does not match, the first that applies. */
export type MismatchCause =
  /** The document, but for its line endings. */
  | 'line-endings'
  /** The file has more in it than was sealed. */
  | 'appended'
  | 'document'
  /** The proof contradicts itself. */
  | 'proof'
  /** Another log than the expected one signed it. */
  | 'signer'
  /** Something else that was handed in belongs to another document. */
  | 'companion'
  /** What it claims to be anchored in is not there. */
  | 'anchor';

/** Why it could not be decided, the first that applies. */
export type UnavailableCause =
  | 'no-salt'
  | 'other-algorithm'
  | 'signer'
  /** The status that the proof shows is older than it may be. */
  | 'stale'
  /** That status claims a time that has not come yet. */
  | 'status-ahead'
  | 'contradicted'
  /** Something that was asked gave no answer. */
  | 'outage'
  /** Only test chains attest it, and those were not to count. */
  | 'test-chain'
  | 'unsupported'
  /** Nothing was given that its anchors could be checked against. */
  | 'nothing-given';

/** What the place that shows the time is worth to a stranger: a time-stamp's counts as public, since its root was chosen to be trusted. */
export type Worth = 'public' | 'test' | 'foreign' | 'unnamed';

/** The headline of a verification. `document` says what was compared. */
export function headlineOf(verification: Verification): Headline {
  const { verdict, findings, who, still, when, record } = verification;
  const document = comparedIn(findings);
  switch (verdict) {
    case 'unreadable':
      return { verdict, kind: unreadableKind(findings) };
    case 'mismatch':
      return { verdict, because: mismatchCause(findings) };
    case 'authentic-not-current':
      // A verdict of this kind says what its record is; anything else is a fault of the verifier.
      if (!isOutOfForce(still)) throw new Error(`expected a record known to be out of force, got ${still.state}`);
      return { verdict, still, who, document };
    case 'unavailable':
      return { verdict, because: statusCause(findings) ?? unavailableCause(findings), document };
    case 'pending':
      return { verdict, promised: findings.some(isPromise), who, document };
    case 'authentic':
      return {
        verdict,
        of: record === undefined ? 'file' : 'record',
        worth: worthOf(when.notAfter?.standing ?? 'public'),
        who,
        document,
      };
    default:
      return verdict satisfies never;
  }
}

function comparedIn(findings: readonly Finding[]): Compared {
  for (const finding of findings)
    if (finding.check === 'document' && finding.outcome === 'passed')
      return finding.sealedBytes === undefined ? 'file' : 'part';
  return 'nothing';
}

/** What a standing is worth to a stranger. */
export function worthOf(standing: Standing): Worth {
  return standing === 'impostor' ? 'test' : standing;
}

function unreadableKind(findings: readonly Finding[]): UnreadableKind {
  for (const finding of findings) if (finding.check === 'format' && finding.outcome === 'failed') return finding.reason;
  return 'damaged';
}

/** Checks of a proof against itself. */
const PROOF_CHECKS = [
  'record-id',
  'batch-inclusion',
  'batch-checkpoint',
  'log-inclusion',
  'log-checkpoint',
  'status-root',
  'status-leaf',
  'status-history',
  'event-signature',
  'cosignature',
] as const;

function mismatchCause(findings: readonly Finding[]): MismatchCause {
  const failed = findings.filter(({ outcome }) => outcome === 'failed');
  for (const finding of failed)
    if (finding.check === 'document' && finding.outcome === 'failed')
      return finding.reason === 'differs' ? 'document' : finding.reason;
  const has = (...checks: Finding['check'][]) => failed.some(({ check }) => checks.includes(check));
  if (has(...PROOF_CHECKS)) return 'proof';
  if (has('log-key')) return 'signer';
  return has('companion') ? 'companion' : 'anchor';
}

function statusCause(findings: readonly Finding[]): 'stale' | 'status-ahead' | undefined {
  for (const finding of findings)
    if (finding.check === 'status-age' && finding.outcome === 'unavailable')
      return finding.reason === 'ahead' ? 'status-ahead' : 'stale';
  return undefined;
}

function unavailableCause(findings: readonly Finding[]): UnavailableCause {
  const open = findings.filter(({ outcome }) => outcome === 'unavailable');
  for (const finding of open) {
    if (finding.check === 'document' && finding.outcome === 'unavailable')
      return finding.reason === 'no-salt' ? 'no-salt' : 'other-algorithm';
    if (finding.check === 'log-key') return 'signer';
  }
  const reasons = open.flatMap((finding) =>
    finding.check === 'anchor' && finding.outcome === 'unavailable' ? [finding.reason] : [],
  );
  const has = (...wanted: (typeof reasons)[number][]) => wanted.some((reason) => reasons.includes(reason));
  if (has('contradicted')) return 'contradicted';
  if (has('absent', 'no-answer', 'roots-unreachable', 'no-verifier')) return 'outage';
  if (has('not-asked', 'no-roots', 'unknown-root')) return 'nothing-given';
  if (has('test-chain')) return 'test-chain';
  return has('unsupported', 'too-many', 'no-crypto') ? 'unsupported' : 'nothing-given';
}

/** Whether somebody has taken it and will attest it later. */
function isPromise(finding: Finding): boolean {
  return finding.check === 'anchor' && finding.outcome === 'pending' && finding.kind !== 'none';
}
