import { displayHash, equalHashes, parseDisplayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import type { HeaderPack } from '#bitcoin/header-pack.js';
import type { NetworkName } from '#bitcoin/network.js';
import { formatTime } from '#statement/time.js';
import { CliError, reasonOf } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type HeaderOptions, openHeaderSources } from '../header-sources.js';
import { AgreeingSources } from '../headers/agreeing-sources.js';
import { checkStart, fetchHeaders, type PinnedStart } from '../headers/fetch-headers.js';
import { type PackOnDisk, readWholePack } from '../headers/pack-file.js';
import { visible } from '../terminal.js';

/** Options of `sealroot headers fetch`. */
export interface FetchOptions extends HeaderOptions {
  start?: string | undefined;
  to?: number | undefined;
  jobs: number;
  retries: number;
  json?: true | undefined;
}

/** Options of `sealroot headers verify`. */
export interface VerifyHeadersOptions extends HeaderOptions {
  start?: string | undefined;
  /** Heights to compare with the sources. */
  height: string[];
  json?: true | undefined;
}

/** Makes or continues a header pack. */
export async function fetchPack(context: Context, path: string, options: FetchOptions): Promise<void> {
  const start = readStart(options.start);
  const [first, ...others] = await openHeaderSources(context, options);
  if (first === undefined)
    throw new CliError(
      'usage',
      'Fetching headers: expected a source (--bitcoin-rpc, SEALROOT_BITCOIN_RPC, --esplora or --headers), got none',
    );
  const sources = new AgreeingSources(context, [first, ...others], options);
  const result = await fetchHeaders(context, sources, { path, start, to: options.to, network: options.network });
  if (options.json) return context.terminal.json({ pack: path, ...result });
  const { added, endHeight, network, startHeight, tipHash } = result;
  context.terminal.print(
    `${visible(path)}: blocks ${startHeight} to ${endHeight} of ${network}, ${added} new; newest ${tipHash}`,
  );
}

/** Checks a header pack, and compares it with sources if there are any. Returns the exit code. */
export async function verifyPack(context: Context, path: string, options: VerifyHeadersOptions): Promise<number> {
  const start = readStart(options.start);
  const heights = options.height.map(readHeight);
  const sources = await openHeaderSources(context, options);
  if (heights.length > 0 && sources.length === 0)
    throw new CliError(
      'usage',
      'Comparing a height: expected a source (--bitcoin-rpc, --esplora or --headers), got none',
    );
  const found = await readWholePack(path);
  const { pack } = found;
  if (options.network !== undefined && pack.network.name !== options.network)
    throw new CliError(
      'bad-data',
      `Reading ${path}: expected headers of ${options.network}, got those of ${pack.network.name}`,
    );
  checkStart({ path, start }, pack.startHeight, parseBlockHeader(pack.header(pack.startHeight)!).hash);
  const end = pack.startHeight + pack.count - 1;
  const wanted = heights.length === 0 ? [end] : heights;
  for (const height of wanted) {
    if (pack.header(height) === undefined)
      throw new CliError('usage', `Comparing block ${height}: expected one from ${pack.startHeight} to ${end}`);
  }
  const comparisons = await Promise.all(
    sources.flatMap((source) => wanted.map((height) => compare(source, pack, height))),
  );
  const differs = comparisons.some(({ outcome }) => outcome === 'differs');
  const silent = comparisons.some(({ outcome }) => outcome === 'unavailable');
  const exitCode = differs ? EXIT.mismatch : silent ? EXIT.unavailable : EXIT.ok;
  const facts = factsOf(path, found);
  if (options.json) {
    context.terminal.json({ ...facts, startPinned: start !== undefined, comparisons, exitCode });
    return exitCode;
  }
  context.terminal.print(
    context.terminal.paint(
      'good',
      `VALID: ${pack.count} headers link up and show their work, blocks ${pack.startHeight} to ${end} of ${pack.network.name}`,
    ),
  );
  printFacts(context, facts, start !== undefined);
  for (const { message, outcome } of comparisons) {
    const style = outcome === 'same' ? 'good' : outcome === 'differs' ? 'bad' : 'wait';
    context.terminal.print(context.terminal.paint(style, visible(message)));
  }
  return exitCode;
}

/** Says what is in a header pack, which is checked on the way. */
export async function showPack(context: Context, path: string, options: { json?: true | undefined }): Promise<void> {
  const facts = factsOf(path, await readWholePack(path));
  if (options.json) context.terminal.json(facts);
  else printFacts(context, facts, false);
}

