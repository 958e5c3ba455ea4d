import type { Act, Observed, Refusal } from './observed.js';
import { currentVersions, type Progress, type Version } from './progress.js';

/** What differs from chain to chain. */
export interface Rules<T extends Version> {
  /** Blocks after which a version that none of them holds is replaced by a dearer one. */
  readonly patienceBlocks: number;
  /** Most versions of one round, the first included: fees cannot be raised without end, whatever a node says. */
  readonly maxVersions: number;
  /** Whether a claim is left to whoever wants it too before any version of ours was taken: one coin is as good as another, but numbers have
   * an order. */
  readonly yieldsClaim: boolean;
  /** The claim of a version in words, such as `number 5 of account 0x…`. */
  readonly claim: (version: T) => string;
}

/** What follows from what is stored and what is known: what is to be remembered, and what to do. Acts on nothing, and knows no time but the
 * observed one. A version is sent only when `progress` holds it, and signed only when `store` follows: whatever dies in between, no
 * transaction is out there that is not stored. */
export function next<T extends Version>(
  progress: Progress<T>,
  observed: Observed<T>,
  rules: Rules<T>,
): { progress: Progress<T>; act: Act<T> } {
  const { block, height, finalHeight, now } = observed;
  const wait = (learned: Progress<T>, reason: string | null) => ({
    progress: learned,
    act: { kind: 'wait', reason } as const,
  });
  if (block.kind === 'doubtful') return wait(unblocked(progress, height), null);
  const held = block.kind === 'found' ? block.mined : block.kind === 'same' ? progress.block : null;
  if (held !== null) {
    const { number, hash, time, transaction, paid } = held;
    const standing = { depth: Math.max(height - number + 1, 1), final: number <= finalHeight };
    const learned = changed(progress, transaction, { accepted: true });
    return wait({ ...learned, block: { number, hash, time, transaction, paid, ...standing }, usedSince: null }, null);
  }

  const fresh = unblocked(progress, height);
  const versions = currentVersions(fresh);
  const last = versions.at(-1);
  const { claim, sent, signed } = observed;
  if (last === undefined) return sign(fresh, null, null, (reason) => reason);
  if (claim === undefined) return { progress: fresh, act: { kind: 'look' } };
  if (claim.kind === 'mined') return { progress: fresh, act: { kind: 'store' } };
  const wasTaken = versions.some(({ accepted }) => accepted);
  const name = rules.claim(last);
  if (claim.kind === 'rival') {
    const rival = claim.id === null ? 'another transaction that waits' : `${claim.id}, which waits`;
    if (wasTaken || !rules.yieldsClaim)
      return wait(fresh, `${name} is taken by ${rival}, and only one of them will be mined`);
    return wait(renewed(fresh), `${name} is taken by ${rival}: another transaction is made`);
  }

  const isNew = last.offeredAt === null;
  const shown = claim.kind === 'open' ? claim.held : null;
  const isOut = isNew ? shown === last.id : shown !== null;
  if (claim.kind === 'open' && !isOut && sent === undefined)
    return { progress: fresh, act: { kind: 'send', versions: isNew ? [last] : versions.toReversed() } };
  const taken = isOut ? shown : (sent?.taken ?? null);
  const refusal = sent?.refusal ?? null;
  let learned = fresh;
  if (isNew && claim.kind === 'open')
    learned = changed(learned, last.id, { offeredAt: now, offeredHeight: height, accepted: taken !== null });
  else if (taken !== null) learned = changed(learned, taken, { accepted: true });

  if (claim.kind === 'used' || refusal?.about === 'used') {
    const since = fresh.usedSince ?? height;
    learned = { ...learned, usedSince: since };
    const used = `${name} was used by another transaction: when that is final, a new one is made`;
    if (since > finalHeight || observed.isLeft === false) return wait(learned, used);
    if (observed.isLeft === undefined) return { progress: learned, act: { kind: 'leave' } };
    return { progress: renewed(learned), act: { kind: 'store' } };
  }
  learned = { ...learned, usedSince: null };

  const waited = last.offeredHeight === null ? 0 : height - last.offeredHeight;
  const isTooLow = refusal?.about === 'fee' || refusal?.about === 'gas';
  const isLate = waited >= rules.patienceBlocks && (refusal === null || wasTaken);
  if (!isTooLow && !isLate) return wait(learned, refusal?.reason ?? null);
  const refused = refusal === null ? '' : `${refusal.reason}; `;
  const notRaised = (reason: string) => `${refused}its fee is not raised: ${reason}`;
  if (versions.length >= rules.maxVersions) return wait(learned, notRaised(`it was ${rules.maxVersions - 1} times`));
  return sign(learned, last, refusal, notRaised);

  function sign(
    learned: Progress<T>,
    replaced: T | null,
    refusal: Refusal | null,
    words: (reason: string) => string,
  ): ReturnType<typeof next<T>> {
    if (signed === undefined) return { progress: learned, act: { kind: 'sign', replaced, refusal } };
    if ('reason' in signed) return wait(learned, words(signed.reason));
    const unsent = { ...signed.version, round: learned.round, offeredAt: null, offeredHeight: null, accepted: false };
    return {
      progress: { ...learned, transactions: [...learned.transactions, unsent as unknown as T] },
      act: { kind: 'store' },
    };
  }
}

/** Without its block. What was in one waits anew: its fee was high enough, and a replacement would take along what spends its change by now. */
function unblocked<T extends Version>(progress: Progress<T>, height: number): Progress<T> {
  const last = progress.transactions.at(-1);
  if (progress.block === null || last === undefined) return progress;
  return { ...changed(progress, last.id, { offeredHeight: height }), block: null };
}

const renewed = <T extends Version>(progress: Progress<T>): Progress<T> => ({
  ...progress,
  round: progress.round + 1,
  usedSince: null,
});

function changed<T extends Version>(progress: Progress<T>, id: string, what: Partial<Version>): Progress<T> {
  return { ...progress, transactions: progress.transactions.map((one) => (one.id === id ? { ...one, ...what } : one)) };
}
