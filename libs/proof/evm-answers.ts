import { bytesToHex } from '@noble/hashes/utils.js';
import { EvmSourceError, type EvmSource } from '#evm/evm-source.js';

/** What one source answered about a block of a chain, or why it says nothing about it. */
export type EvmAnswer =
  | {
      kind: 'block';
      source: string;
      /** Hex. */
      hash: string;
      timeMs: number;
      /** Height up to which the source calls blocks final; null when it cannot tell. */
      finalized: number | null;
    }
  | { kind: 'problem'; source: string; problem: string }
  /** The source serves another chain: it is no witness here, neither for nor against. */
  | { kind: 'other-chain'; source: string; problem: string };

/**
 * Asks every source for the block at a height of the chain with this id and, unless null, this hash of block 0 (hex); all at
 * once. Never rejects: whatever a source does wrong is its answer.
 */
export type AskEvmBlock = (chainId: number, genesis: string | null, height: number) => Promise<EvmAnswer[]>;

/** What a source is asked once, whatever is asked of it later. */
interface Acquaintance {
  chainId: number;
  genesis: string;
  finalized: number | null;
}

/** An {@link AskEvmBlock} over these sources that puts each question to each source once, however often it is repeated. */
export function askEvmBlocksOf(sources: readonly EvmSource[]): AskEvmBlock {
  const known = new Map<EvmSource, Promise<Acquaintance>>();
  const blocks = new Map<EvmSource, Map<number, Promise<{ hash: string; timeMs: number }>>>();

  const acquaintance = (source: EvmSource): Promise<Acquaintance> => {
    let promise = known.get(source);
    if (promise === undefined) {
      promise = askAcquaintance(source);
      known.set(source, promise);
    }
    return promise;
  };
  const block = (source: EvmSource, height: number): Promise<{ hash: string; timeMs: number }> => {
    const asked = blocks.get(source) ?? new Map<number, Promise<{ hash: string; timeMs: number }>>();
    blocks.set(source, asked);
    let promise = asked.get(height);
    if (promise === undefined) {
      promise = askBlock(source, height);
      asked.set(height, promise);
    }
    return promise;
  };

  const ask = async (
    source: EvmSource,
    chainId: number,
    genesis: string | null,
    height: number,
  ): Promise<EvmAnswer> => {
    const answer = (kind: 'problem' | 'other-chain', problem: string) => ({ kind, source: source.name, problem });
    try {
      const chain = await acquaintance(source);
      if (chain.chainId !== chainId) return answer('other-chain', `serves chain ${chain.chainId}, not ${chainId}`);
      if (genesis !== null && chain.genesis !== genesis) {
        return answer('other-chain', `serves another chain of id ${chainId}, whose block 0 is 0x${chain.genesis}`);
      }
      return { kind: 'block', source: source.name, ...(await block(source, height)), finalized: chain.finalized };
    } catch (error) {
      return answer('problem', problemOf(error));
    }
  };
  return (chainId, genesis, height) => Promise.all(sources.map((source) => ask(source, chainId, genesis, height)));
}

async function askAcquaintance(source: EvmSource): Promise<Acquaintance> {
  const [chainId, { hash }, finalized] = await Promise.all([
    source.chainId(),
    askBlock(source, 0),
    finalizedNumberOf(source),
  ]);
  return { chainId, genesis: hash, finalized };
}

async function askBlock(source: EvmSource, height: number): Promise<{ hash: string; timeMs: number }> {
  const { hash, timeMs } = await source.block(height);
  return { hash: bytesToHex(hash), timeMs };
}

async function finalizedNumberOf(source: EvmSource): Promise<number | null> {
  try {
    return (await source.finalizedNumber?.()) ?? null;
  } catch (error) {
    // Not knowing it is told in the result; whether the block can be had shows by itself.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** A source is foreign code over foreign data: none of its errors may end the verification of a proof. */
function problemOf(error: unknown): string {
  if (error instanceof EvmSourceError) return `${error.code} (${error.message})`;
  return error instanceof Error ? error.message : String(error);
}
