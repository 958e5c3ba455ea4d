import { checkProofOfWork, parseBlockHeader, type BlockHeader } from '#bitcoin/block-header.js';
import { BlockSourceError, type BlockSource } from '#bitcoin/block-source.js';
import { BitcoinError } from '#bitcoin/error.js';
import { NETWORKS } from '#bitcoin/network.js';

/** What one source answered about a block: a header whose work holds, or why there is none. */
export type BlockAnswer =
  | {
      kind: 'header';
      source: string;
      /** The network that the source says it is on, `unknown` when it cannot tell. */
      network: string;
      header: BlockHeader;
      /** Height of the source's newest block; null when it cannot tell. */
      tip: number | null;
    }
  | { kind: 'problem'; source: string; problem: string };

/** Asks every source for the block at a height, all at once. Never rejects: whatever a source does wrong is its answer. */
export type AskBlock = (height: number) => Promise<BlockAnswer[]>;

/** An {@link AskBlock} over these sources that puts each question to each source once, however often it is repeated. */
export function askBlocksOf(sources: readonly BlockSource[]): AskBlock {
  const networks = new Map<BlockSource, Promise<string>>();
  const tips = new Map<BlockSource, Promise<number | null>>();
  const answers = new Map<number, Promise<BlockAnswer[]>>();
  const ask = async (source: BlockSource, height: number): Promise<BlockAnswer> => {
    try {
      const header = parseBlockHeader(await source.header(height));
      const [network, tip] = await Promise.all([networks.get(source)!, tips.get(source)!]);
      const limits = Object.values(NETWORKS).find(({ name }) => name === network);
      // A source that claims to be on the main chain must show main-chain work: a header is then dear to forge.
      if (limits === undefined) checkProofOfWork(header);
      else checkProofOfWork(header, limits);
      return { kind: 'header', source: source.name, network, header, tip };
    } catch (error) {
      return { kind: 'problem', source: source.name, problem: problemOf(error) };
    }
  };
  return (height) => {
    let answer = answers.get(height);
    if (answer === undefined) {
      for (const source of sources) {
        if (networks.has(source)) continue;
        networks.set(source, networkOf(source));
        tips.set(source, tipOf(source));
      }
      answer = Promise.all(sources.map((source) => ask(source, height)));
      answers.set(height, answer);
    }
    return answer;
  };
}

async function networkOf(source: BlockSource): Promise<string> {
  try {
    return (await source.network?.()) ?? 'unknown';
  } catch (error) {
    // Not knowing the network is told in the result; whether the header can be had shows by itself.
    if (error instanceof Error) return 'unknown';
    throw error;
  }
}

async function tipOf(source: BlockSource): Promise<number | null> {
  try {
    return (await source.tip?.()) ?? null;
  } catch (error) {
    // As for the network: how deep a block lies is told as unknown.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** A source is foreign code over foreign data: none of its errors may end the verification of a proof. */
function problemOf(error: unknown): string {
  if (error instanceof BlockSourceError || error instanceof BitcoinError) return `${error.code} (${error.message})`;
  return error instanceof Error ? error.message : String(error);
}
