import type { Answer } from '#source/answer.js';

/** Why nothing is confirmed although a node has our transaction in this block: ends of a sentence. Hashes as explorers show them, `prefix` before. */
export function notShown(
  answer: Exclude<Answer, { outcome: 'shown' }>,
  number: number,
  hash: string,
  prefix = '',
): string[] {
  const block = `block ${number} ${prefix}${hash}`;
  // Nothing was heard of it: that says nothing about the block.
  if (answer.outcome === 'no-answer' || answer.outcome === 'not-asked')
    return [`${block} could not be looked up`, ...silentSources(answer)];
  if (answer.outcome !== 'contradicted') return [`${block} is not shown any more`, ...silentSources(answer)];
  const names = answer.blocks.map(({ sources }) => sources.join(', ')).join(' and ');
  const hashes = answer.blocks.map((block) => `${prefix}${block.hash}`).join(', ');
  return [
    `${names} disagree about block ${number} (${hashes}): nothing is confirmed until they agree`,
    ...silentSources(answer),
  ];
}

/** The sources that gave no usable answer; one that has no such block yet says nothing about it, and one of another chain is no witness. */
export function silentSources({ silent }: Pick<Answer, 'silent'>): string[] {
  return silent
    .filter(({ reason }) => reason !== 'no-such-block' && reason !== 'other-chain')
    .map(({ source, detail }) => `${source}: ${detail}`);
}

/** Why a block is not known to be final, of sources that show it and could not be asked. */
export function unsureSources({ unsure = [] }: Extract<Answer, { outcome: 'shown' }>): string[] {
  return unsure.map(({ source, detail }) => `${source} could not say what is final: ${detail}`);
}
