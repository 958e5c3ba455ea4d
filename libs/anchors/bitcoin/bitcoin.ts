import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { NetworkName } from '#bitcoin/network.js';
import { parseTransaction } from '#bitcoin/transaction.js';
import type { Anchor, AnchoredCheckpoint, Spent, Submission, SubmissionState } from '../anchor.js';
import { AnchorError } from '../error.js';
import {
  chooseCoins,
  type FreshTransaction,
  makeTransaction,
  outpoint,
  outpointsOf,
  raiseFee,
} from './anchor-transaction.js';
import { attestBlock, depthOf, findBlock } from './block-attestation.js';
import { areSpent, broadcast, findRival, isAboutFee, isInMempool } from './broadcast.js';
import { createCoreRpc, NodeError } from './core-rpc.js';
import { bitcoinDetail } from './detail.js';
import { MAX_VERSIONS, readFeeRates } from './fee.js';
import { type NodeState, Obstacle, obstacleOf, readNodeState } from './node-state.js';
import { type BitcoinProgress, parseProgress, type SentTransaction } from './progress.js';
import { checkWallet } from './wallet-state.js';

const ROOT_BYTES = 32;

/** A coin stays promised to a transaction for this time; the submission is stored and sent within seconds, and the node knows by itself
 * from then on. */
const PROMISE_MS = 600_000;

/** How the adapter is set up. */
export interface BitcoinSettings {
  /** Bitcoin Core's RPC, `user:password@` in it unless `fetch` brings the authorization. */
  url: string;
  /** Wallet that pays; without it the only one that the node has loaded. */
  wallet?: string | undefined;
  /** The only network that the node may be on; any without it. */
  network?: NetworkName | undefined;
  /** Most that the transaction of one root may cost, in satoshis, however often its fee is raised. */
  maxFeeSats: number;
  /** Blocks within which a transaction should confirm; after as many its fee is raised. */
  targetBlocks: number;
  /** Blocks, the holding one included, after which a submission is final. */
  finalBlocks: number;
  /** How often a submission that is not final is looked at. */
  pollSeconds: number;
  /** Time for one call. */
  timeoutMs: number;
  fetch: typeof fetch;
  now: () => Date;
}

/** One attempt: what was known, and what this attempt has learned so far. */
interface Attempt {
  progress: BitcoinProgress;
  attestation: Uint8Array | null;
  node: NodeState | null;
  obstacle: string | null;
  /** Whether there is more to do as soon as this has been stored. */
  goOn: boolean;
}

/** The anchor that puts roots into Bitcoin through a node of one's own. A transaction is sent only by a call that finds it in the
 * submission it was given: whatever dies in between, no transaction is out there that is not stored.
 * @throws AnchorError `bad-settings`; AddressError */
