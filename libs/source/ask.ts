import type { BlockSource } from './block-source.js';
import type { EvmSource } from './evm-source.js';
import type { Answer, ShownBlock, Silence } from './answer.js';
import { bitcoinWitness } from './bitcoin-witness.js';
import { evmWitness } from './evm-witness.js';
import type { Question } from './question.js';
import { standingOf } from './standing.js';
import type { Testimony } from './testimony.js';

/** Whom to ask about blocks, by the kind of chain. */
export interface Sources {
  bitcoin: readonly BlockSource[];
  evm: readonly EvmSource[];
}

/** Puts a question to every source of its kind, all at once. Never rejects: whatever a source does is told in the answer. */
export type Ask = (question: Question) => Promise<Answer>;

/** What these sources say to one question. Never rejects. */
export function ask(sources: Sources, question: Question): Promise<Answer> {
  return asking(sources)(question);
}

/**
 * An {@link Ask} that puts each thing to each source once, however many questions need it: one for each verification, since what a source
 * said is remembered as long as it lives.
 */
export function asking(sources: Sources): Ask {
  const bitcoin = sources.bitcoin.map(bitcoinWitness);
  const evm = sources.evm.map(evmWitness);
  return async (question) =>
    weigh(
      await Promise.all(
        question.chain === 'bitcoin'
          ? bitcoin.map((witness) => witness(question))
          : evm.map((witness) => witness(question)),
      ),
    );
}

/** Reasons for which a source is no witness of the chain asked about, neither for nor against. */
const NO_WITNESS: ReadonlySet<Silence['reason']> = new Set(['other-chain', 'unknown-chain', 'unpinned']);

/**
 * The table of outcomes; the first row that applies. The order of the sources changes nothing but the order of their names.
 *
 * | sources show                                          | outcome        |
 * | ----------------------------------------------------- | -------------- |
 * | blocks that differ in hash, time or chain             | `contradicted` |
 * | the block asked about                                 | `shown`        |
 * | another block                                         | `another`      |
 * | none: all are no witnesses of that chain, or none given | `not-asked`  |
 * | none: every witness says that there is none           | `absent`       |
 * | none: a witness gave no usable answer                 | `no-answer`    |
 */
function weigh(testimonies: readonly Testimony[]): Answer {
  const silent: Silence[] = [];
  const groups = new Map<string, Extract<Testimony, { kind: 'block' }>[]>();
  for (const testimony of testimonies) {
    if (testimony.kind === 'silence') {
      const { source, reason, detail } = testimony;
      silent.push({ source, reason, detail });
      continue;
    }
    const { hash, timeMs, chain } = testimony.block;
    const key = JSON.stringify([hash, timeMs, chain]);
    groups.set(key, [...(groups.get(key) ?? []), testimony]);
  }
  const blocks = [...groups.values()].map((same): ShownBlock => ({
    ...same[0]!.block,
    sources: same.map(({ source }) => source),
  }));
  // A source that asked others on its behalf and found them contradicting passes on that, not a block.
  if (blocks.length > 1 || silent.some(({ reason }) => reason === 'contradicted'))
    return { outcome: 'contradicted', blocks, silent };
  const [block] = blocks;
  const [same] = groups.values();
  if (block !== undefined && same !== undefined) {
    const standing = standingOf(block.chain);
    if (!same[0]!.expected) return { outcome: 'another', block, standing, silent };
    const finalHeight = least(same.map((testimony) => testimony.finalHeight));
    const unsure = same.flatMap((testimony) =>
      testimony.unsure === undefined ? [] : [{ source: testimony.source, ...testimony.unsure }],
    );
    return {
      outcome: 'shown',
      block,
      standing,
      // Final when every source that can tell says so.
      finality: finalHeight === null ? 'unknown' : block.height <= finalHeight ? 'final' : 'confirmed',
      depth: least(same.map(({ depth }) => depth)),
      finalHeight,
      ...(unsure.length > 0 ? { unsure } : {}),
      silent,
    };
  }
  const witnesses = silent.filter(({ reason }) => !NO_WITNESS.has(reason));
  if (witnesses.length === 0) return { outcome: 'not-asked', silent };
  return { outcome: witnesses.every(({ reason }) => reason === 'no-such-block') ? 'absent' : 'no-answer', silent };
}

/** The least of what was told; null when nothing was. */
function least(told: readonly (number | null)[]): number | null {
  const numbers = told.flatMap((number) => number ?? []);
  return numbers.length === 0 ? null : Math.min(...numbers);
}
