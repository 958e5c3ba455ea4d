import { bytesToHex } from '@noble/hashes/utils.js';
import type { Anchor, AnchoredCheckpoint, Submission, SubmissionState } from '../anchor.js';
import { AnchorError } from '../error.js';
import { createAccount } from './account.js';
import type { Attempt, EvmChainAccount } from './attempt.js';
import { type ChainSettings, readChainState } from './chain-state.js';
import { evmDetail } from './detail.js';
import { createEvmRpcs } from './evm-rpc.js';
import { gweiToWei, RECKONED_GAS } from './fee.js';
import { lookForBlock } from './holding-block.js';
import { Obstacle, problemOf } from './obstacle.js';
import { type EvmProgress, parseProgress, spentOn } from './progress.js';
import { lookAfterTransactions } from './sending.js';

const ROOT_BYTES = 32;

/** Runs `work` while nobody else, in any process, runs work under the same name. */
export type Exclusively = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** How the adapter is set up. Hex with `0x`, lower case. */
export interface EvmSettings extends ChainSettings {
  /** Name of the anchor: `evm:<chain>`. */
  name: string;
  /** JSON-RPC addresses of nodes, the preferred one first. */
  rpcUrls: readonly string[];
  /** Who gets the transactions; the account itself unless given. */
  to?: string | undefined;
  /** Most that a unit of gas may cost. */
  maxFeeGwei: number;
  /** How often a submission is looked at. */
  pollSeconds: number;
  /** Key of the account that pays, 64 hex digits. */
  privateKey: string;
  /** Time for one call. */
  timeoutMs: number;
  fetch: typeof fetch;
  now: () => Date;
  exclusively: Exclusively;
}

/** The anchor that puts roots into an EVM chain, with transactions of an account of one's own. A transaction is sent only by a call that finds it
 * in the submission it was given: whatever dies in between, no transaction is out there that is not stored.
 * @throws AnchorError `bad-settings` */
export function createEvmAnchor(settings: EvmSettings): Anchor {
  const { name, pollSeconds, now, exclusively, chainId } = settings;
  const rpcs = createEvmRpcs(settings.rpcUrls, settings);
  const account = createAccount(settings.privateKey);
  const to = (settings.to ?? account.address).toLowerCase();
  if (rpcs.length === 0 || settings.maxFeeGwei < 0 || !isAddress(to))
    throw new AnchorError(
      'bad-settings',
      `Anchor ${name}: expected a node, no negative fee and an address as receiver`,
    );
  const mostPerGas = gweiToWei(settings.maxFeeGwei);
  const mostWei = mostPerGas * RECKONED_GAS;
  const chain: EvmChainAccount = { ...chainOf(settings), account, to, mostPerGas, mostWei, now, promised: null };
  const lockName = `${chainId}:${account.address}`;

  async function submit({ root }: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission> {
    if (root.length !== ROOT_BYTES)
      throw new AnchorError('bad-root', `Submitting: expected a root of ${ROOT_BYTES} bytes, got ${root.length}`);
    const progress = earlier ? parseProgress(earlier.progress) : freshProgress(root);
    if (progress.root !== `0x${bytesToHex(root)}`)
      throw new AnchorError('bad-submission', `Submitting: expected an earlier submission of this root, got another's`);
    if (earlier && earlier.state !== 'unsubmitted') return earlier;
    return advance(progress, null);
  }

  async function confirm(submission: Submission): Promise<Submission> {
    return advance(parseProgress(submission.progress), submission.attestation);
  }

  /** One attempt, with the first node that is of use. */
  async function advance(progress: EvmProgress, attestation: Uint8Array | null): Promise<Submission> {
    const before = { progress, attestation, obstacle: null, goOn: false };
    if (progress.chainId !== chainId) {
      const obstacle = `it was made for chain ${progress.chainId}, the settings of ${name} are about chain ${chainId}`;
      return result({ ...before, obstacle }, new Map());
    }
    const state = await readChainState(rpcs, chain);
    const problems = new Map(state.problems);
    for (const node of state.ready) {
      const others = state.ready.filter((other) => other !== node);
      const attempt: Attempt = { ...before, chain, node, others, problems };
      try {
        await withNode(attempt);
        return result(attempt, problems);
      } catch (error) {
        // What this attempt has learned is left behind: the next node may know better.
        const problem = problemOf(error);
        if (problem === null) throw error;
        problems.set(node.rpc.name, problem);
      }
    }
    return result(before, problems);
  }

  async function withNode(attempt: Attempt): Promise<void> {
    try {
      if (await lookForBlock(attempt)) return;
      await exclusively(lockName, () => lookAfterTransactions(attempt));
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error;
      attempt.obstacle = error.message;
    }
  }

  function freshProgress(root: Uint8Array): EvmProgress {
    return {
      version: 1,
      chainId,
      root: `0x${bytesToHex(root)}`,
      startedAt: now().toISOString(),
      transactions: [],
      round: 0,
      block: null,
      nonceGoneAt: null,
    };
  }

  function result(
    { progress, attestation, obstacle, goOn }: Pick<Attempt, 'progress' | 'attestation' | 'obstacle' | 'goOn'>,
    problems: ReadonlyMap<string, string>,
  ): Submission {
    const state = stateOf(progress);
    const retryAfterSeconds = goOn ? 0 : pollSeconds;
    const nextTry = new Date(now().getTime() + retryAfterSeconds * 1000);
    const detail = evmDetail(progress, { obstacle, problems, nextTry, genesis: chain.genesis });
    return { state, attestation, detail, retryAfterSeconds, progress, spent: spentOn(progress) };
  }

  return { name, oneAtATime: true, mostSpent: { amount: mostWei.toString(), unit: 'wei' }, submit, confirm };
}

function stateOf({ block, transactions }: EvmProgress): SubmissionState {
  if (block !== null) return block.final ? 'final' : 'confirmed';
  return transactions.some(({ accepted }) => accepted) ? 'pending' : 'unsubmitted';
}

function chainOf({ chainId, genesis, blockTimeUnit, finality }: EvmSettings): ChainSettings {
  return { chainId, genesis: genesis.toLowerCase(), blockTimeUnit, finality };
}

const isAddress = (text: string): text is `0x${string}` => /^0x[0-9a-f]{40}$/.test(text);
