import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createEvmSources } from '#anchors/sources.js';
import { CONFIG, type Config } from '#config/config.js';
import { type Ask, asking } from '#source/ask.js';
import type { EvmSource } from '#source/evm-source.js';
import { FetchBudget } from '../problems/fetch-budget.js';
import { Problem } from '../problems/problem.js';
import { sourceProblem } from '../problems/source-problem.js';

/** Blocks remembered. */
const CACHE_BLOCKS = 10_000;

/** How long a block is remembered that the chain calls final, and one that it may still replace. */
const FINAL_TTL_MS = 10 * 60 * 1000;
const YOUNG_TTL_MS = 15 * 1000;

/** How long it is remembered what chain a node serves and how far that is final, and that a block could not be had. */
const STATE_TTL_MS = 5 * 1000;
const FAILURE_TTL_MS = 10 * 1000;
const REMEMBERED_FAILURES = 1000;

/** What answers call a node: its address is nobody's business, and may hold a key. */
const nodeLabel = (position: number) => `node ${position + 1} of the service`;

/** A block as answers show it. */
export interface EvmBlockAnswer {
  chainId: number;
  number: number;
  /** Hex, without 0x. */
  hash: string;
  /** RFC 3339. */
  time: string;
  /** Height up to which the chain's blocks are final, by the rule configured for it; null when it cannot tell. */
  finalizedNumber: number | null;
  /** Which nodes show it. */
  source: string;
}

interface Chain {
  /** Hash of block 0, hex. */
  genesis: string;
  sources: EvmSource[];
}

/** Passes on what configured EVM chains say of a block, so that a page can check an attestation without asking strangers. */
@Injectable()
export class EvmBlocksService {
  readonly #logger = new Logger('evm-blocks');
  readonly #chains: ReadonlyMap<number, Chain>;
  readonly #known = new LRUCache<string, EvmBlockAnswer>({ max: CACHE_BLOCKS });
  readonly #failed = new LRUCache<string, Problem>({ max: REMEMBERED_FAILURES, ttl: FAILURE_TTL_MS });
  readonly #asks = new LRUCache<number, Ask>({ max: REMEMBERED_FAILURES, ttl: STATE_TTL_MS });
  readonly #asking = new Map<string, Promise<EvmBlockAnswer>>();
  readonly #budget = new FetchBudget('blocks');

  constructor(@Inject(CONFIG) config: Config) {
    // Of several entries with one id the first: what is asked for names no more than the id.
    this.#chains = new Map(
      config.evmChains.toReversed().map((chain) => {
        const sources = createEvmSources(chain, config).map((source, i) => ({ ...source, name: nodeLabel(i) }));
        return [chain.chainId, { genesis: chain.genesis.slice(2), sources }];
      }),
    );
  }

  /** The block at a height of a chain that its nodes show, one and the same at all of them that show any.
   * @throws Problem `no-such-chain`, `no-such-block`, `sources-contradict`, `evm-source-unavailable`, `rate-limited` */
  find(chainId: number, number: number): EvmBlockAnswer | Promise<EvmBlockAnswer> {
    const chain = this.#chains.get(chainId);
    if (chain === undefined) throw new Problem('no-such-chain', `The service has no node of chain ${chainId}.`);
    const key = `${chainId} ${number}`;
    const known = this.#known.get(key);
    if (known) return known;
    const failed = this.#failed.get(key);
    if (failed) throw failed;
    let answer = this.#asking.get(key);
    if (answer === undefined) {
      this.#budget.take();
      answer = this.#fetch(chain, chainId, number).finally(() => this.#asking.delete(key));
      this.#asking.set(key, answer);
    }
    return answer;
  }

  async #fetch({ genesis, sources }: Chain, chainId: number, number: number): Promise<EvmBlockAnswer> {
    const answer = await this.#ask(
      chainId,
      sources,
    )({ chain: 'evm', chainId, genesis, height: number, expected: null });
    for (const { source, detail } of answer.silent) this.#logger.debug(`chain ${chainId}, ${source}: ${detail}`);
    const key = `${chainId} ${number}`;
    if (answer.outcome === 'shown') {
      const { hash, timeMs, sources: names } = answer.block;
      const { finalHeight: finalizedNumber, finality } = answer;
      const time = new Date(timeMs).toISOString();
      const shown = { chainId, number, hash, time, finalizedNumber, source: names.join(', ') };
      this.#known.set(key, shown, { ttl: finality === 'final' ? FINAL_TTL_MS : YOUNG_TTL_MS });
      return shown;
    }
    // Without an expected block there is no other.
    const unshown = answer as Exclude<typeof answer, { outcome: 'another' }>;
    const problem = sourceProblem(unshown, `a block ${number} of chain ${chainId}`, 'evm-source-unavailable');
    this.#failed.set(key, problem);
    throw problem;
  }

  /** What nodes say of themselves is asked once in a while, however many blocks are wanted. */
  #ask(chainId: number, sources: readonly EvmSource[]): Ask {
    const remembered = this.#asks.get(chainId);
    if (remembered !== undefined) return remembered;
    const fresh = asking({ bitcoin: [], evm: sources });
    this.#asks.set(chainId, fresh);
    return fresh;
  }
}
