import { inclusionPathSides } from '#merkle/inclusion.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { formatStatement, type RecordStatement } from '#statement/statement.js';
import { parseNote, signatureBy } from '#tlog/note.js';
import { parseVerifierKey, verifierKey } from '#tlog/verifier-key.js';
import type { CarriedText, CodeForm, PaperCode } from './code.js';
import { formatCode, parseCode, subtreePlace } from './codec.js';
import { PaperError } from './error.js';
import { digestsOf } from './statement-facts.js';
import { isReadable } from './text.js';

/** A sealed record, as its proof has it. */
export interface SealedRecord {
  statement: RecordStatement;
  /** Number of its batch, and entries in it. */
  batch: { number: number; size: number };
  /** Of its entry in the batch. */
  index: number;
  /** Inclusion path in the batch, 32 bytes each, the leaf's sibling first. */
  path: readonly Uint8Array[];
  /** Signed note of the batch's own tree. */
  checkpoint: string;
  /** The log's verifier key (C2SP). */
  logKey: string;
}

/**
 * The code of a sealed record, with its document where that is given.
 * @throws PaperError `other-document`, `cannot-carry`, `too-large`; TlogError `bad-note`, `bad-key`
 */
export function makeCode(record: SealedRecord, form: CodeForm, document?: CarriedText): PaperCode {
  const { batch, checkpoint, index, statement, path, logKey } = record;
  if (document !== undefined) assertDocument(statement, document);
  const key = parseVerifierKey(logKey);
  const { offset, width } = subtreePlace(index, batch.size);
  const common = { keyId: key.id, batch: batch.number, size: batch.size, index, statement, document };
  const code: PaperCode =
    form === 'self-contained'
      ? {
          ...common,
          form,
          path,
          signature: signatureOf(checkpoint, batchOrigin(key.name, batch.number), key.publicKey),
        }
      : { ...common, form, path: path.slice(0, inclusionPathSides(offset, width).length), signature: undefined };
  // What a later version of statements has, no code of this one holds: it would be that of another record.
  const read = parseCode(formatCode(code));
  if (formatStatement(read.statement) !== formatStatement(statement))
    throw new PaperError(
      'cannot-carry',
      'Writing a code: expected a statement of version 1, got members of a later one',
    );
  return read;
}

/** The signature of the log on the checkpoint of one of its batches, 64 bytes. */
function signatureOf(checkpoint: string, origin: string, publicKey: Uint8Array): Uint8Array {
  const { first } = signatureBy(parseNote(checkpoint), verifierKey(origin, publicKey));
  if (first === undefined)
    throw new PaperError('cannot-carry', `Writing a code: expected a signature by ${origin}, got none`);
  return first.signature;
}

function assertDocument(statement: RecordStatement, document: CarriedText): void {
  if (!isReadable(document.text))
    throw new PaperError('cannot-carry', 'Writing a code: expected a text without hidden characters, got another');
  if ((statement.blinded === true) !== (document.salt !== undefined)) {
    const expected = statement.blinded === true ? 'the salt of the blinded digests' : 'no salt';
    throw new PaperError('other-document', `Writing a code: expected ${expected}`);
  }
  const algorithms = DIGEST_ALGORITHMS.filter((name) => statement.digests[name] !== undefined);
  const digests = digestsOf(algorithms, document);
  if (algorithms.some((name) => digests[name] !== statement.digests[name]))
    throw new PaperError('other-document', 'Writing a code: expected the text that was sealed, got another');
}
