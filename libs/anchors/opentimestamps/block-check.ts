import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';

/** What the header sources say about "the block at this height has this Merkle root".
 *
 * - `shown`: at least one source shows it, none shows another; `final` when a source that shows it also has the block that makes it deep enough
 * - `wrong`: every source that has the block shows another Merkle root
 * - `disputed`: sources disagree
 * - `unknown`: the sources that answered have no block at this height
 * - `unavailable`: no source answered
 */
export type BlockCheck =
  | { kind: 'shown'; time: Date; sources: string[]; final: boolean }
  | { kind: 'wrong' | 'disputed' | 'unknown' | 'unavailable' };

type Answer = { kind: 'same'; source: BlockSource; time: Date } | { kind: 'other' | 'no-such-block' | 'unreachable' };

/** Asks every source at once. `finalAfterBlocks` counts the block itself: 6 asks for five blocks on top. Never throws for a failing source. */
export async function checkBlock(
  sources: readonly BlockSource[],
  attested: { height: number; message: Uint8Array },
  finalAfterBlocks: number,
): Promise<BlockCheck> {
  const answers = await Promise.all(sources.map((source) => askSource(source, attested)));
  const same = answers.filter((answer) => answer.kind === 'same');
  const [first] = same;
  const others = answers.some(({ kind }) => kind === 'other');
  if (!first) {
    if (others) return { kind: 'wrong' };
    return { kind: answers.some(({ kind }) => kind === 'no-such-block') ? 'unknown' : 'unavailable' };
  }
  if (others) return { kind: 'disputed' };
  const deep = await Promise.all(same.map(({ source }) => hasBlock(source, attested.height + finalAfterBlocks - 1)));
  return {
    kind: 'shown',
    time: first.time,
    sources: same.map(({ source }) => source.name),
    final: deep.includes(true),
  };
}

async function askSource(source: BlockSource, attested: { height: number; message: Uint8Array }): Promise<Answer> {
  try {
    const header = parseBlockHeader(await source.header(attested.height));
    const same = Buffer.compare(header.merkleRoot, attested.message) === 0;
    return same ? { kind: 'same', source, time: new Date(header.time * 1000) } : { kind: 'other' };
  } catch (error) {
    return {
      kind: error instanceof SourceError && error.code === 'no-such-block' ? 'no-such-block' : 'unreachable',
    };
  }
}

/** Whether the source is known to have a block at this height; a source that fails counts as no. */
const hasBlock = (source: BlockSource, height: number): Promise<boolean> =>
  source.header(height).then(
    () => true,
    () => false,
  );
