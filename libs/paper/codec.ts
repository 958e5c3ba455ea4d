import { equalHashes, HASH_BYTES } from '#merkle/hash.js';
import { inclusionPathSides } from '#merkle/inclusion.js';
import { BATCH_MAX_SIZE } from '#statement/batch-entry.js';
import { ByteReader, ByteWriter } from '#status/byte-string.js';
import { KEY_ID_BYTES } from '#tlog/verifier-key.js';
import { decodeBase45, encodeBase45 } from './base45.js';
import { CODE_MAX_BYTES, CODE_PREFIX, type CodeForm, type PaperCode, SUBTREE_WIDTH } from './code.js';
import { PaperError } from './error.js';
import { readStatement, writeStatement } from './statement-facts.js';

const FORMS: readonly CodeForm[] = ['self-contained', 'landmark'];
const SIGNATURE_BYTES = 64;

/** Begins like a code of some version. */
const ANY_VERSION = /^SR[1-9][0-9]*:/;

/** The text of a code, as a QR code holds it in alphanumeric mode. @throws PaperError `too-large`, `cannot-carry` */
export function formatCode(code: PaperCode): string {
  const bytes = codeBytes(code);
  const most = CODE_MAX_BYTES[code.form];
  if (bytes.length > most)
    throw new PaperError(
      'too-large',
      `Writing a ${code.form} code: expected at most ${most} bytes, got ${bytes.length}`,
    );
  return CODE_PREFIX + encodeBase45(bytes);
}

/** Reads the text of a code, and nothing that {@link formatCode} would write differently. What it says is not checked.
 * @throws PaperError `not-a-code`, `newer-version`, `bad-base45`, `bad-code`, `too-large` */
export function parseCode(text: string): PaperCode {
  if (!text.startsWith(CODE_PREFIX)) {
    const newer = ANY_VERSION.test(text);
    const got = JSON.stringify(text.slice(0, 20));
    throw new PaperError(newer ? 'newer-version' : 'not-a-code', `Reading a code: expected ${CODE_PREFIX}, got ${got}`);
  }
  const longest = CODE_MAX_BYTES['self-contained'];
  // Before any work on it; three characters are two bytes.
  if (text.length > CODE_PREFIX.length + Math.ceil(longest * 1.5))
    throw new PaperError('too-large', `Reading a code: expected at most ${longest} bytes, got more`);
  const bytes = decodeBase45(text.slice(CODE_PREFIX.length));
  const input = new ByteReader(
    bytes,
    (expected, got, at) => new PaperError('bad-code', `Reading a code at byte ${at}: expected ${expected}, got ${got}`),
  );
  const form = FORMS[input.byte() - 1];
  if (form === undefined) throw input.refuse('form 1 or 2', bytes[0]!);
  if (bytes.length > CODE_MAX_BYTES[form])
    throw new PaperError(
      'too-large',
      `Reading a ${form} code: expected at most ${CODE_MAX_BYTES[form]} bytes, got ${bytes.length}`,
    );
  const keyId = input.bytes(KEY_ID_BYTES);
  const batch = input.varint(Number.MAX_SAFE_INTEGER);
  const size = input.varint(BATCH_MAX_SIZE);
  if (size === 0) throw input.refuse('a batch of at least one entry', size);
  const index = input.varint(size - 1);
  const { statement, document } = readStatement(input);
  const path = Array.from({ length: pathLength(form, index, size) }, () => input.bytes(HASH_BYTES));
  const signature = form === 'self-contained' ? input.bytes(SIGNATURE_BYTES) : undefined;
  if (!input.ended) throw input.refuse('the end', 'more bytes');
  const code = { form, keyId, batch, size, index, statement, document, path, signature };
  if (!equalHashes(codeBytes(code), bytes))
    throw new PaperError('bad-code', 'Reading a code: expected the one form in which it is written, got another');
  return code;
}

/** How many hashes the path of a code has: decided by form, index and size of the batch. */
export function pathLength(form: CodeForm, index: number, size: number): number {
  if (form === 'self-contained') return inclusionPathSides(index, size).length;
  const { offset, width } = subtreePlace(index, size);
  return inclusionPathSides(offset, width).length;
}

/** Which of its batch's subtrees of 256 entries an entry is in, where there, and how many entries that has: fewer in the last. */
export function subtreePlace(index: number, size: number): { subtree: number; offset: number; width: number } {
  const subtree = Math.floor(index / SUBTREE_WIDTH);
  const start = subtree * SUBTREE_WIDTH;
  return { subtree, offset: index - start, width: Math.min(SUBTREE_WIDTH, size - start) };
}

function codeBytes({ form, keyId, batch, size, index, statement, document, path, signature }: PaperCode): Uint8Array {
  const out = new ByteWriter();
  out.byte(FORMS.indexOf(form) + 1);
  out.bytes(keyId);
  out.varint(batch);
  out.varint(size);
  out.varint(index);
  writeStatement(out, statement, document);
  for (const hash of path) out.bytes(hash);
  if (signature !== undefined) out.bytes(signature);
  return out.written();
}
