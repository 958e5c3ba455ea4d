import { displayHash, equalHashes } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { BitcoinError } from '#bitcoin/error.js';
import { HeaderChain } from '#bitcoin/header-chain.js';
import { type NetworkName, networkNamed } from '#bitcoin/network.js';
import { inOrder } from '#words/joints.js';
import type { Language } from '#words/language.js';
import { commandLineWords } from '#words/command-line.js';
import { sayHeldBlock } from '#words/pack-words.js';
import { CliError, EvidenceError } from '../cli-error.js';
import type { Context } from '../context.js';
import { sayingIn } from '../language.js';
import { nativeSha256 } from '../native-sha256.js';
import { Progress } from '../progress.js';
import { visible } from '../terminal.js';
import type { HeaderFeed } from './header-feed.js';
import { PackFile, readPackFile } from './pack-file.js';

/** Headers that are asked for, checked and written at a time. */
const BATCH_HEADERS = 500;
/** How often the end may turn out to be another one while nothing new was fetched. */
const MAX_TURNS = 5;

/** A block that a pack must start with. */
export interface PinnedStart {
  height: number;
  /** 32 bytes, internal order; undefined for the network's block 0. */
  hash: Uint8Array | undefined;
}

/** What is to be fetched. */
export interface FetchWish {
  path: string;
  /** Undefined: the network's block 0 for a new file, and whatever an old one starts with. */
  start: PinnedStart | undefined;
  /** Last height wanted; all there are unless given. */
  to: number | undefined;
  language: Language;
}

/** What became of the file. */
export interface FetchResult {
  network: NetworkName;
  startHeight: number;
  endHeight: number;
  tipHash: string;
  /** Headers that this run added. */
  added: number;
  /** Headers that this run took away, since they were no longer in the chain. */
  removed: number;
}

/**
 * Fetches headers into a pack, from where its file ends. What is written has been checked, and its last block shown by every source, so the
 * file is a valid pack at any time, but for a header that a killed process has half written: the next run takes it away.
 *
 * @throws CliError `usage`, `bad-data`, `no-input`, `cannot-create`, `unavailable`, `protocol`.
 */
export async function fetchHeaders(context: Context, feed: HeaderFeed, wish: FetchWish): Promise<FetchResult> {
  const { language, path } = wish;
  const saying = sayingIn(language);
  const { packs } = commandLineWords(language);
  const say = (sentence: string) => context.terminal.note(visible(sentence));
  const found = await readPackFile(path);
  const { height: tip, network } = await feed.newest();
  if (found !== undefined) {
    if (found.pack.network.name !== network)
      throw new CliError(
        'bad-data',
        `Continuing ${path}: expected headers of ${network}, got those of ${found.pack.network.name}`,
      );
    checkStart(wish, found.pack.startHeight, parseBlockHeader(found.pack.header(found.pack.startHeight)!).hash);
    if (found.partialBytes > 0) say(packs.cutShort(path, saying.format.bytes(found.partialBytes)));
  }
  const target = Math.min(wish.to ?? tip, tip);
  if (wish.to !== undefined && wish.to > tip)
    say(packs.sourcesEnd(sayHeldBlock({ height: tip, network }, saying), saying.format.number(wish.to)));
  const file = found === undefined ? await begin(feed, wish, network, target) : await PackFile.continue(path, found);
  const run = new FetchRun(context, feed, file, { target, language });
  try {
    const before = found?.pack.count ?? 0;
    const removed = await run.extend();
    const { chain, endHeight } = file;
    const added = chain.count - before + removed;
    const { startHeight } = chain;
    return { network, startHeight, endHeight, tipHash: displayHash(chain.tip!.hash), added, removed };
  } finally {
    await file.close();
  }
}

/** Says that a pack starts where it should. */
export function checkStart(
  wish: { path: string; start: PinnedStart | undefined },
  height: number,
  hash: Uint8Array,
): void {
  const { start } = wish;
  if (start === undefined) return;
  if (start.height !== height)
    throw new CliError(
      'bad-data',
      `Reading ${wish.path}: expected it to start at block ${start.height}, got one that starts at ${height}`,
    );
  if (start.hash !== undefined && !equalHashes(start.hash, hash))
    throw new CliError(
      'bad-data',
      `Reading ${wish.path}: expected it to start with block ${displayHash(start.hash)}, got ${displayHash(hash)}`,
    );
}

/** A new file with its first headers. */
async function begin(feed: HeaderFeed, wish: FetchWish, network: NetworkName, target: number): Promise<PackFile> {
  const { height, hash: pinned } = wish.start ?? { height: 0, hash: undefined };
  if (height > target)
    throw new CliError(
      wish.to !== undefined && height > wish.to ? 'usage' : 'unavailable',
      `Fetching headers: expected a start at or below block ${target}, got ${height}`,
    );
  const headers = await feed.read({ height, network }, Math.min(BATCH_HEADERS, target - height + 1));
  const { hash } = parseBlockHeader(headers[0]!);
  if (pinned !== undefined && !equalHashes(hash, pinned))
    throw new CliError(
      'protocol',
      `${feed.names}: expected block ${height} to be ${displayHash(pinned)}, got ${displayHash(hash)}`,
    );
  const chain = new HeaderChain(networkNamed(network), height, nativeSha256);
  const taken = take(chain, headers, feed);
  if (!(await feed.isShown({ height: height + taken - 1, network }, chain.tip!.hash))) throw movedAway(feed, height);
  return PackFile.create(wish.path, chain, headers.slice(0, taken));
}

