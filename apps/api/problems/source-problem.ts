import type { Answer } from '#source/answer.js';
import { Problem, type ProblemCode } from './problem.js';

/** What keeps a block from being passed on, for the answers of sources that do not show one: `away` where none of them could be asked. */
export function sourceProblem(
  answer: Exclude<Answer, { outcome: 'shown' | 'another' }>,
  what: string,
  away: ProblemCode,
): Problem {
  // Reasons alone: what a source said is for the log, since it may tell more of the operator's network than strangers need.
  const told = answer.silent.map(({ source, reason }) => `${source}: ${reason}`);
  switch (answer.outcome) {
    case 'contradicted': {
      const shown = answer.blocks.map(({ hash, sources }) => `${sources.join(', ')}: ${hash}`);
      return new Problem('sources-contradict', `Sources differ about ${what} (${[...shown, ...told].join('; ')}).`, {
        headers: { 'retry-after': '10' },
      });
    }
    case 'absent':
      return new Problem('no-such-block', `No source has ${what} (${told.join(', ')}).`);
    case 'no-answer':
    case 'not-asked': {
      const tried = told.length === 0 ? 'No source is configured.' : `Tried ${told.join(', ')}.`;
      return new Problem(away, tried, { headers: { 'retry-after': '10' } });
    }
  }
}
