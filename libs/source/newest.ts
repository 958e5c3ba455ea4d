import type { NetworkName } from '#bitcoin/network.js';
import type { Silence } from './answer.js';
import type { BlockSource } from './block-source.js';
import { once } from './testimony.js';

/** What Bitcoin sources say of the newest block, all of them together. */
export type NewestHeight =
  /** Every one of `sources` has blocks up to this height, on one and the same network. */
  | { outcome: 'told'; height: number; network: NetworkName; sources: string[]; silent: Silence[] }
  /** The sources serve different networks. */
  | { outcome: 'contradicted'; sources: string[]; silent: Silence[] }
  /** None tells its network and its newest block, or none was given. */
  | { outcome: 'no-answer'; silent: Silence[] };

/** Height of the newest block that all sources have which can tell theirs. Never rejects. */
export async function newestHeight(sources: readonly BlockSource[]): Promise<NewestHeight> {
  const silent: Silence[] = [];
  const told: { source: string; network: NetworkName; height: number }[] = [];
  const said = await Promise.all(
    sources.map(async (source) => {
      const { name } = source;
      const [network, tip] = [once(name, () => source.network?.()), once(name, () => source.tip?.())];
      return { source, network: await network(), tip: await tip() };
    }),
  );
  for (const { source, network, tip } of said) {
    const fault = network.fault ?? tip.fault;
    if (source.anchored?.status === 'unpinned')
      silent.push({ source: source.name, reason: 'unpinned', detail: 'holds no block that is pinned' });
    else if (fault !== undefined) silent.push({ source: source.name, ...fault });
    else if (network.value === undefined || tip.value === undefined)
      silent.push({
        source: source.name,
        reason: 'unknown-chain',
        detail: 'does not tell its network and newest block',
      });
    else told.push({ source: source.name, network: network.value, height: tip.value });
  }
  const [first] = told;
  if (first === undefined) return { outcome: 'no-answer', silent };
  const names = told.map(({ source }) => source);
  if (told.some(({ network }) => network !== first.network)) return { outcome: 'contradicted', sources: names, silent };
  const height = Math.min(...told.map((each) => each.height));
  return { outcome: 'told', height, network: first.network, sources: names, silent };
}
