import type { PreparedLine } from './import-line.js';
import { isSuperseding } from './superseding.js';

/** How many lines, from the first, can be decided together, with at most `chunkLeaves` leaves of records that supersede others, and of their events. A line that
 * names the same reference as one that supersedes something, or supersedes the same, must see first what becomes of that. 1 at least, where there is any. */
export function decidableLines(lines: readonly PreparedLine[], chunkLeaves: number): number {
  /** Whether the record of each reference supersedes another. */
  const references = new Map<string, boolean>();
  const olds = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (!('candidate' in line)) continue;
    const { candidate } = line;
    const supersedes = isSuperseding(candidate);
    const { reference } = candidate;
    if (reference !== null) {
      const seen = references.get(reference);
      if (seen === true || (seen === false && supersedes)) return i;
      references.set(reference, supersedes);
    }
    if (!supersedes) continue;
    if (olds.has(candidate.supersedes) || (olds.size > 0 && 2 * olds.size + 2 > chunkLeaves)) return i;
    olds.add(candidate.supersedes);
  }
  return lines.length;
}
