import { bytesToHex } from '@noble/hashes/utils.js';
import type { Anchor, AnchoredCheckpoint, Json, Spent, Submission } from '../anchor.js';
import { AnchorError } from '../error.js';
import { NodeFault } from '../json-rpc.js';
import { type ChainWords, payingDetail } from './detail.js';
import { next, type Rules } from './next.js';
import { type Act, isRest, type Observed, type Task } from './observed.js';
import { type Progress, spentOn, stateOf, type Version } from './progress.js';

const ROOT_BYTES = 32;

/** A submission as it was stored. */
export interface Stored<T extends Version> {
  readonly progress: Progress<T>;
  readonly attestation: Uint8Array | null;
}

/** What a task adds to what is known. */
export type Learned<T extends Version> = Partial<Omit<Observed<T>, 'block'>>;

/** A node of the chain, ready to be asked. Its methods throw {@link NodeFault}, after which another node may be asked. */
export interface PayingNode<T extends Version> {
  /** Whether the chain holds one of the versions. */
  observe(stored: Stored<T>): Promise<Observed<T>>;
  perform(task: Task<T>, stored: Stored<T>): Promise<Learned<T>>;
  /** Runs work while nobody else uses the claims of the same account. */
  alone<R>(work: () => Promise<R>): Promise<R>;
  /** What to tell a person about a fault. */
  explain(fault: NodeFault): string;
}

/** The nodes of a chain, as they are now. */
export interface Reached<T extends Version> {
  /** Best first. */
  readonly nodes: readonly PayingNode<T>[];
  /** What is wrong with the others: ends of a sentence. */
  readonly problems: readonly string[];
  readonly words: ChainWords;
}

/** A chain to whose blocks roots are taken in transactions of one's own. */
export interface PayingChain<T extends Version> extends Pick<Anchor, 'name' | 'oneAtATime'> {
  /** What tells it from the chains of the same kind. */
  readonly id: string;
  readonly mostSpent: Spent;
  readonly rules: Rules<T>;
  readonly pollSeconds: number;
  readonly now: () => Date;
  readonly readProgress: (value: Json) => Progress<T>;
  /** Asks all nodes how they are. Never throws for what a node does. */
  reach(): Promise<Reached<T>>;
}

/** What an attempt came to. With a `fault` it broke off, and knows what it had learned until then. */
interface Outcome<T extends Version> extends Stored<T> {
  readonly act: Act<T>;
  readonly remarks: readonly string[];
  readonly fault: NodeFault | null;
}

/** The anchor that takes roots to this chain. */
export function createPayingAnchor<T extends Version>(chain: PayingChain<T>): Anchor {
  const { name, id, mostSpent, oneAtATime, rules, pollSeconds, now } = chain;

  async function submit({ root }: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission> {
    if (root.length !== ROOT_BYTES)
      throw new AnchorError('bad-root', `Submitting: expected a root of ${ROOT_BYTES} bytes, got ${root.length}`);
    const progress = earlier ? chain.readProgress(earlier.progress) : started(root);
    if (progress.root !== bytesToHex(root))
      throw new AnchorError('bad-submission', `Submitting: expected an earlier submission of this root, got another's`);
    if (earlier && earlier.state !== 'unsubmitted') return earlier;
    return advance({ progress, attestation: null });
  }

  async function confirm({ progress, attestation }: Submission): Promise<Submission> {
    return advance({ progress: chain.readProgress(progress), attestation });
  }

  /** One attempt, with the first node that is of use. */
  async function advance(stored: Stored<T>): Promise<Submission> {
    const { nodes, problems, words } = await chain.reach();
    const notes = [...problems];
    if (stored.progress.chain !== id) {
      const made = `it was made for chain ${stored.progress.chain}, the settings of ${name} are about chain ${id}`;
      return result(stored, [made, ...notes], words, false);
    }
    let known = stored;
    for (const node of nodes) {
      const { act, remarks, fault, ...learned } = await attempt(node, stored);
      if (fault === null) {
        const reasons = act.kind === 'wait' && act.reason !== null ? [act.reason] : [];
        return result(learned, [...reasons, ...remarks, ...notes], words, act.kind === 'store');
      }
      notes.push(node.explain(fault));
      // The next node starts from what is stored, too: it may know better.
      if (fault.code !== 'untrue') known = learned;
    }
    return result(known, notes, words, false);
  }

  async function attempt(node: PayingNode<T>, stored: Stored<T>): Promise<Outcome<T>> {
    let known: Observed<T> | null = null;
    let step: ReturnType<typeof next<T>> = { progress: stored.progress, act: { kind: 'wait', reason: null } };
    let fault: NodeFault | null = null;
    try {
      known = await node.observe(stored);
      step = next(stored.progress, known, rules);
      if (!isRest(step.act)) await node.alone(perform);
    } catch (error) {
      if (!(error instanceof NodeFault)) throw error;
      fault = error;
    }
    const attestation = known?.block.kind === 'found' ? known.block.mined.attestation : stored.attestation;
    return {
      ...step,
      attestation: step.progress.block === null ? null : attestation,
      remarks: known?.remarks ?? [],
      fault,
    };

    async function perform(): Promise<void> {
      while (known !== null && !isRest(step.act)) {
        const learned = await node.perform(step.act, stored);
        known = { ...known, ...learned, remarks: [...known.remarks, ...(learned.remarks ?? [])] };
        step = next(stored.progress, known, rules);
      }
    }
  }

  function result(known: Stored<T>, notes: readonly string[], words: ChainWords, isHasty: boolean): Submission {
    const { progress, attestation } = known;
    const retryAfterSeconds = isHasty ? 0 : pollSeconds;
    const nextTry = new Date(now().getTime() + retryAfterSeconds * 1000);
    const detail = payingDetail(progress, words, [...new Set(notes)], nextTry);
    const spent = spentOn(progress, mostSpent.unit);
    return { state: stateOf(progress), attestation, detail, retryAfterSeconds, progress: { ...progress }, spent };
  }

  function started(root: Uint8Array): Progress<T> {
    return {
      version: 1,
      chain: id,
      root: bytesToHex(root),
      startedAt: now().toISOString(),
      transactions: [],
      round: 0,
      block: null,
      usedSince: null,
    };
  }

  return { name, oneAtATime, mostSpent, submit, confirm };
}