interface PackFacts {
  pack: string;
  network: NetworkName;
  startHeight: number;
  endHeight: number;
  count: number;
  startHash: string;
  tipHash: string;
  /** Whether the first header is the network's block 0. */
  fromGenesis: boolean;
  startTime: string;
  tipTime: string;
  bytes: number;
  /** Expected number of hashes, decimal. */
  work: string;
  /** Whether the targets follow from the headers by the network's rules. */
  targetsChecked: boolean;
}

function factsOf(path: string, { pack, wholeBytes }: PackOnDisk): PackFacts {
  const { count, network, startHeight } = pack;
  const endHeight = startHeight + count - 1;
  const [first, last] = [startHeight, endHeight].map((height) => parseBlockHeader(pack.header(height)!)) as [
    ReturnType<typeof parseBlockHeader>,
    ReturnType<typeof parseBlockHeader>,
  ];
  return {
    pack: path,
    network: network.name,
    startHeight,
    endHeight,
    count,
    startHash: displayHash(first.hash),
    tipHash: displayHash(last.hash),
    fromGenesis: startHeight === 0,
    startTime: formatTime(first.time * 1000),
    tipTime: formatTime(last.time * 1000),
    bytes: wholeBytes,
    work: pack.work.toString(),
    targetsChecked: network.strictTargets,
  };
}

function printFacts({ terminal }: Context, facts: PackFacts, pinned: boolean): void {
  const origin = facts.fromGenesis
    ? `block 0 of ${facts.network}`
    : pinned
      ? 'as pinned with --start'
      : 'NOT block 0: as good as whoever supplied it, unless compared (--start)';
  terminal.print(`network   ${facts.network}`);
  terminal.print(`start     block ${facts.startHeight}  ${facts.startHash}  ${facts.startTime}  (${origin})`);
  terminal.print(`end       block ${facts.endHeight}  ${facts.tipHash}  ${facts.tipTime}`);
  terminal.print(`headers   ${facts.count}, ${facts.bytes} bytes with the head`);
  terminal.print(
    `work      ${facts.work} hashes expected, 2^${(facts.work.length < 2 ? 0 : log2(BigInt(facts.work))).toFixed(1)}`,
  );
  const targets = facts.targetsChecked
    ? 'follow the rules of the network'
    : 'not checked: the network has exceptions to its rules';
  terminal.print(`targets   ${targets}`);
}

function log2(value: bigint): number {
  const hex = value.toString(16);
  return Math.log2(Number.parseInt(hex.slice(0, 12), 16)) + 4 * Math.max(0, hex.length - 12);
}

interface Comparison {
  source: string;
  height: number;
  outcome: 'same' | 'differs' | 'unavailable';
  message: string;
}

async function compare(source: BlockSource, pack: HeaderPack, height: number): Promise<Comparison> {
  const answer = (outcome: Comparison['outcome'], message: string) => ({
    source: source.name,
    height,
    outcome,
    message,
  });
  try {
    const shown = await source.header(height);
    const hash = displayHash(parseBlockHeader(shown).hash);
    if (equalHashes(shown, pack.header(height)!))
      return answer('same', `${source.name} shows the same block ${height}`);
    return answer('differs', `DIFFERS: ${source.name} shows ${hash} as block ${height}`);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return answer('unavailable', `NOT COMPARED: block ${height}: ${reasonOf(error)}`);
  }
}

/** `HEIGHT:HASH`, or 0 alone. Throws CliError `usage`. */
function readStart(text: string | undefined): PinnedStart | undefined {
  if (text === undefined) return undefined;
  const match = /^(0|[1-9][0-9]{0,9})(?::([0-9a-f]{64}))?$/.exec(text);
  if (match === null || (match[2] === undefined && match[1] !== '0'))
    throw new CliError(
      'usage',
      `Reading --start: expected HEIGHT:HASH, the hash as explorers show it, got ${JSON.stringify(text)}`,
    );
  return { height: Number(match[1]), hash: match[2] === undefined ? undefined : parseDisplayHash(match[2]) };
}

function readHeight(text: string): number {
  if (/^(0|[1-9][0-9]{0,9})$/.test(text)) return Number(text);
  throw new CliError('usage', `Reading --height: expected a whole number, got ${JSON.stringify(text)}`);
}
