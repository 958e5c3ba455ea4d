import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createBitcoinSources } from '#anchors/sources.js';
import { CONFIG, type Config } from '#config/config.js';
import { type Ask, asking } from '#source/ask.js';
import type { BlockSource } from '#source/block-source.js';
import { newestHeight } from '#source/newest.js';
import { FetchBudget } from '../problems/fetch-budget.js';
import { Problem } from '../problems/problem.js';
import { sourceProblem } from '../problems/source-problem.js';

/** Headers remembered. */
const CACHE_HEADERS = 10_000;

/** How long: a young block may still be replaced. */
const CACHE_TTL_MS = 10 * 60 * 1000;

/** How long one is remembered that a reorganisation may still replace, or of which that is not known. */
const YOUNG_TTL_MS = 15_000;

/** How long it is remembered what network a source serves and what its newest block is. */
const STATE_TTL_MS = 5000;

/** How long it is remembered that a header could not be had. */
const FAILURE_TTL_MS = 5000;

/** How long the newest height is remembered: blocks come every ten minutes. */
const TIP_TTL_MS = 30_000;

/** What answers call the operator's node: its address is nobody's business. */
const OWN_NODE = 'own node';

/** A block header as answers show it. */
export interface HeaderAnswer {
  height: number;
  /** 80 bytes, hex. */
  header: string;
  /** Block hash as people write it. */
  hash: string;
  /** Names of the sources that show it. */
  source: string;
}

/** Height of the newest block as answers show it. */
export interface TipAnswer {
  height: number;
  /** Names of the sources that were heard. */
  source: string;
}

/** Passes on block headers, so that a page can check a Bitcoin attestation without asking strangers. */
@Injectable()
export class HeadersService {
  readonly #logger = new Logger('headers');
  readonly #sources: BlockSource[];
  readonly #known = new LRUCache<number, HeaderAnswer>({ max: CACHE_HEADERS, ttl: YOUNG_TTL_MS });
  readonly #failed = new LRUCache<number, Problem>({ max: CACHE_HEADERS, ttl: FAILURE_TTL_MS });
  readonly #asking = new Map<number, Promise<HeaderAnswer>>();
  readonly #asks = new LRUCache<'ask', Ask>({ max: 1, ttl: STATE_TTL_MS });
  readonly #tip = new LRUCache<'tip', TipAnswer>({ max: 1, ttl: TIP_TTL_MS });
  #askingTip: Promise<TipAnswer> | undefined;
  readonly #budget = new FetchBudget('headers');

  constructor(@Inject(CONFIG) private readonly config: Config) {
    const named = (source: BlockSource, i: number) =>
      i === 0 && config.bitcoinRpcUrl !== undefined ? { ...source, name: OWN_NODE } : source;
    this.#sources = createBitcoinSources(config).map(named);
  }

  /** The header at `height` that the sources show, one and the same at all of them that show any.
   * @throws Problem `no-such-block`, `sources-contradict`, `header-source-unavailable`, `rate-limited` */
  find(height: number): HeaderAnswer | Promise<HeaderAnswer> {
    const known = this.#known.get(height);
    if (known) return known;
    const failed = this.#failed.get(height);
    if (failed) throw failed;
    let answer = this.#asking.get(height);
    if (answer === undefined) {
      this.#budget.take();
      answer = this.#fetch(height).finally(() => this.#asking.delete(height));
      this.#asking.set(height, answer);
    }
    return answer;
  }

  /** Height up to which every source has blocks that tells its newest.
   * @throws Problem `sources-contradict`, `header-source-unavailable`, `rate-limited` */
  tip(): TipAnswer | Promise<TipAnswer> {
    const known = this.#tip.get('tip');
    if (known) return known;
    if (this.#askingTip === undefined) {
      this.#budget.take();
      this.#askingTip = this.#fetchTip().finally(() => (this.#askingTip = undefined));
    }
    return this.#askingTip;
  }

  async #fetchTip(): Promise<TipAnswer> {
    const newest = await newestHeight(this.#sources);
    for (const { source, detail } of newest.silent) this.#logger.debug(`${source}: ${detail}`);
    if (newest.outcome === 'told') {
      const answer = { height: newest.height, source: newest.sources.join(', ') };
      this.#tip.set('tip', answer);
      return answer;
    }
    const [code, detail] =
      newest.outcome === 'contradicted'
        ? (['sources-contradict', `The sources serve different networks (${newest.sources.join(', ')}).`] as const)
        : (['header-source-unavailable', 'No source of block headers answered.'] as const);
    throw new Problem(code, detail, { headers: { 'retry-after': '10' } });
  }

  /** What sources say of themselves is asked once in a while, however many headers are wanted. */
  #ask(): Ask {
    const remembered = this.#asks.get('ask');
    if (remembered !== undefined) return remembered;
    const fresh = asking({ bitcoin: this.#sources, evm: [] });
    this.#asks.set('ask', fresh);
    return fresh;
  }

  async #fetch(height: number): Promise<HeaderAnswer> {
    const question = { chain: 'bitcoin', height, network: this.config.bitcoinNetwork, expected: null } as const;
    const answer = await this.#ask()(question);
    for (const { source, detail } of answer.silent) this.#logger.debug(`${source}: ${detail}`);
    if (answer.outcome === 'shown') {
      const { hash, header, sources } = answer.block;
      const shown = { height, header: header!, hash, source: sources.join(', ') };
      this.#known.set(height, shown, { ttl: answer.finality === 'final' ? CACHE_TTL_MS : YOUNG_TTL_MS });
      return shown;
    }
    // Without an expected block there is no other.
    const unshown = answer as Exclude<typeof answer, { outcome: 'another' }>;
    const problem = sourceProblem(unshown, `a block of height ${height}`, 'header-source-unavailable');
    this.#failed.set(height, problem);
    throw problem;
  }
}
