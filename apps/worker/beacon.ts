import type { Silence } from '#source/answer.js';
import { type Ask, asking } from '#source/ask.js';
import { chainLabel } from '#source/chain-label.js';
import { newestHeight } from '#source/newest.js';
import type { Question } from '#source/question.js';
import type { BeaconChain } from './beacon-chain.js';

/** Blocks below the newest one that are tried when the sources contradict each other: one of them may just see a reorganisation. */
const MAX_STEPS_BACK = 6;

/** What a look at the chain came to. */
export interface BeaconLook {
  /** `<chain> <height> <hash>` of the newest block that the sources show and none contradicts; null when there is none. */
  beacon: string | null;
  /** What was wrong, a sentence each; holds no secret. */
  problems: string[];
}

/** Looks for the newest block that may stand in a batch: on EVM chains one that is final by the chain's rule. Never rejects. */
export async function readBeacon(chain: BeaconChain): Promise<BeaconLook> {
  const said = new Map<string, string>();
  const note = (silent: readonly Silence[]) => {
    for (const { source, detail } of silent) if (!said.has(source)) said.set(source, `${source}: ${detail}`);
  };
  const none = (...why: string[]): BeaconLook => ({ beacon: null, problems: [...said.values(), ...why] });

  const ask = asking({
    bitcoin: chain.kind === 'bitcoin' ? chain.sources : [],
    evm: chain.kind === 'evm' ? chain.sources : [],
  });
  const start = chain.kind === 'bitcoin' ? await newestOfBitcoin(chain.sources) : await newestFinal(chain, ask);
  note(start.silent);
  if (start.outcome === 'none') return none(...start.why);

  const { label, height: highest, question } = start;
  const lowest = Math.max(0, highest - MAX_STEPS_BACK);
  const contradicting = new Set<string>();
  for (let height = highest; height >= lowest; height--) {
    const answer = await ask(question(height));
    note(answer.silent);
    if (answer.outcome === 'contradicted') {
      for (const { sources } of answer.blocks) for (const name of sources) contradicting.add(name);
      continue;
    }
    if (answer.outcome !== 'shown') return none();
    // Agreement further down counts only with everybody who disagreed further up.
    if (answer.silent.some(({ source }) => contradicting.has(source))) break;
    if (chain.kind === 'evm' && answer.finality !== 'final')
      return none(`no source that shows block ${height} calls it final`);
    return { beacon: `${label} ${height} ${answer.block.hash}`, problems: [...said.values()] };
  }
  const names = [...contradicting].join(', ');
  return none(`the sources disagree about blocks ${lowest} to ${highest}: ${names}`);
}

/** Where to begin: the newest block that may serve, by those sources that can tell. */
type Start =
  | {
      outcome: 'told';
      label: string;
      height: number;
      /** Asks for whichever block is there. */
      question: (height: number) => Question;
      silent: readonly Silence[];
    }
  | { outcome: 'none'; why: string[]; silent: readonly Silence[] };

async function newestOfBitcoin(sources: Extract<BeaconChain, { kind: 'bitcoin' }>['sources']): Promise<Start> {
  const newest = await newestHeight(sources);
  if (newest.outcome !== 'told') {
    const why =
      newest.outcome === 'contradicted' ? [`the sources serve different networks: ${newest.sources.join(', ')}`] : [];
    return { outcome: 'none', why, silent: newest.silent };
  }
  const { network, height, silent } = newest;
  const question = (at: number): Question => ({ chain: 'bitcoin', network, height: at, expected: null });
  return { outcome: 'told', label: chainLabel({ kind: 'bitcoin', network }), height, question, silent };
}

async function newestFinal({ chainId, genesis }: Extract<BeaconChain, { kind: 'evm' }>, ask: Ask): Promise<Start> {
  const question = (height: number): Question => ({ chain: 'evm', chainId, genesis, height, expected: null });
  // Whoever is on the chain shows its block 0, and tells with it how far the chain is final.
  const first = await ask(question(0));
  const { silent } = first;
  if (first.outcome !== 'shown') {
    const why = first.outcome === 'contradicted' ? ['the sources disagree about block 0'] : [];
    return { outcome: 'none', why, silent };
  }
  const { finalHeight } = first;
  if (finalHeight === null || finalHeight < 0)
    return { outcome: 'none', why: ['no source tells its newest final block'], silent };
  return { outcome: 'told', label: chainLabel({ kind: 'evm', chainId }), height: finalHeight, question, silent };
}
