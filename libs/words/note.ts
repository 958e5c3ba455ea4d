import type { Finding, FindingOf, TimeContradiction } from '#proof/finding.js';
import type { Verification } from '#proof/verification.js';
import { anchorChain } from './anchors/anchor-words.js';
import type { NamedChain } from './named-chain.js';

/** Innocent reasons why a file is not the registered one, the most frequent first. */
export const INNOCENT_CAUSES = [
  're-saved',
  'screenshot',
  'messenger',
  'printed',
  'signed-afterwards',
  'line-endings',
] as const;

/** One of {@link INNOCENT_CAUSES}. */
export type InnocentCause = (typeof INNOCENT_CAUSES)[number];

/** Those that may be behind each way of differing. */
const CAUSES: Record<Extract<FindingOf<'document'>, { outcome: 'failed' }>['reason'], readonly InnocentCause[]> = {
  differs: INNOCENT_CAUSES,
  'line-endings': ['line-endings'],
  appended: ['signed-afterwards', 're-saved'],
};

/** What must be said beside the answer, so that it says no more than is known. */
export type Note =
  | { note: 'innocent-cause'; cause: InnocentCause }
  /** Which part of a file is what was sealed, in bytes from its beginning. */
  | { note: 'sealed-part'; bytes: number }
  /** What the answer is about although no document was given. */
  | { note: 'no-document' }
  /** The chain that attests the time proves nothing outside a test. */
  | { note: 'test-chain'; chain: NamedChain }
  | { note: 'foreign-chain'; chain: NamedChain }
  | { note: 'unnamed-chain' }
  /** A reorganisation of its chain may still remove the block. */
  | { note: 'not-final' }
  | { note: 'finality-unknown' }
  | { note: 'times-contradict'; contradiction: TimeContradiction }
  /** The record is out of force, and whether it existed before some time was not shown from outside the log. */
  | { note: 'not-anchored' }
  /** Anchors that do not hold, beside one that does. */
  | { note: 'bad-anchors'; count: number }
  /** Anchors that were not decided, beside one that was. */
  | { note: 'open-anchors'; count: number }
  /** These times are the log operator's word alone. */
  | { note: 'log-word'; receivedAt: string; sealedAt: string }
  | { note: 'agency-claimed'; agency: string }
  /** That the content is true is not shown by anything here. */
  | { note: 'not-the-content' };

/** The notes of a verification, in the order in which they matter. */
export function notesOf(verification: Verification): Note[] {
  const { findings, verdict, when, record, who } = verification;
  if (verdict === 'unreadable') return [];
  if (verdict === 'mismatch')
    return [
      ...sealedPart(findings),
      ...innocentCauses(findings).map((cause) => ({ note: 'innocent-cause', cause }) as const),
    ];
  const notes: Note[] = [];
  for (const finding of findings) {
    if (finding.check === 'times' && finding.outcome === 'failed')
      for (const contradiction of finding.contradictions) notes.push({ note: 'times-contradict', contradiction });
  }
  if (findings.some(({ check, outcome }) => check === 'document' && outcome === 'not-applicable'))
    notes.push({ note: 'no-document' });
  const { notAfter } = when;
  if (notAfter !== undefined) {
    const chain = anchorChain(notAfter.by);
    if (chain !== null && (notAfter.standing === 'test' || notAfter.standing === 'impostor'))
      notes.push({ note: 'test-chain', chain });
    if (chain !== null && notAfter.standing === 'foreign') notes.push({ note: 'foreign-chain', chain });
    if (chain !== null && notAfter.standing === 'unnamed') notes.push({ note: 'unnamed-chain' });
    if (chain !== null && notAfter.finality === 'confirmed') notes.push({ note: 'not-final' });
    if (chain !== null && notAfter.finality === 'unknown') notes.push({ note: 'finality-unknown' });
    const bad = count(findings, 'failed');
    const open = count(findings, 'unavailable');
    if (bad > 0) notes.push({ note: 'bad-anchors', count: bad });
    if (open > 0) notes.push({ note: 'open-anchors', count: open });
  } else if (verdict === 'authentic-not-current') notes.push({ note: 'not-anchored' });
  if (record !== undefined) {
    if (who === 'unchecked') notes.push({ note: 'agency-claimed', agency: record.agency });
    notes.push({ note: 'log-word', receivedAt: record.receivedAt, sealedAt: record.sealedAt });
  }
  notes.push({ note: 'not-the-content' });
  return notes;
}

/** Whether a note adds to an answer, and does not limit it. */
export function isAside({ note }: Note): boolean {
  return ['log-word', 'bad-anchors', 'open-anchors'].includes(note);
}

function innocentCauses(findings: readonly Finding[]): readonly InnocentCause[] {
  for (const finding of findings)
    if (finding.check === 'document' && finding.outcome === 'failed') return CAUSES[finding.reason];
  return [];
}

function sealedPart(findings: readonly Finding[]): Note[] {
  return findings.flatMap((finding): Note[] =>
    finding.check === 'document' && finding.outcome === 'failed' && finding.reason === 'appended'
      ? [{ note: 'sealed-part', bytes: finding.sealedBytes }]
      : [],
  );
}

function count(findings: readonly Finding[], outcome: 'failed' | 'unavailable'): number {
  return findings.filter((finding) => finding.check === 'anchor' && finding.outcome === outcome).length;
}