export function createBitcoinAnchor(settings: BitcoinSettings): Anchor {
  const { network, maxFeeSats, targetBlocks, finalBlocks, pollSeconds, now } = settings;
  if (finalBlocks < 1 || targetBlocks < 1 || maxFeeSats < 0)
    throw new AnchorError('bad-settings', 'Bitcoin anchor: expected at least 1 block, and no negative fee');
  const rpc = createCoreRpc(settings);
  /** Coins of transactions that may not have been sent yet, with the time until which they are kept. */
  const promised = new Map<string, number>();
  let signing: Promise<unknown> = Promise.resolve();

  async function submit({ root }: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission> {
    if (root.length !== ROOT_BYTES)
      throw new AnchorError('bad-root', `Submitting: expected a root of ${ROOT_BYTES} bytes, got ${root.length}`);
    const progress = earlier ? parseProgress(earlier.progress) : freshProgress(root);
    if (progress.root !== bytesToHex(root))
      throw new AnchorError('bad-submission', `Submitting: expected an earlier submission of this root, got another's`);
    if (earlier && earlier.state !== 'unsubmitted') return earlier;
    return advance(progress, null);
  }

  async function confirm(submission: Submission): Promise<Submission> {
    return advance(parseProgress(submission.progress), submission.attestation);
  }

  /** One attempt, as far as it gets. */
  async function advance(progress: BitcoinProgress, attestation: Uint8Array | null): Promise<Submission> {
    const attempt: Attempt = { progress, attestation, node: null, obstacle: null, goOn: false };
    try {
      attempt.node = await readNodeState(rpc, network);
      if (!(await lookForBlock(attempt, attempt.node))) await lookAfterTransactions(attempt, attempt.node);
    } catch (error) {
      if (error instanceof NodeError) attempt.obstacle = obstacleOf(error);
      else if (error instanceof Obstacle) attempt.obstacle = error.message;
      else throw error;
    }
    return result(attempt);
  }

  /** Whether the chain has one of the transactions. What it no longer has is forgotten here. */
  async function lookForBlock(attempt: Attempt, { height }: NodeState): Promise<boolean> {
    const { block } = attempt.progress;
    if (block !== null && attempt.attestation !== null) {
      const depth = await depthOf(rpc, block);
      if (depth > 0) {
        attempt.progress = { ...attempt.progress, block: { ...block, depth } };
        return true;
      }
    }
    attempt.progress = { ...attempt.progress, block: null };
    attempt.attestation = null;
    const { block: found, stray } = await findBlock(rpc, attempt.progress.transactions);
    if (stray !== null)
      attempt.obstacle = `the wallet sees transaction ${stray.txid} in block ${stray.height} ${stray.hash}, which the node's chain does not have`;
    if (found === null) {
      // It waits anew: its fee was high enough, and a replacement would take along what spends its change by now.
      const last = attempt.progress.transactions.at(-1);
      if (block !== null && last !== undefined) change(attempt, last.txid, { offeredHeight: height });
      return false;
    }
    const { raw } = attempt.progress.transactions.find(({ txid }) => txid === found.txid)!;
    change(attempt, found.txid, { accepted: true });
    const root = hexToBytes(attempt.progress.root);
    const { attestation, time } = await attestBlock(rpc, network, root, found, raw);
    const depth = await depthOf(rpc, found);
    if (depth === 0) throw new Obstacle(`block ${found.height} left the chain while it was looked at`);
    attempt.attestation = attestation;
    attempt.progress = {
      ...attempt.progress,
      block: { ...found, time: time.toISOString(), depth },
      inputsGoneAt: null,
    };
    return true;
  }

  /** Makes, sends, sends again, or replaces: one step, the next one after this one is stored. */
  async function lookAfterTransactions(attempt: Attempt, { height }: NodeState): Promise<void> {
    const { progress } = attempt;
    const current = progress.transactions.filter(({ round }) => round === progress.round);
    const last = current.at(-1);
    if (last === undefined) {
      add(attempt, await signOne(() => signFirst(hexToBytes(progress.root))));
      return;
    }
    const coins = outpointsOf(parseTransaction(hexToBytes(last.raw)));
    const own = current.map(({ txid }) => txid);
    const rival = await findRival(rpc, coins, own);
    if (rival !== null) {
      leaveCoins(attempt, current, rival);
      return;
    }
    const refusal = last.offeredAt === null ? await offer(attempt, last, height) : await keepAlive(attempt, current);
    if (refusal === null) attempt.progress = { ...attempt.progress, inputsGoneAt: null };
    else if (await areInputsGone(attempt, coins, height)) return;
    const waited = last.offeredHeight === null ? 0 : height - last.offeredHeight;
    const due = refusal === null ? waited >= targetBlocks : isAboutFee(refusal);
    if (!due) {
      if (refusal !== null) attempt.obstacle = `the node refuses the transaction: ${refusal}`;
      return;
    }
    const raised =
      current.length < MAX_VERSIONS
        ? await raiseFee(rpc, last, await readFeeRates(rpc, targetBlocks), maxFeeSats)
        : null;
    if (raised !== null) add(attempt, raised);
    else if (refusal === null)
      attempt.obstacle = `not raised further: BITCOIN_MAX_FEE_SATS (${maxFeeSats}), the change or the number of versions allows no more`;
    else
      attempt.obstacle = `the node refuses the transaction: ${refusal}; BITCOIN_MAX_FEE_SATS (${maxFeeSats}) or the change allows no higher fee`;
  }

  /** Sends a transaction for the first time. Null when the node took it, else its reason. */
  async function offer(attempt: Attempt, { txid, raw }: SentTransaction, height: number): Promise<string | null> {
    const refusal = await broadcast(rpc, { raw });
    change(attempt, txid, { offeredAt: now().toISOString(), offeredHeight: height, accepted: refusal === null });
    return refusal;
  }

  /** Sees to it that the node holds one of the versions, the newest that it takes. Null when it does, else why it refuses the newest. */
  async function keepAlive(attempt: Attempt, current: readonly SentTransaction[]): Promise<string | null> {
    for (const { txid } of current.toReversed()) if (await isInMempool(rpc, txid)) return null;
    let refusal: string | null = null;
    for (const version of current.toReversed()) {
      const reason = await broadcast(rpc, version);
      if (reason === null) {
        change(attempt, version.txid, { accepted: true });
        return null;
      }
      refusal ??= reason;
    }
    return refusal;
  }

  /** Leaves the coins to `rival`, which is in the memory pool and may be another checkpoint's transaction, or a payment of the operator's: to
   * outbid it would undo that. Versions that the node never took cannot be out there, so that other coins may be taken at once. */
  function leaveCoins(attempt: Attempt, current: readonly SentTransaction[], rival: string): void {
    if (current.some(({ accepted }) => accepted)) {
      attempt.obstacle = `a coin of the transaction is being spent by ${rival}, too, and only one of them will be mined`;
      return;
    }
    attempt.progress = { ...attempt.progress, round: attempt.progress.round + 1, inputsGoneAt: null };
    attempt.obstacle = `a coin of the transaction is being spent by ${rival}, another one is taken`;
  }

  /** Whether somebody else has spent an input. When that is as deep as our own transactions must be to be final, none of them can confirm
   * any more, and a new round with other coins begins. */
  async function areInputsGone(attempt: Attempt, coins: readonly string[], height: number): Promise<boolean> {
    const gone = await areSpent(rpc, coins);
    const since = gone ? (attempt.progress.inputsGoneAt ?? height) : null;
    attempt.progress = { ...attempt.progress, inputsGoneAt: since };
    if (since === null) return false;
    if (height - since < finalBlocks) {
      attempt.obstacle = `a coin of the transaction was spent elsewhere, another one is taken after ${finalBlocks} blocks`;
    } else {
      attempt.progress = { ...attempt.progress, round: attempt.progress.round + 1, inputsGoneAt: null };
      attempt.goOn = true;
    }
    return true;
  }

  async function signFirst(root: Uint8Array): Promise<FreshTransaction> {
    const until = now().getTime();
    // A promise longer than any that is made is one from before the clock was set back.
    for (const [coin, end] of promised) if (end <= until || end > until + PROMISE_MS) promised.delete(coin);
    await checkWallet(rpc);
    const coins = await chooseCoins(rpc, {
      maxFeeSats,
      safeConfirmations: finalBlocks,
      isTaken: (coin) => promised.has(outpoint(coin)),
    });
    const made = await makeTransaction(rpc, root, coins, await readFeeRates(rpc, targetBlocks), maxFeeSats);
    for (const coin of coins) promised.set(outpoint(coin), until + PROMISE_MS);
    return made;
  }

  /** One at a time, so that no two transactions choose the same coin. */
  function signOne(sign: () => Promise<FreshTransaction>): Promise<FreshTransaction> {
    const turn = signing.then(sign, sign);
    signing = turn.catch(() => undefined);
    return turn;
  }

  function add(attempt: Attempt, fresh: FreshTransaction): void {
    const { transactions, round } = attempt.progress;
    const unsent = { ...fresh, round, offeredAt: null, offeredHeight: null, accepted: false };
    attempt.progress = { ...attempt.progress, transactions: [...transactions, unsent] };
    attempt.goOn = true;
  }

  function change(attempt: Attempt, txid: string, what: Partial<SentTransaction>): void {
    const transactions = attempt.progress.transactions.map((one) => (one.txid === txid ? { ...one, ...what } : one));
    attempt.progress = { ...attempt.progress, transactions };
  }

  function freshProgress(root: Uint8Array): BitcoinProgress {
    const startedAt = now().toISOString();
    return {
      version: 1,
      root: bytesToHex(root),
      startedAt,
      transactions: [],
      round: 0,
      block: null,
      inputsGoneAt: null,
    };
  }

  function stateOf({ block, transactions }: BitcoinProgress): SubmissionState {
    if (block !== null) return block.depth >= finalBlocks ? 'final' : 'confirmed';
    return transactions.some(({ accepted }) => accepted) ? 'pending' : 'unsubmitted';
  }

  function result({ progress, attestation, node, obstacle, goOn }: Attempt): Submission {
    const state = stateOf(progress);
    const retryAfterSeconds = goOn ? 0 : pollSeconds;
    const nextTry = new Date(now().getTime() + retryAfterSeconds * 1000);
    const detail = bitcoinDetail(progress, { chain: node?.chain ?? null, finalBlocks, obstacle, nextTry });
    return { state, attestation, detail, retryAfterSeconds, progress, spent: spentOn(progress) };
  }

  return { name: 'bitcoin', mostSpent: { amount: String(maxFeeSats), unit: 'sats' }, submit, confirm };
}

/** What a submission costs: the fee of the version that is in the chain, else of the newest one that was sent. The versions before it, and
 * those of earlier rounds, spend coins that are gone otherwise, so they will never be paid. */
function spentOn({ transactions, block }: BitcoinProgress): Spent {
  const paid =
    transactions.find(({ txid }) => txid === block?.txid) ??
    transactions.findLast(({ offeredAt }) => offeredAt !== null);
  return { amount: String(paid?.feeSats ?? 0), unit: 'sats' };
}
