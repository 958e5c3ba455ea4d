import { displayHash, equalHashes } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import { BitcoinError } from '#bitcoin/error.js';
import type { NetworkName } from '#bitcoin/network.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { forEachAtOnce } from '../pool.js';

/** First pause before a question is repeated, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 500;
/** Longest such pause, in milliseconds. */
const LONGEST_PAUSE_MS = 30_000;

/** How sources are asked. */
export interface AskOptions {
  /** Questions to one source at the same time, where it takes no batches. */
  jobs: number;
  /** How often a question without an answer is repeated. */
  retries: number;
}

/** Several sources of headers that are all asked, and believed only as far as they agree. */
export class AgreeingSources {
  /** Sources that did not take a batch, and did answer single questions. */
  readonly #single = new Set<BlockSource>();

  constructor(
    private readonly context: Context,
    private readonly sources: readonly [BlockSource, ...BlockSource[]],
    private readonly options: AskOptions,
  ) {}

  /** Names of the sources. */
  get names(): string {
    return this.sources.map(({ name }) => name).join(' and ');
  }

  /** The network that all of them serve. @throws CliError `unavailable`, `protocol` */
  async network(): Promise<NetworkName | undefined> {
    const found = await Promise.all(
      this.sources.map((source) => this.#asked(source, () => this.#repeated(async () => source.network?.()))),
    );
    found.forEach((network, i) => {
      if (network === found[0]) return;
      const [first, other] = [this.sources[0], this.sources[i]!];
      throw new CliError(
        'protocol',
        `Asking for the network: the sources disagree: ${first.name} serves ${found[0] ?? 'an unknown one'}, ${other.name} ${network ?? 'an unknown one'}`,
      );
    });
    return found[0];
  }

  /** Height up to which every one of them has blocks. @throws CliError `unavailable`, `protocol` */
  async tip(): Promise<number> {
    const heights = await Promise.all(
      this.sources.map((source) =>
        this.#asked(source, () =>
          this.#repeated(async () => {
            if (source.tip !== undefined) return source.tip();
            throw new SourceError('bad-answer', `${source.name}: expected to tell its newest block, got nothing`);
          }),
        ),
      ),
    );
    return Math.min(...heights);
  }

  /** The headers at `count` heights, each the same at every source. @throws CliError `unavailable`, `protocol` */
  async headers(from: number, count: number): Promise<Uint8Array[]> {
    const [first, ...others] = await Promise.all(
      this.sources.map((source) => this.#asked(source, () => this.#read(source, from, count))),
    );
    for (const [i, headers] of others.entries()) {
      for (const [j, header] of headers.entries()) {
        const expected = first![j]!;
        if (equalHashes(header, expected)) continue;
        const hash = (bytes: Uint8Array) => displayHash(parseBlockHeader(bytes).hash);
        throw new CliError(
          'protocol',
          `The sources disagree at height ${from + j}: ${this.sources[0].name} shows block ${hash(expected)}, ${this.sources[i + 1]!.name} shows ${hash(header)}`,
        );
      }
    }
    return first!;
  }

  async #read(source: BlockSource, from: number, count: number): Promise<Uint8Array[]> {
    if (source.headers !== undefined && count > 1 && !this.#single.has(source)) {
      const headers = await this.#repeated(() => this.#readBatch(source, from, count));
      if (headers !== undefined) return headers;
      this.#single.add(source);
    }
    const headers: Uint8Array[] = [];
    const indexes = Array.from({ length: count }, (_, i) => i);
    await forEachAtOnce(indexes, this.options.jobs, async (i) => {
      headers[i] = await this.#repeated(() => source.header(from + i));
    });
    return headers;
  }

  /** A batch; undefined when the source takes none although it answers plain questions, as a proxy before a node may. */
  async #readBatch(source: BlockSource, from: number, count: number): Promise<Uint8Array[] | undefined> {
    // Twice, so that a node that was away for a moment is not asked one by one from then on.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        return await source.headers!(from, count);
      } catch (error) {
        if (!(error instanceof SourceError) || error.code !== 'unreachable') throw error;
        await source.header(from);
      }
    }
    return undefined;
  }

  /** Turns a source's failure into one of the command's. */
  async #asked<T>(source: BlockSource, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof SourceError)
        throw new CliError(
          error.code === 'bad-answer' || error.code === 'other-chain' ? 'protocol' : 'unavailable',
          error.message,
          { cause: error },
        );
      if (error instanceof BitcoinError)
        throw new CliError('protocol', `${source.name}: ${error.message}`, { cause: error });
      throw error;
    }
  }

  /** Repeats a question that got no answer. */
  async #repeated<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        const again = error instanceof SourceError && error.code === 'unreachable';
        if (!again || attempt >= this.options.retries) throw error;
        await this.context.sleep(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS));
      }
    }
  }
}
