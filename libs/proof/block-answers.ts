import { checkProofOfWork, parseBlockHeader, type BlockHeader } from '#bitcoin/block-header.js';
import { BlockSourceError, type BlockSource } from '#bitcoin/block-source.js';

/** What one source answered about a block: a header whose work holds, or why there is none. */
export type BlockAnswer =
  | { kind: 'header'; source: string; network: string; header: BlockHeader }
  | { kind: 'problem'; source: string; problem: string };

/** Asks every source for the block at `height`, all at once. Never rejects: whatever a source does wrong is its answer. */
export function askBlockSources(sources: readonly BlockSource[], height: number): Promise<BlockAnswer[]> {
  return Promise.all(sources.map((source) => ask(source, height)));
}

async function ask(source: BlockSource, height: number): Promise<BlockAnswer> {
  const problem = (text: string): BlockAnswer => ({ kind: 'problem', source: source.name, problem: text });
  try {
    const header = parseBlockHeader(await source.header(height));
    if (!checkProofOfWork(header)) return problem(`its block ${height} does not have the work that its header claims`);
    return { kind: 'header', source: source.name, network: source.network, header };
  } catch (error) {
    // A source is foreign code and foreign data: none of its errors may end the verification of a proof.
    if (error instanceof BlockSourceError) return problem(`${error.code} (${error.message})`);
    return problem(error instanceof Error ? error.message : String(error));
  }
}
