import { bytesToHex } from '@noble/hashes/utils.js';
import { asking } from '#source/ask.js';
import type { BlockSource } from '#source/block-source.js';
import type { Timestamp } from '#ots/timestamp.js';
import { prune } from '#ots/prune.js';
import { listAttestations } from '#ots/visit.js';
import { AnchorError } from '../error.js';
import { unsureSources } from '../paying/block-answer.js';
import { MAX_REJECTED, type AttestedBlock, type OpenTimestampsProgress } from './progress.js';

/** What attestations are compared with. */
export interface Chain {
  blockSources: readonly BlockSource[];
  now: () => Date;
}

/** What makes two Bitcoin attestations the same: the height and the attested message. */
export const blockKey = ({ height, message }: { height: number; message: Uint8Array | string }): string =>
  `${height}:${typeof message === 'string' ? message : bytesToHex(message)}`;

/** Of a block that no source showed. */
const NOT_SHOWN = { time: null, sources: [], depth: null, unsure: [] };

/** Compares every Bitcoin attestation with the chain, and drops those that the chain contradicts. */
export async function checkAttestations(
  timestamp: Timestamp,
  progress: OpenTimestampsProgress,
  { blockSources, now }: Chain,
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
  const ask = asking({ bitcoin: blockSources, evm: [] });
  const answers = await Promise.all(
    [...attested].map(async ([key, block]) => {
      const { height, message: merkleRoot } = block;
      return { key, block, answer: await ask({ chain: 'bitcoin', height, expected: { merkleRoot } }) };
    }),
  );
  for (const { key, block, answer } of answers) {
    const before = earlier.get(key);
    const entry = { height: block.height, message: bytesToHex(block.message) };
    if (answer.outcome === 'another') {
      wrong.add(key);
      const seen = before?.state === 'confirmed' || before?.state === 'final';
      const reason = seen
        ? `block ${block.height} was confirmed and is no longer in the chain`
        : `wrong attestation: block ${block.height} has another Merkle root`;
      rejected.push({ height: block.height, at: now().toISOString(), reason });
    } else if (answer.outcome === 'shown') {
      // A shallow answer of one source after another called it final does not make it less final: the block is still there.
      const state = answer.finality === 'final' || before?.state === 'final' ? 'final' : 'confirmed';
      const time = new Date(answer.block.timeMs).toISOString();
      const unsure = state === 'final' ? [] : unsureSources(answer);
      blocks.push({ ...entry, state, time, sources: answer.block.sources, depth: answer.depth, unsure });
    } else if (answer.outcome === 'contradicted' || answer.outcome === 'absent') {
      const state = answer.outcome === 'absent' ? 'unknown' : 'disputed';
      blocks.push({ ...entry, ...NOT_SHOWN, state });
    } else {
      blocks.push(before ?? { ...entry, ...NOT_SHOWN, state: 'unchecked' });
    }
  }
  blocks.sort((a, b) => a.height - b.height);
  const kept = prune(timestamp, (attestation, { message }) =>
    attestation.type !== 'bitcoin' ? true : !wrong.has(blockKey({ height: attestation.height, message })),
  );
  if (!kept) throw new AnchorError('bad-submission', 'Checking a submission: expected a pending attestation, got none');
  return { timestamp: kept, progress: { ...progress, blocks, rejected: rejected.slice(-MAX_REJECTED) } };
}
