import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#config/config.js';
import type { EvmChainSettings } from '#config/evm-chains.js';
import { SourceError } from '#source/error.js';
import { createEvmNodeSource } from '#source/evm-node-source.js';
import type { EvmSource } from '#source/evm-source.js';
import { FetchBudget } from '../problems/fetch-budget.js';
import { Problem } from '../problems/problem.js';

/** Blocks remembered. */
const CACHE_BLOCKS = 10_000;

/** How long a block is remembered that the chain calls final, and one that it may still replace. */
const FINAL_TTL_MS = 10 * 60 * 1000;
const YOUNG_TTL_MS = 15 * 1000;

/** How long it is remembered what chain a node serves and how far that is final, and that a block could not be had. */
const STATE_TTL_MS = 15 * 1000;
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
  /** Which node gave it. */
  source: string;
}

/** What a node says of itself. */
interface NodeState {
  /** Id of the chain it serves. */
  served: number;
  /** Hash of that chain's block 0, hex with 0x. */
  genesis: string;
  finalizedNumber: number | null;
}

interface Chain extends Pick<EvmChainSettings, 'genesis' | 'finality'> {
  sources: EvmSource[];
}

/** Passes on what configured EVM chains say of a block, so that a page can check an attestation without asking strangers. */
@Injectable()
export class EvmBlocksService {
  readonly #logger = new Logger('evm-blocks');
  readonly #chains: ReadonlyMap<number, Chain>;
  readonly #known = new LRUCache<string, EvmBlockAnswer>({ max: CACHE_BLOCKS });
  readonly #failed = new LRUCache<string, Problem>({ max: REMEMBERED_FAILURES, ttl: FAILURE_TTL_MS });
  readonly #states = new LRUCache<EvmSource, Promise<NodeState>>({ max: REMEMBERED_FAILURES, ttl: STATE_TTL_MS });
  readonly #asking = new Map<string, Promise<EvmBlockAnswer>>();
  readonly #budget = new FetchBudget('blocks');

  constructor(@Inject(CONFIG) config: Config) {
    const options = { fetch: globalThis.fetch, timeoutMs: config.evmTimeoutMs };
    // Of several entries with one id the first: what is asked for names no more than the id.
    this.#chains = new Map(
      config.evmChains
        .toReversed()
        .map(({ chainId, genesis, finality, rpcUrls }) => [
          chainId,
          { genesis, finality, sources: rpcUrls.map((url) => createEvmNodeSource({ url, ...options })) },
        ]),
    );
  }

  /** The block at a height of a chain, from the first of its nodes that answers.
   * @throws Problem `no-such-chain`, `no-such-block`, `evm-source-unavailable`, `rate-limited` */
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

  async #fetch({ genesis, finality, sources }: Chain, chainId: number, number: number): Promise<EvmBlockAnswer> {
    const failures: string[] = [];
    let missing = false;
    for (const [position, source] of sources.entries()) {
      const label = nodeLabel(position);
      try {
        const { served, genesis: begun, finalizedNumber } = await this.#state(source, finality);
        if (served !== chainId || begun !== genesis) {
          failures.push(`${label}: other-chain`);
          this.#logger.warn(
            `${source.name} serves chain ${served} with block 0 ${begun}, expected chain ${chainId} with ${genesis}`,
          );
          continue;
        }
        const { hash, timeMs } = await source.block(number);
        const hex = Buffer.from(hash).toString('hex');
        const time = new Date(timeMs).toISOString();
        const answer = { chainId, number, hash: hex, time, finalizedNumber, source: label };
        const isFinal = finalizedNumber !== null && number <= finalizedNumber;
        this.#known.set(`${chainId} ${number}`, answer, { ttl: isFinal ? FINAL_TTL_MS : YOUNG_TTL_MS });
        return answer;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (error.code === 'no-such-block') missing = true;
        failures.push(`${label}: ${error.code}`);
        this.#logger.debug(error.message);
      }
    }
    const tried = failures.join(', ');
    const problem = missing
      ? new Problem('no-such-block', `No node of chain ${chainId} has a block ${number} (${tried}).`)
      : new Problem('evm-source-unavailable', `Tried ${tried}.`, { headers: { 'retry-after': '10' } });
    this.#failed.set(`${chainId} ${number}`, problem);
    throw problem;
  }

  /** What a node says of itself, asked once in a while however many blocks are wanted. */
  #state(source: EvmSource, finality: EvmChainSettings['finality']): Promise<NodeState> {
    let state = this.#states.get(source);
    if (state === undefined) {
      state = Promise.all([source.chainId(), source.block(0), finalNumber(source, finality)]).then(
        ([served, { hash }, finalizedNumber]) => ({
          served,
          genesis: `0x${Buffer.from(hash).toString('hex')}`,
          finalizedNumber,
        }),
      );
      this.#states.set(source, state);
      // A failure is not kept: the next question may find the node back.
      state.catch(() => this.#states.delete(source));
    }
    return state;
  }
}

/** Height up to which blocks are final by a rule. `safe` blocks count only once they are finalized: what is told here lasts. */
async function finalNumber(source: EvmSource, finality: EvmChainSettings['finality']): Promise<number | null> {
  if (finality === 'latest') return source.latestNumber!();
  if (typeof finality === 'object') return Math.max(0, (await source.latestNumber!()) - finality.blocks + 1);
  return source.finalizedNumber!();
}
