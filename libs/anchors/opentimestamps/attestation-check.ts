import { bytesToHex } from '@noble/hashes/utils.js';
import type { BlockSource } from '#source/block-source.js';
import type { Timestamp } from '#ots/timestamp.js';
import { listAttestations } from '#ots/visit.js';
import { AnchorError } from '../error.js';
import { checkBlock } from './block-check.js';
import { MAX_REJECTED, type AttestedBlock, type OpenTimestampsProgress } from './progress.js';
import { pruneTimestamp } from './prune.js';

/** What attestations are compared with. */
export interface Chain {
  blockSources: readonly BlockSource[];
  finalAfterBlocks: number;
  now: () => Date;
}

/** What makes two Bitcoin attestations the same: the height and the attested message. */
export const blockKey = ({ height, message }: { height: number; message: Uint8Array | string }): string =>
  `${height}:${typeof message === 'string' ? message : bytesToHex(message)}`;

/** Compares every Bitcoin attestation with the chain, and drops those that the chain contradicts. */
export async function checkAttestations(
  timestamp: Timestamp,
  progress: OpenTimestampsProgress,
  { blockSources, finalAfterBlocks, now }: Chain,
): Promise<{ timestamp: Timestamp; progress: OpenTimestampsProgress }> {
  const attested = new Map<string, { height: number; message: Uint8Array }>();
  for (const { attestation, message } of listAttestations(timestamp)) {
    if (attestation.type !== 'bitcoin') continue;
    const block = { height: attestation.height, message };
    attested.set(blockKey(block), block);
  }
  const earlier = new Map(progress.blocks.map((block) => [blockKey(block), block]));
  const blocks: AttestedBlock[] = [];
  const rejected = [...progress.rejected];
  const wrong = new Set<string>();
  const checks = await Promise.all(
    [...attested].map(async ([key, block]) => ({
      key,
      block,
      check: await checkBlock(blockSources, block, finalAfterBlocks),
    })),
  );
  for (const { key, block, check } of checks) {
    const before = earlier.get(key);
    const entry = { height: block.height, message: bytesToHex(block.message) };
    if (check.kind === 'wrong') {
      wrong.add(key);
      const seen = before?.state === 'confirmed' || before?.state === 'final';
      const reason = seen
        ? `block ${block.height} was confirmed and is no longer in the chain`
        : `wrong attestation: block ${block.height} has another Merkle root`;
      rejected.push({ height: block.height, at: now().toISOString(), reason });
    } else if (check.kind === 'shown') {
      // A shallow answer of one source after another called it final does not make it less final: the block is still there.
      const state = check.final || before?.state === 'final' ? 'final' : 'confirmed';
      blocks.push({ ...entry, state, time: check.time.toISOString(), sources: check.sources });
    } else if (check.kind === 'unavailable') {
      blocks.push(before ?? { ...entry, state: 'unchecked', time: null, sources: [] });
    } else {
      blocks.push({ ...entry, state: check.kind, time: null, sources: [] });
    }
  }
  blocks.sort((a, b) => a.height - b.height);
  const kept = pruneTimestamp(timestamp, (attestation, message) =>
    attestation.type !== 'bitcoin' ? true : !wrong.has(blockKey({ height: attestation.height, message })),
  );
  if (!kept) throw new AnchorError('bad-submission', 'Checking a submission: expected a pending attestation, got none');
  return { timestamp: kept, progress: { ...progress, blocks, rejected: rejected.slice(-MAX_REJECTED) } };
}
