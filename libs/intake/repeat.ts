import { type HolderRow, referenceKey } from '#database/record.repository.js';
import type { Digests } from '#statement/digest.js';
import { acceptedItem, conflictingItem, type ItemResult, type Superseding } from './accepted.js';
import type { Candidate } from './candidate.js';
import { recordLeaf } from './record-leaf.js';

const NONE: ReadonlyMap<string, Superseding> = new Map();

/** The same digests under the same reference are a retry and get the first answer again; other digests are a conflict. `holders` are by
 * {@link referenceKey}, `events` those by which others gave their places to them, by their ids. */
export function answerRepeat(
  candidate: Candidate,
  holders: ReadonlyMap<string, HolderRow>,
  events: ReadonlyMap<string, Superseding> = NONE,
): ItemResult {
  const reference = candidate.reference!;
  const holder = holders.get(referenceKey(candidate.agencyId, reference))!;
  const held = JSON.parse(holder.statement) as { digests: Digests; blinded?: true; supersedes?: string };
  const isSame =
    sameDigests(held.digests, candidate.digests) &&
    (held.blinded === true) === candidate.blinded &&
    held.supersedes === candidate.supersedes;
  return isSame ? answerAgain(holder, events.get(holder.id)) : conflictingItem(reference, holder.id);
}

/** The answer to a record that was accepted before, with the event by which another gave its place to it. */
export function answerAgain({ id, statement }: HolderRow, superseding?: Superseding): ItemResult {
  const { digests, receivedAt } = JSON.parse(statement) as { digests: Digests; receivedAt: string };
  const { leafHex } = recordLeaf(Date.parse(receivedAt), digests, statement);
  return acceptedItem(id, receivedAt, statement, leafHex, true, superseding);
}

function sameDigests(a: Digests, b: Digests): boolean {
  const algorithms = Object.keys(a) as (keyof Digests)[];
  return algorithms.length === Object.keys(b).length && algorithms.every((algorithm) => a[algorithm] === b[algorithm]);
}
