import { hash } from 'node:crypto';
import type { ImportGroup } from '#database/import.repository.js';
import { HASH_BYTES } from '#merkle/hash.js';
import type { ItemResult } from './accepted.js';
import type { Candidate } from './candidate.js';

/** A line as it came: its SHA-256 (32 bytes, a Latin-1 string), and what it holds, or why that cannot be told. */
export type ImportLine = { hash: string } & ({ item: unknown } | { problem: object });

/** The same with what it makes of a record, or how it breaks a rule. */
export type PreparedLine = { hash: string } & ({ candidate: Candidate } | { refused: string });

/** Lines that are ready to be taken together. */
export interface PreparedGroup {
  receivedAtMs: number;
  lines: PreparedLine[];
}

/** Bytes of a line's hash that are kept: enough to see that an agency sent another line than before, and nobody gains by finding two alike. */
const KEPT_HASH_BYTES = 8;
const ID_BYTES = 16;

/** Longest problem that is kept with a group, in characters: beyond, the list of single faults is left out. */
const PROBLEM_MAX_CHARACTERS = 2048;

/** A line that is refused, with its problem as JSON text. */
export function refusedLine(lineHash: string, problem: object): PreparedLine {
  const whole = JSON.stringify(problem);
  const refused = whole.length > PROBLEM_MAX_CHARACTERS ? JSON.stringify({ ...problem, errors: undefined }) : whole;
  return { hash: lineHash, refused };
}

/** What became of a line that is stored or was refused, as the answer's line: JSON text with a newline. */
export function answerLine(line: number, json: string): string {
  return `{"line":${line},${json.slice(1)}\n`;
}

/** The answer to a line that was refused. */
export function answerRefused(line: number, problem: string): string {
  return answerLine(line, `{"outcome":"rejected","problem":${problem}}`);
}

/** What a group of lines comes to: `results` are those of the lines, in their order. `before` is the rolling hash of the lines before it. */
export function groupOf(
  first: number,
  before: Uint8Array,
  lines: readonly PreparedLine[],
  results: readonly (ItemResult | string)[],
): ImportGroup {
  const lineHashes = Buffer.alloc(lines.length * KEPT_HASH_BYTES);
  const recordIds = Buffer.alloc(lines.length * ID_BYTES);
  const wholeHashes = Buffer.alloc(before.length + lines.length * HASH_BYTES);
  wholeHashes.set(before);
  const problems: string[] = [];
  let leaves = '';
  for (const [i, line] of lines.entries()) {
    lineHashes.write(line.hash, i * KEPT_HASH_BYTES, KEPT_HASH_BYTES, 'latin1');
    wholeHashes.write(line.hash, before.length + i * HASH_BYTES, 'latin1');
    const result = results[i]!;
    if (typeof result === 'string') problems.push(result);
    else if (result.outcome === 'rejected') problems.push(JSON.stringify(result.problem));
    else {
      recordIds.write(result.id.replaceAll('-', ''), i * ID_BYTES, 'hex');
      leaves += result.leafHex + (result.superseding?.leafHex ?? '');
    }
  }
  return {
    first,
    count: lines.length,
    failed: problems.length,
    lineHashes,
    recordIds,
    problems: `[${problems.join(',')}]`,
    linesHash: hash('sha256', wholeHashes, 'buffer'),
    entry: leaves === '' ? null : hash('sha256', Buffer.from(leaves, 'hex'), 'buffer'),
  };
}

/** Whether a line is the one that was taken as number `at` of the group. */
export function isSameLine({ lineHashes }: ImportGroup, at: number, lineHash: string): boolean {
  const kept = Buffer.from(lineHashes.buffer, lineHashes.byteOffset, lineHashes.byteLength);
  return (
    kept.toString('latin1', at * KEPT_HASH_BYTES, (at + 1) * KEPT_HASH_BYTES) === lineHash.slice(0, KEPT_HASH_BYTES)
  );
}

/** Id of the record of line number `at` of the group (lower-case UUID); null for one that was refused. */
export function recordIdOf({ recordIds }: ImportGroup, at: number): string | null {
  const hex = Buffer.from(recordIds.buffer, recordIds.byteOffset, recordIds.byteLength).toString(
    'hex',
    at * ID_BYTES,
    (at + 1) * ID_BYTES,
  );
  if (hex === '00'.repeat(ID_BYTES)) return null;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
