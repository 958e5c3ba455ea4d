import { ProofError } from './error.js';
import { fileKind } from './file-kind.js';
import type { FormatFinding, UnreadableKind } from './finding.js';
import { parseJsonText } from './json-text.js';
import { type ReadProof, readProof } from './proof.js';

/** The proof in whatever a caller gave (text, its UTF-8 bytes, or a parsed value), or the finding that it is none and what it is instead. */
export function readGivenProof(given: unknown): ReadProof | Extract<FormatFinding, { outcome: 'failed' }> {
  try {
    return readProof(given instanceof Uint8Array ? decodeText(given) : given);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    return { check: 'format', outcome: 'failed', reason: unreadableKind(error, given), detail: error.message };
  }
}

function unreadableKind({ code }: ProofError, given: unknown): UnreadableKind {
  if (code === 'newer-version' || code === 'too-large') return code;
  const bytes =
    given instanceof Uint8Array ? given : typeof given === 'string' ? new TextEncoder().encode(given) : null;
  return bytes === null
    ? fileKind(Uint8Array.of(0x7b), given)
    : fileKind(bytes, code === 'bad-proof' ? jsonOf(bytes) : undefined);
}

/** The value in a JSON text that was read before and found to be no proof. */
function jsonOf(bytes: Uint8Array): unknown {
  return parseJsonText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
}

/** UTF-8 bytes as text. A byte order mark stays in the text, where the parser refuses it. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProofError('bad-json', 'Reading a proof: expected UTF-8, got other bytes', { cause });
  }
}
