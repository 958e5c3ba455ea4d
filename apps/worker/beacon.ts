import type { BeaconSource } from './beacon-source.js';

/** Blocks below the lowest newest one that are tried when the sources show different blocks: one of them may just see a reorganisation. */
const MAX_STEPS_BACK = 6;

/** What a look at the chain came to. */
export interface BeaconLook {
  /** `<chain> <height> <hash>` of the newest block that all sources that answered agree on; null when there is none. */
  beacon: string | null;
  /** What was wrong, a sentence each. */
  problems: string[];
}

/** Looks for the newest block that all sources show that answer at all. Never rejects. */
export async function readBeacon(sources: readonly BeaconSource[]): Promise<BeaconLook> {
  const problems: string[] = [];
  const told = await answers(sources, (source) => source.newest(), problems);
  const chains = new Set(told.map(({ answer }) => answer.chain));
  const [chain] = chains;
  if (chain === undefined) return { beacon: null, problems };
  if (chains.size > 1) {
    const where = told.map(({ source, answer }) => `${source.name} on ${answer.chain}`).join(', ');
    return { beacon: null, problems: [...problems, `the sources are on different chains: ${where}`] };
  }
  const lowest = Math.min(...told.map(({ answer }) => answer.height));
  let asked = told.map(({ source }) => source);
  for (let height = lowest; height >= Math.max(0, lowest - MAX_STEPS_BACK); height--) {
    const shown = await answers(asked, (source) => source.hash(height), problems);
    const [first] = shown;
    if (first === undefined) return { beacon: null, problems };
    if (shown.every(({ answer }) => answer === first.answer))
      return { beacon: `${chain} ${height} ${first.answer}`, problems };
    asked = shown.map(({ source }) => source);
  }
  const names = asked.map(({ name }) => name).join(', ');
  const blocks = `${Math.max(0, lowest - MAX_STEPS_BACK)} to ${lowest}`;
  return { beacon: null, problems: [...problems, `the sources disagree about blocks ${blocks}: ${names}`] };
}

/** What each source that answers says, in their order; what the others' matter is goes to `problems`. */
async function answers<T>(
  sources: readonly BeaconSource[],
  ask: (source: BeaconSource) => Promise<T>,
  problems: string[],
): Promise<{ source: BeaconSource; answer: T }[]> {
  const settled = await Promise.allSettled(sources.map(ask));
  return settled.flatMap((outcome, i) => {
    if (outcome.status === 'fulfilled') return [{ source: sources[i]!, answer: outcome.value }];
    problems.push((outcome.reason as Error).message);
    return [];
  });
}
