import { TlogError } from './error.js';
import { assertWhole, decodeBase64, encodeBase64, isNoteText, parseDecimal, quote } from './text.js';

/** The head of a log: what a checkpoint's note says (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Which log. */
  origin: string;
  /** Leaves in the tree. */
  size: number;
  /** Root of the tree at that size, 32 bytes. */
  root: Uint8Array;
}

const ROOT_BYTES = 32;

/** The text of a checkpoint, to be signed: origin, size and root, a line each. Throws `bad-checkpoint`. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  assertOrigin(origin);
  assertWhole(size, 'bad-checkpoint', 'checkpoint size');
  assertRoot(root);
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/** Reads the text of a checkpoint. Throws `bad-checkpoint`, also on extension lines: these logs have none, and nothing checks them. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin, size, root, end] = lines;
  if (lines.length !== 4 || origin === undefined || size === undefined || root === undefined || end !== '') {
    throw new TlogError('bad-checkpoint', `checkpoint: expected three lines (origin, size, root), got ${quote(text)}`);
  }
  assertOrigin(origin);
  const checkpoint = {
    origin,
    size: parseDecimal(size, 'bad-checkpoint', 'checkpoint size'),
    root: decodeBase64(root, 'bad-checkpoint', 'checkpoint root'),
  };
  assertRoot(checkpoint.root);
  return checkpoint;
}

function assertOrigin(origin: string): void {
  if (origin === '' || origin.includes('\n') || !isNoteText(origin)) {
    throw new TlogError('bad-checkpoint', `checkpoint origin: expected one line of text, got ${quote(origin)}`);
  }
}

function assertRoot(root: Uint8Array): void {
  if (root.length !== ROOT_BYTES) {
    throw new TlogError('bad-checkpoint', `checkpoint root: expected ${ROOT_BYTES} bytes, got ${root.length}`);
  }
}
