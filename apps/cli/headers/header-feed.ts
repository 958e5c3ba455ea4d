import { displayHash } from '#bitcoin/block-hash.js';
import type { NetworkName } from '#bitcoin/network.js';
import type { Silence } from '#source/answer.js';
import { ask } from '#source/ask.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import { newestHeight } from '#source/newest.js';
import { faultOf } from '#source/testimony.js';
import type { Language } from '#words/language.js';
import { type HeldBlock, sayNewestUndecided, sayUndecidedBlock } from '#words/pack-words.js';
import { CliError, EvidenceError } from '../cli-error.js';
import type { Context } from '../context.js';
import { sayingIn } from '../language.js';
import { forEachAtOnce } from '../pool.js';

/** First pause before a question is repeated, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 500;
/** Longest such pause, in milliseconds. */
const LONGEST_PAUSE_MS = 30_000;

/** How sources are asked. */
export interface FeedOptions {
  /** Questions to one source at the same time, where it takes no batches. */
  jobs: number;
  /** How often a question without an answer is repeated. */
  retries: number;
  /** In which is told what sources do not decide. */
  language: Language;
}

/** Headers that are read from the first of several sources, and count once all of them show the last. */
export class HeaderFeed {
  /** Whether the first source takes batches, as far as is known. */
  #takesBatches = true;

  constructor(
    private readonly context: Context,
    private readonly sources: readonly [BlockSource, ...BlockSource[]],
    private readonly options: FeedOptions,
  ) {}

  /** Names of the sources. */
  get names(): string {
    return this.sources.map(({ name }) => name).join(', ');
  }

  /** The newest block that all of them have, and the network that all of them serve. @throws CliError `unavailable`, `usage` */
  async newest(): Promise<{ height: number; network: NetworkName }> {
    const newest = await this.#heard(() => newestHeight(this.sources));
    if (newest.outcome === 'told' && newest.silent.length === 0) return newest;
    if (newest.silent.some(({ reason }) => reason === 'unknown-chain'))
      throw new CliError('usage', `${this.names} does not say which network it serves: name it with --network`);
    const { language } = this.options;
    throw undecided(sayNewestUndecided(newest, language), newest.silent);
  }

  /** Whether every source shows this block; false when all of them show one and the same other there. @throws CliError `unavailable` */
  async isShown(block: HeldBlock, hash: Uint8Array): Promise<boolean> {
    const question = { chain: 'bitcoin', ...block, expected: { hash: displayHash(hash) } } as const;
    const answer = await this.#heard(() => ask({ bitcoin: this.sources, evm: [] }, question));
    const { outcome, silent } = answer;
    if (silent.length === 0 && (outcome === 'shown' || outcome === 'another')) return outcome === 'shown';
    const { language } = this.options;
    throw undecided(sayUndecidedBlock(block, answer, sayingIn(language)), silent);
  }

  /** The headers at `count` heights, as the first source has them: it may yet be the only one. @throws CliError `unavailable` */
  async read({ height: from, network }: HeldBlock, count: number): Promise<Uint8Array[]> {
    const [source] = this.sources;
    try {
      if (source.headers !== undefined && count > 1 && this.#takesBatches) {
        const headers = await this.#repeated(() => readBatch(source, from, count));
        if (headers !== undefined) return headers;
        this.#takesBatches = false;
      }
      const headers: Uint8Array[] = [];
      const indexes = Array.from({ length: count }, (_, i) => i);
      await forEachAtOnce(indexes, this.options.jobs, async (i) => {
        headers[i] = await this.#repeated(() => source.header(from + i));
      });
      return headers;
    } catch (error) {
      const silent = [{ source: source.name, ...faultOf(source.name, error) }];
      const { language } = this.options;
      const held = { height: from, network };
      throw undecided(sayUndecidedBlock(held, { outcome: 'no-answer', silent }, sayingIn(language)), silent);
    }
  }

  /** Asks anew as long as a source gives no answer. */
  async #heard<T extends { silent: readonly Silence[] }>(askAll: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const answer = await askAll();
      if (attempt >= this.options.retries || !answer.silent.some(({ reason }) => reason === 'unreachable'))
        return answer;
      await this.#pause(attempt);
    }
  }

  /** Repeats a question that got no answer. */
  async #repeated<T>(askOne: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await askOne();
      } catch (error) {
        if (attempt >= this.options.retries || !isUnreachable(error)) throw error;
        await this.#pause(attempt);
      }
    }
  }

  #pause(attempt: number): Promise<void> {
    return this.context.sleep(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS));
  }
}

/** A batch; undefined when the source takes none although it answers plain questions, as a proxy before a node may. */
async function readBatch(source: BlockSource, from: number, count: number): Promise<Uint8Array[] | undefined> {
  // Twice, so that a node that was away for a moment is not asked one by one from then on.
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      return await source.headers!(from, count);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      await source.header(from);
    }
  }
  return undefined;
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'unreachable';
}

function undecided(sentence: string, silent: readonly Silence[]): EvidenceError {
  return new EvidenceError('unavailable', sentence, {
    details: silent.map(({ source, detail }) => `${source}: ${detail}`),
  });
}
