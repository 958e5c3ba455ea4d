import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { createBitcoinNodeSource } from '#source/bitcoin-node-source.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import { createEsploraSource } from '#source/esplora-source.js';
import { CONFIG, type Config } from '#config/config.js';
import { FetchBudget } from '../problems/fetch-budget.js';
import { Problem } from '../problems/problem.js';

/** Headers remembered. */
const CACHE_HEADERS = 10_000;

/** How long: a young block may still be replaced. */
const CACHE_TTL_MS = 10 * 60 * 1000;

/** How long one is remembered that a reorganisation may still replace, or of which that is not known, and how many blocks on top make the
 * difference. */
const YOUNG_TTL_MS = 15_000;
const DEEP_BLOCKS = 5;

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
  /** Name of the source. */
  source: string;
}

/** Height of the newest block as answers show it. */
export interface TipAnswer {
  height: number;
  /** Name of the source. */
  source: string;
}

/** Passes on block headers, so that a page can check a Bitcoin attestation without asking strangers. */
@Injectable()
export class HeadersService {
  readonly #logger = new Logger('headers');
  readonly #sources: { label: string; source: BlockSource }[];
  readonly #known = new LRUCache<number, HeaderAnswer>({ max: CACHE_HEADERS, ttl: YOUNG_TTL_MS });
  readonly #failed = new LRUCache<number, Problem>({ max: CACHE_HEADERS, ttl: FAILURE_TTL_MS });
  readonly #asking = new Map<number, Promise<HeaderAnswer>>();
  readonly #tip = new LRUCache<'tip', TipAnswer>({ max: 1, ttl: TIP_TTL_MS });
  #askingTip: Promise<TipAnswer> | undefined;
  readonly #budget = new FetchBudget('headers');

  constructor(@Inject(CONFIG) config: Config) {
    const options = { fetch: globalThis.fetch, timeoutMs: config.headerTimeoutMs, network: config.bitcoinNetwork };
    // The own node first: it trusts nobody.
    this.#sources = [
      ...(config.bitcoinRpcUrl
        ? [{ label: OWN_NODE, source: createBitcoinNodeSource({ url: config.bitcoinRpcUrl, ...options }) }]
        : []),
      ...config.esploraUrls.map((url) => {
        const source = createEsploraSource({ url, ...options });
        return { label: source.name, source };
      }),
    ];
  }

  /** The header at `height` from the first source that answers.
   * @throws Problem `no-such-block`, `header-source-unavailable`, `rate-limited` */
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

  /** Height of the newest block, from the first source that answers.
   * @throws Problem `header-source-unavailable`, `rate-limited` */
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
    for (const { label, source } of this.#sources) {
      try {
        const answer = { height: await source.tip!(), source: label };
        this.#tip.set('tip', answer);
        return answer;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        this.#logger.debug(error.message);
      }
    }
    throw new Problem('header-source-unavailable', 'No source of block headers answered.', {
      headers: { 'retry-after': '10' },
    });
  }

  async #fetch(height: number): Promise<HeaderAnswer> {
    const failures: string[] = [];
    let missing = false;
    for (const { label, source } of this.#sources) {
      try {
        const bytes = await source.header(height);
        const hash = displayHash(parseBlockHeader(bytes).hash);
        const answer = { height, header: Buffer.from(bytes).toString('hex'), hash, source: label };
        const tip = this.#tip.get('tip')?.height ?? 0;
        this.#known.set(height, answer, { ttl: tip - height >= DEEP_BLOCKS ? CACHE_TTL_MS : YOUNG_TTL_MS });
        return answer;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (error.code === 'no-such-block') missing = true;
        failures.push(`${label}: ${error.code}`);
        this.#logger.debug(error.message);
      }
    }
    const tried = failures.length === 0 ? 'No source of block headers is configured.' : `Tried ${failures.join(', ')}.`;
    const problem = missing
      ? new Problem('no-such-block', `No source has a block of height ${height} (${failures.join(', ')}).`)
      : new Problem('header-source-unavailable', tried, { headers: { 'retry-after': '10' } });
    this.#failed.set(height, problem);
    throw problem;
  }
}
