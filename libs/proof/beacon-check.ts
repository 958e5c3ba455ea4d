import { displayHash } from '#bitcoin/block-hash.js';
import { chainName, knownChain } from '#evm/chain.js';
import { formatTime } from '#statement/time.js';
import type { AskBlock } from './block-answers.js';
import type { AskEvmBlock } from './evm-answers.js';
import type { Check, CheckStatus } from './verdict.js';

/** A time before which a batch cannot have been closed, since its entry names a block of that time. */
export interface BeaconBound {
  /** The block's own time (RFC 3339). */
  time: string;
  /** Chain as the batch entry names it. */
  chain: string;
  height: number;
  /** Block hash as explorers show it. */
  hash: string;
  /** Names of the sources that showed the block. */
  sources: string;
  /** Whether the chain proves nothing outside a test. */
  test: boolean;
}

/** A beacon check, with the bound when it passed. */
export interface BeaconCheck {
  check: Check;
  bound?: BeaconBound;
}

/** What one source shows at the beacon's height. */
interface Shown {
  source: string;
  /** As the chain writes it, hex. */
  hash: string;
  timeMs: number;
}

/** What the sources answered, and why some did not. */
interface Answers {
  shown: Shown[];
  problems: string[];
}

/** How the chains are asked. */
export interface BeaconAsks {
  askBlock: AskBlock;
  askEvmBlock: AskEvmBlock;
}

/** How beacons name EVM chains: by their id. */
const EVM_CHAIN = /^evm-([1-9][0-9]{0,15})$/;

/** Name of Bitcoin's main chain in beacons; the others are `bitcoin-regtest` and the like. */
const BITCOIN = 'bitcoin';

/** Checks the not-before bound of a batch entry: the block it names must be in its chain. A block that a reorganisation has
 * removed fails the check, and the bound is void; nothing else depends on it. */
export async function checkBeacon(beacon: string | null, asks: BeaconAsks): Promise<BeaconCheck> {
  if (beacon === null)
    return result('not-applicable', 'The batch names no block, so nothing shows that it is not older.');
  const [chain, heightText, hash] = beacon.split(' ') as [string, string, string];
  const height = Number(heightText);
  const data = { chain, height, hash };
  const byHand = `to check by hand, compare the hash of block ${height} of ${chain}, which must be ${hash}`;
  const found = await ask(chain, height, asks);
  if (found === null)
    return result(
      'unavailable',
      `The batch names a block of ${chain}, a chain that nothing here can check; ${byHand}.`,
      {
        reason: 'unknown-chain',
        ...data,
      },
    );
  const { shown, problems } = found;
  const aside = problems.length === 0 ? '' : ` Not heard: ${problems.join('; ')}.`;
  const same = shown.filter((answer) => answer.hash === hash);
  const names = (list: readonly Shown[]) => list.map(({ source }) => source).join(', ');
  const [first] = same;
  if (first !== undefined && same.length < shown.length) {
    const other = names(shown.filter((answer) => answer.hash !== hash));
    const message = `The sources contradict each other: ${names(same)} shows the block that the batch names, ${other} another; ${byHand}.${aside}`;
    return result('unavailable', message, { reason: 'sources-disagree', ...data });
  }
  if (first !== undefined) {
    const time = formatTime(first.timeMs);
    // The hash of a block of an EVM chain does not show its time here: that is each source's word.
    if (same.some(({ timeMs }) => timeMs !== first.timeMs)) {
      const times = same.map(({ source, timeMs }) => `${source} ${formatTime(timeMs)}`).join(', ');
      const message = `The sources contradict each other about the time of block ${height} of ${chain}, which the batch names: ${times}.${aside}`;
      return result('unavailable', message, { reason: 'sources-disagree', ...data });
    }
    const message = `The batch was closed no earlier than ${time}: it names block ${height} of ${chain} (${hash}, shown by ${names(same)}).${aside}${warning(chain)}`;
    const { check } = result('passed', message, { ...data, time, source: names(same) });
    return { check, bound: { time, ...data, sources: names(same), test: isTestChain(chain) } };
  }
  const [wrong] = shown;
  if (wrong !== undefined) {
    const message = `The block that the batch names is not in the chain: block ${height} of ${chain} is ${wrong.hash} (${names(shown)}), the batch says ${hash}. It may have been lost in a reorganisation; the batch has no earliest time.${aside}`;
    return result('failed', message, { reason: 'other-block', ...data, got: wrong.hash, source: names(shown) });
  }
  const why = problems.length === 0 ? 'no source was given' : problems.join('; ');
  const message = `The batch names block ${height} of ${chain}, which was not checked (${why}); ${byHand}.`;
  return result('unavailable', message, { reason: problems.length === 0 ? 'no-source' : 'no-answer', ...data });
}

/** What the sources show at that height; null when the chain is of no kind that is known here. */
async function ask(chain: string, height: number, { askBlock, askEvmBlock }: BeaconAsks): Promise<Answers | null> {
  if (chain === BITCOIN || chain.startsWith(`${BITCOIN}-`)) return askBitcoin(askBlock, chain, height);
  const id = EVM_CHAIN.exec(chain)?.[1];
  if (id === undefined) return null;
  // A known chain's id is anybody's to use; its block 0 is not.
  const answers = await askEvmBlock(Number(id), knownChain(Number(id))?.genesis ?? null, height);
  return {
    shown: answers.flatMap((answer) => (answer.kind === 'block' ? [answer] : [])),
    problems: answers.flatMap((answer) =>
      answer.kind === 'block' ? [] : [`${answer.source}${answer.kind === 'problem' ? ':' : ''} ${answer.problem}`],
    ),
  };
}

async function askBitcoin(askBlock: AskBlock, chain: string, height: number): Promise<Answers> {
  const shown: Shown[] = [];
  const problems: string[] = [];
  for (const answer of await askBlock(height)) {
    if (answer.kind === 'problem') problems.push(`${answer.source}: ${answer.problem}`);
    else if (beaconChain(answer.network) !== chain) problems.push(`${answer.source} is on ${answer.network}`);
    else
      shown.push({ source: answer.source, hash: displayHash(answer.header.hash), timeMs: answer.header.time * 1000 });
  }
  return { shown, problems };
}

/** Whether a chain, as beacons name it, is one for tests. */
function isTestChain(chain: string): boolean {
  const id = EVM_CHAIN.exec(chain)?.[1];
  return id === undefined ? chain !== BITCOIN : knownChain(Number(id))?.test === true;
}

/** What has to be said of a chain whose times are made by whoever runs it. */
function warning(chain: string): string {
  const id = Number(EVM_CHAIN.exec(chain)?.[1]);
  if (isTestChain(chain)) {
    return ` Attention: ${Number.isNaN(id) ? chain : chainName(id, knownChain(id)?.genesis ?? null)} is a chain for tests, so this proves nothing outside a test.`;
  }
  if (Number.isNaN(id) || knownChain(id) !== undefined) return '';
  return ` Attention: chain ${id} is not known here; what it proves depends on who runs it.`;
}

/** How beacons name an EVM chain. */
export const evmBeaconChain = (chainId: number): string => `evm-${chainId}`;

/** How beacons name a Bitcoin network. */
export function beaconChain(network: string): string {
  return network === 'mainnet' ? BITCOIN : `${BITCOIN}-${network}`;
}

function result(status: CheckStatus, message: string, data?: Record<string, string | number>): BeaconCheck {
  return { check: { code: 'beacon', status, message, ...(data === undefined ? {} : { data }) } };
}
