import { TlogError } from './error.js';
import { parseNote } from './note.js';
import { assertWhole, decodeBase64, encodeBase64, parseDecimal, quote } from './text.js';

/** A proof that an entry is in a log (C2SP tlog-proof): it can be checked offline against the log's key. */
export interface TlogProof {
  /** Number of the entry in the log, from 0. */
  index: number;
  /** Inclusion path, 32 bytes each, the leaf's sibling first. */
  path: Uint8Array[];
  /** The signed checkpoint that the path leads to, verbatim. */
  checkpoint: string;
  /** Bytes that mean something to the application; nothing authenticates them. */
  extra?: Uint8Array | undefined;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;

/** Longest path that a tree can have, in hashes: sizes end at 2^63. */
const MAX_PATH = 63;

/** A proof as text. Throws `bad-proof`, or `bad-note` when the checkpoint is no signed note. */
export function formatTlogProof({ index, path, checkpoint, extra }: TlogProof): string {
  assertWhole(index, 'bad-proof', 'proof index');
  assertPath(path);
  parseNote(checkpoint);
  const lines = [HEADER];
  if (extra !== undefined) lines.push(`extra ${encodeBase64(extra)}`);
  lines.push(`index ${index}`, ...path.map((hash) => encodeBase64(hash)), '');
  return `${lines.join('\n')}\n${checkpoint}`;
}

/** Reads a proof; verifies neither path nor signature. Throws `bad-proof`, or `bad-note` when the checkpoint is no signed note. */
export function parseTlogProof(text: string): TlogProof {
  const blank = text.indexOf('\n\n');
  if (blank < 0) throw new TlogError('bad-proof', 'tlog-proof: expected a blank line before the checkpoint, got none');
  const lines = text.slice(0, blank).split('\n');
  const checkpoint = text.slice(blank + 2);
  if (lines[0] !== HEADER)
    throw new TlogError('bad-proof', `tlog-proof: expected ${HEADER}, got ${quote(lines[0] ?? '')}`);
  let next = 1;
  let extra: Uint8Array | undefined;
  if (lines[next]?.startsWith('extra ')) {
    extra = decodeBase64(lines[next]!.slice('extra '.length), 'bad-proof', 'extra data');
    next++;
  }
  const indexLine = lines[next] ?? '';
  if (!indexLine.startsWith('index '))
    throw new TlogError('bad-proof', `tlog-proof: expected "index <n>", got ${quote(indexLine)}`);
  const index = parseDecimal(indexLine.slice('index '.length), 'bad-proof', 'proof index');
  const path = lines.slice(next + 1).map((line) => decodeBase64(line, 'bad-proof', 'path hash'));
  assertPath(path);
  parseNote(checkpoint);
  return { index, path, checkpoint, ...(extra === undefined ? {} : { extra }) };
}

function assertPath(path: readonly Uint8Array[]): void {
  if (path.length > MAX_PATH)
    throw new TlogError('bad-proof', `path: expected at most ${MAX_PATH} hashes, got ${path.length}`);
  for (const hash of path) {
    if (hash.length !== HASH_BYTES)
      throw new TlogError('bad-proof', `path hash: expected ${HASH_BYTES} bytes, got ${hash.length}`);
  }
}
