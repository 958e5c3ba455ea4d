import { displayHash, parseDisplayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { NetworkName } from '#bitcoin/network.js';
import type { Answer } from '#source/answer.js';
import { asking } from '#source/ask.js';
import { formatTime } from '#statement/time.js';
import type { Saying } from '#words/anchors/anchor-telling.js';
import { sayBlock, sayChain } from '#words/chain-words.js';
import { commandLineWords } from '#words/command-line.js';
import type { Outcome } from '#proof/finding.js';
import { sayCompared } from '#words/pack-words.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type HeaderOptions, openHeaderSources } from '../header-sources.js';
import { HeaderFeed } from '../headers/header-feed.js';
import { checkStart, fetchHeaders, type PinnedStart } from '../headers/fetch-headers.js';
import { type PackOnDisk, readWholePack } from '../headers/pack-file.js';
import { languageFor, type LanguageOption, sayingIn } from '../language.js';
import { printFinding, printRows } from '../print.js';
import { visible } from '../terminal.js';

/** Options of `sealroot headers fetch`. */
export interface FetchOptions extends HeaderOptions, LanguageOption {
  start?: string | undefined;
  to?: number | undefined;
  jobs: number;
  retries: number;
  json?: true | undefined;
}

/** Options of `sealroot headers verify`. */
export interface VerifyHeadersOptions extends HeaderOptions, LanguageOption {
  start?: string | undefined;
  /** Heights to compare with the sources. */
  height: string[];
  json?: true | undefined;
}

/** Makes or continues a header pack. */
export async function fetchPack(context: Context, path: string, options: FetchOptions): Promise<void> {
  const start = readStart(options.start);
  const language = languageFor(context, options);
  const [first, ...others] = await openHeaderSources(context, options);
  if (first === undefined)
    throw new CliError(
      'usage',
      'Fetching headers: expected a source (--bitcoin-rpc, SEALROOT_BITCOIN_RPC, --esplora or --headers), got none',
    );
  const feed = new HeaderFeed(context, [first, ...others], { ...options, language });
  const result = await fetchHeaders(context, feed, { path, start, to: options.to, language });
  if (options.json) return context.terminal.json({ pack: path, ...result });
  const { format } = sayingIn(language);
  const { network, tipHash: newest } = result;
  const [from, to, added] = [result.startHeight, result.endHeight, result.added].map((number) =>
    format.number(number),
  ) as NumberTexts;
  const blocks = { from, to, added, newest, chain: sayChain({ kind: 'bitcoin', network }, language) };
  context.terminal.print(visible(commandLineWords(language).packs.fetched(path, blocks)));
}

type NumberTexts = [string, string, string];

/** Checks a header pack, and compares it with sources if there are any. Returns the exit code. */
export async function verifyPack(context: Context, path: string, options: VerifyHeadersOptions): Promise<number> {
  const { terminal } = context;
  const start = readStart(options.start);
  const heights = options.height.map(readHeight);
  const language = languageFor(context, options);
  const saying = sayingIn(language);
  const sources = await openHeaderSources(context, options);
  if (heights.length > 0 && sources.length === 0)
    throw new CliError(
      'usage',
      'Comparing a height: expected a source (--bitcoin-rpc, --esplora or --headers), got none',
    );
  const found = await readWholePack(path);
  const { pack } = found;
  const network = pack.network.name;
  if (options.network !== undefined && network !== options.network)
    throw new CliError('bad-data', `Reading ${path}: expected headers of ${options.network}, got those of ${network}`);
  const facts = { ...factsOf(path, found), startPinned: start !== undefined };
  checkStart({ path, start }, pack.startHeight, parseBlockHeader(pack.header(pack.startHeight)!).hash);
  const wanted = sources.length === 0 ? [] : heights.length === 0 ? [facts.endHeight] : heights;
  const ask = asking({ bitcoin: sources, evm: [] });
  const comparisons = await Promise.all(
    wanted.map(async (height) => {
      const header = pack.header(height);
      if (header === undefined)
        throw new CliError(
          'usage',
          `Comparing block ${height}: expected one from ${facts.startHeight} to ${facts.endHeight}`,
        );
      const expected = { hash: displayHash(parseBlockHeader(header).hash) };
      const answer = await ask({ chain: 'bitcoin', height, network, expected });
      return { height, ...answer, sentence: sayCompared({ height, network }, answer, saying) };
    }),
  );
  const outcomes = comparisons.map(({ outcome }) => outcomeOf(outcome));
  const exitCode = outcomes.includes('failed')
    ? EXIT.mismatch
    : outcomes.includes('unavailable')
      ? EXIT.unavailable
      : EXIT.ok;
  if (options.json) {
    terminal.json({ ...facts, comparisons, exitCode });
    return exitCode;
  }
  const [headers, from, to] = [facts.count, facts.startHeight, facts.endHeight].map((number) =>
    saying.format.number(number),
  ) as NumberTexts;
  const chain = sayChain({ kind: 'bitcoin', network }, language);
  const sentence = commandLineWords(language).packs.valid(headers, from, to, chain);
  printFinding(terminal, { outcome: 'passed', state: language.outcomes.passed, sentence }, language);
  printRows(terminal, rowsOf(facts, saying));
  for (const { outcome: answered, sentence: said, silent } of comparisons) {
    const outcome = outcomeOf(answered);
    const details = silent.map(({ detail, source }) => `${source}: ${detail}`);
    printFinding(terminal, { outcome, state: language.outcomes[outcome], sentence: said, details }, language);
  }
  return exitCode;
}

/** What an answer of the sources comes to for the file. */
function outcomeOf(answered: Answer['outcome']): Outcome {
  if (answered === 'shown') return 'passed';
  return answered === 'another' ? 'failed' : 'unavailable';
}

/** Options of `sealroot headers info`. */
export interface ShowPackOptions extends LanguageOption {
  json?: true | undefined;
}

/** Says what is in a header pack, which is checked on the way. */
export async function showPack(context: Context, path: string, options: ShowPackOptions): Promise<void> {
  const facts = factsOf(path, await readWholePack(path));
  if (options.json) context.terminal.json(facts);
  else printRows(context.terminal, rowsOf({ ...facts, startPinned: false }, sayingIn(languageFor(context, options))));
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

/** What the file holds, in rows. */
function rowsOf(facts: PackFacts & { startPinned: boolean }, { language, format }: Saying): [string, string[]][] {
  const { origin, rows, size, targets, work } = commandLineWords(language).packs;
  const { network } = facts;
  const first = facts.fromGenesis ? origin.genesis : facts.startPinned ? origin.pinned : origin.unknown;
  const block = (height: number, hash: string, time: string) => [
    `${sayBlock({ kind: 'bitcoin', network }, height, language, format)}${language.joints.items}${format.date(time)}`,
    hash,
  ];
  return [
    [rows.network, [network]],
    [rows.start, [...block(facts.startHeight, facts.startHash, facts.startTime), first]],
    [rows.end, block(facts.endHeight, facts.tipHash, facts.tipTime)],
    [rows.headers, [size(format.number(facts.count), format.bytes(facts.bytes))]],
    [rows.work, [work(facts.work, log2(BigInt(facts.work)).toFixed(1))]],
    [rows.targets, [facts.targetsChecked ? targets.checked : targets.unchecked]],
  ];
}

function log2(value: bigint): number {
  const hex = value.toString(16);
  return Math.log2(Number.parseInt(hex.slice(0, 12), 16)) + 4 * Math.max(0, hex.length - 12);
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
