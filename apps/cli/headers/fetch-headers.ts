import { displayHash, equalHashes } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { BitcoinError } from '#bitcoin/error.js';
import { HeaderChain } from '#bitcoin/header-chain.js';
import { type Network, networkNamed } from '#bitcoin/network.js';
import { targetFromBits, workOfTarget } from '#bitcoin/proof-of-work.js';
import type { NetworkName } from '#bitcoin/network.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { Progress } from '../progress.js';
import type { AgreeingSources } from './agreeing-sources.js';
import { nodeSha256, PackFile, readPackFile } from './pack-file.js';

/** Headers that are asked for, checked and written at a time. */
const BATCH_HEADERS = 500;
/** Headers from the end that are compared first when looking for where a branch leaves the file's; then twice as many, and so on. */
const FIRST_LOOK_BACK = 16;
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
  network: NetworkName | undefined;
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
 * Fetches headers into a pack, from where its file ends. What is written has been checked, so the file is a valid pack at any time, but for
 * a header that a killed process has half written: the next run takes it away.
 *
 * @throws CliError `usage`, `bad-data`, `no-input`, `cannot-create`, `unavailable`, `protocol`.
 */
export async function fetchHeaders(context: Context, sources: AgreeingSources, wish: FetchWish): Promise<FetchResult> {
  const found = await readPackFile(wish.path);
  const served = await sources.network();
  const network = chosenNetwork(wish, served, sources);
  if (found !== undefined) {
    if (found.pack.network.name !== network.name)
      throw new CliError(
        'bad-data',
        `Continuing ${wish.path}: expected headers of ${network.name}, got those of ${found.pack.network.name}`,
      );
    checkStart(wish, found.pack.startHeight, parseBlockHeader(found.pack.header(found.pack.startHeight)!).hash);
    if (found.partialBytes > 0)
      context.terminal.note(`${wish.path}: took away ${found.partialBytes} bytes of a header that was not whole`);
  }
  const tip = await sources.tip();
  const target = Math.min(wish.to ?? tip, tip);
  if (wish.to !== undefined && wish.to > tip)
    context.terminal.note(`${sources.names} ends at block ${tip}: there is no block ${wish.to} yet`);
  const file =
    found === undefined ? await begin(sources, wish, network, target) : await PackFile.continue(wish.path, found);
  try {
    const before = found?.pack.count ?? 0;
    const progress = await Progress.start('headers', Math.max(0, target - file.endHeight), context.terminal, () =>
      context.now().getTime(),
    );
    let removed: number;
    try {
      removed = await extend(context, sources, file, target, progress);
    } finally {
      progress.stop();
    }
    const { chain, endHeight } = file;
    const added = chain.count - before + removed;
    const { startHeight } = chain;
    return { network: network.name, startHeight, endHeight, tipHash: displayHash(chain.tip!.hash), added, removed };
  } finally {
    await file.close();
  }
}