/** Appends headers as long as each names the one before it; returns how many. @throws CliError `protocol` for one that can be in no chain */
function take(chain: HeaderChain, headers: readonly Uint8Array[], feed: HeaderFeed): number {
  for (const [i, header] of headers.entries()) {
    try {
      chain.append(header);
    } catch (error) {
      if (!(error instanceof BitcoinError)) throw error;
      if (error.code === 'broken-chain' && chain.count > 0) return i;
      const height = chain.startHeight + chain.count;
      throw new CliError('protocol', `${feed.names}, block ${height}: ${error.message}`, { cause: error });
    }
  }
  return headers.length;
}

function movedAway(feed: HeaderFeed, height: number): CliError {
  return new CliError('protocol', `${feed.names}: expected block ${height} to name the one before it, got another`);
}

/** One run that continues a file. */
class FetchRun {
  constructor(
    private readonly context: Context,
    private readonly feed: HeaderFeed,
    private readonly file: PackFile,
    private readonly wish: { target: number; language: Language },
  ) {}

  /** Brings the file to the target. Returns how many headers were taken away on the way. */
  async extend(): Promise<number> {
    const { context, feed, file } = this;
    const { target } = this.wish;
    const progress = await Progress.start('headers', Math.max(0, target - file.endHeight), context.terminal, () =>
      context.now().getTime(),
    );
    try {
      let removed = await this.#followReorganisation();
      for (let turns = 0; file.endHeight < target;) {
        const from = file.endHeight + 1;
        const chain = file.chain.copy();
        const headers = await feed.read(this.#block(from), Math.min(BATCH_HEADERS, target - from + 1));
        const taken = take(chain, headers, feed);
        const isShown = taken > 0 && (await feed.isShown(this.#block(from + taken - 1), chain.tip!.hash));
        if (isShown) {
          await file.write(headers.slice(0, taken), chain);
          progress.add(taken);
          if (taken === headers.length) continue;
        } else if (++turns > MAX_TURNS) throw movedAway(feed, from);
        // The chain changed while it was read.
        removed += await this.#followReorganisation();
      }
      return removed;
    } finally {
      progress.stop();
    }
  }

  /** Compares the file's end with the sources, and follows them when they show another branch with more work. Returns how many headers
   * were taken away. */
  async #followReorganisation(): Promise<number> {
    const { feed, file } = this;
    const { language, target } = this.wish;
    const saying = sayingIn(language);
    const { packs } = commandLineWords(language);
    const { endHeight, path } = file;
    const { height: tip } = await feed.newest();
    const common = await this.#lastCommonHeight(Math.min(endHeight, tip));
    if (common >= Math.min(endHeight, tip)) return 0;
    const chain = await file.chainUpTo(common);
    const branch: Uint8Array[] = [];
    while (chain.work <= file.chain.work && common + branch.length < tip) {
      const from = common + branch.length + 1;
      const headers = await feed.read(this.#block(from), Math.min(BATCH_HEADERS, tip - from + 1));
      const taken = take(chain, headers, feed);
      branch.push(...headers.slice(0, taken));
      if (taken < headers.length) break;
    }
    const end = common + branch.length;
    if (chain.work <= file.chain.work || !(await feed.isShown(this.#block(end), chain.tip!.hash)))
      throw new EvidenceError('unavailable', packs.noMoreWork(path, sayHeldBlock(this.#block(common + 1), saying)));
    await file.write(branch, chain, common);
    const removed = endHeight - common;
    const [count, from, to] = [removed, common + 1, endHeight].map((number) => saying.format.number(number));
    const followed = end > target ? packs.followedTo(sayHeldBlock(this.#block(end), saying)) : null;
    const sentence = inOrder(language.joints, packs.reorganised(path, count!, from!, to!), followed);
    this.context.terminal.note(visible(sentence));
    return removed;
  }

  /** Height of the newest header of the file, up to this one, that the sources show too. Below it they show all, above it none, since each
   * header names the one before it. @throws CliError `bad-data` when there is none */
  async #lastCommonHeight(upTo: number): Promise<number> {
    const { feed, file } = this;
    const { startHeight } = file.chain;
    if (upTo < startHeight)
      throw new CliError('unavailable', `${feed.names} ends before block ${startHeight}, with which the file starts`);
    const isShown = async (height: number) => {
      const [header] = await file.read(height, height);
      return feed.isShown(this.#block(height), parseBlockHeader(header!, nativeSha256).hash);
    };
    let [shown, unshown] = [upTo, upTo + 1];
    for (let back = 1; !(await isShown(shown)); back *= 2) {
      if (shown === startHeight)
        throw new CliError(
          'bad-data',
          `Continuing ${file.path}: expected headers of the chain of ${feed.names}, got those of another: not one is in it`,
        );
      [shown, unshown] = [Math.max(startHeight, upTo - back), shown];
    }
    while (unshown - shown > 1) {
      const middle = Math.floor((shown + unshown) / 2);
      if (await isShown(middle)) shown = middle;
      else unshown = middle;
    }
    return shown;
  }

  #block(height: number) {
    return { height, network: this.file.chain.network.name };
  }
}