function chosenNetwork(wish: FetchWish, served: NetworkName | undefined, sources: AgreeingSources): Network {
  if (wish.network !== undefined && served !== undefined && wish.network !== served)
    throw new CliError('protocol', `${sources.names}: expected the network ${wish.network}, got ${served}`);
  const name = wish.network ?? served;
  if (name !== undefined) return networkNamed(name);
  throw new CliError('usage', `${sources.names} does not say which network it serves: name it with --network`);
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
async function begin(sources: AgreeingSources, wish: FetchWish, network: Network, target: number): Promise<PackFile> {
  const start = wish.start ?? { height: 0, hash: network.genesisHash };
  if (start.height > target)
    throw new CliError(
      wish.to !== undefined && start.height > wish.to ? 'usage' : 'unavailable',
      `Fetching headers: expected a start at or below block ${target}, got ${start.height}`,
    );
  const headers = await sources.headers(start.height, Math.min(BATCH_HEADERS, target - start.height + 1));
  const { hash } = parseBlockHeader(headers[0]!);
  if (start.hash !== undefined && !equalHashes(hash, start.hash))
    throw new CliError(
      'protocol',
      `${sources.names}: expected block ${start.height} to be ${displayHash(start.hash)}, got ${displayHash(hash)}`,
    );
  const chain = new HeaderChain(network, start.height, nodeSha256);
  const taken = take(chain, headers, sources);
  return PackFile.create(wish.path, chain, headers.slice(0, taken));
}

/** Brings the file to the target. Returns how many headers were taken away on the way. */
async function extend(
  context: Context,
  sources: AgreeingSources,
  file: PackFile,
  target: number,
  progress: Progress,
): Promise<number> {
  let removed = await followReorganisation(context, sources, file, target);
  for (let turns = 0; file.endHeight < target;) {
    const from = file.endHeight + 1;
    const headers = await sources.headers(from, Math.min(BATCH_HEADERS, target - from + 1));
    const taken = take(file.chain, headers, sources);
    await file.write(from, headers.slice(0, taken));
    progress.add(taken);
    if (taken === headers.length) continue;
    // The chain changed while it was read.
    if (taken === 0 && ++turns > MAX_TURNS)
      throw new CliError('protocol', `${sources.names}: expected block ${from} to name the one before it, got another`);
    removed += await followReorganisation(context, sources, file, target);
  }
  return removed;
}

/** Appends headers as long as each names the one before it; returns how many. @throws CliError `protocol` for one that can be in no chain */
function take(chain: HeaderChain, headers: readonly Uint8Array[], sources: AgreeingSources): number {
  for (const [i, header] of headers.entries()) {
    try {
      chain.append(header);
    } catch (error) {
      if (!(error instanceof BitcoinError)) throw error;
      if (error.code === 'broken-chain' && chain.count > 0) return i;
      const height = chain.startHeight + chain.count;
      throw new CliError('protocol', `${sources.names}, block ${height}: ${error.message}`, { cause: error });
    }
  }
  return headers.length;
}

/** Compares the file's end with the sources, and follows them when they show another branch with more work. Returns how many headers were
 * taken away. */
async function followReorganisation(
  context: Context,
  sources: AgreeingSources,
  file: PackFile,
  target: number,
): Promise<number> {
  const common = await lastCommonHeight(sources, file);
  const { endHeight } = file;
  if (common >= Math.min(endHeight, await sources.tip())) return 0;
  const old = await file.read(common + 1, endHeight);
  const oldWork = old.reduce((sum, header) => sum + workOf(header), 0n);
  const chain = await file.chainUpTo(common);
  const branch: Uint8Array[] = [];
  const tip = await sources.tip();
  let newWork = 0n;
  while (newWork <= oldWork && common + branch.length < tip) {
    const from = common + branch.length + 1;
    const headers = await sources.headers(from, Math.min(BATCH_HEADERS, tip - from + 1));
    const taken = take(chain, headers, sources);
    for (const header of headers.slice(0, taken)) newWork += workOf(header);
    branch.push(...headers.slice(0, taken));
    if (taken < headers.length) break;
  }
  if (newWork <= oldWork)
    throw new CliError(
      'unavailable',
      `${file.path}: ${sources.names} shows another block ${common + 1} than the file, but no more work after it than the file has; nothing was changed, try again after the next block`,
    );
  await file.replaceAfter(common, branch, chain);
  context.terminal.note(
    `${file.path}: the chain was reorganised: took away ${old.length} headers, blocks ${common + 1} to ${endHeight}${
      file.endHeight > target ? `; followed the new branch to block ${file.endHeight}` : ''
    }`,
  );
  return old.length;
}

/** Height of the newest header of the file that the sources show too. @throws CliError `bad-data` when there is none */
async function lastCommonHeight(sources: AgreeingSources, file: PackFile): Promise<number> {
  const { startHeight } = file.chain;
  let to = Math.min(file.endHeight, await sources.tip());
  if (to < startHeight)
    throw new CliError('unavailable', `${sources.names} ends before block ${startHeight}, with which the file starts`);
  for (let count = 1; to >= startHeight; count = Math.min(BATCH_HEADERS, Math.max(FIRST_LOOK_BACK, 2 * count))) {
    const from = Math.max(startHeight, to - count + 1);
    const [shown, own] = [await sources.headers(from, to - from + 1), await file.read(from, to)];
    for (let i = own.length - 1; i >= 0; i--) if (equalHashes(own[i]!, shown[i]!)) return from + i;
    to = from - 1;
  }
  throw new CliError(
    'bad-data',
    `Continuing ${file.path}: expected headers of the chain of ${sources.names}, got those of another: not one is in it`,
  );
}

function workOf(header: Uint8Array): bigint {
  return workOfTarget(targetFromBits(parseBlockHeader(header, nodeSha256).bits));
}
