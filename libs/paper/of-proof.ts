import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { parseBatchEntry } from '#statement/batch-entry.js';
import type { RecordStatement } from '#statement/statement.js';
import type { CodeForm, PaperCode } from './code.js';
import { makeCode } from './make.js';

/** What a code needs of a proof (libs/proof). */
export interface PrintableProof {
  salt?: string | undefined;
  statement: RecordStatement;
  batch: { index: number; path: readonly string[]; entry: string; checkpoint: string };
  log: { key: string };
}

/** The code of the record of a proof, which must have been read and checked; with the document where its text is given.
 * @throws PaperError `other-document`, `cannot-carry`, `too-large` */
export function codeOfProof({ batch, log, salt, statement }: PrintableProof, form: CodeForm, text?: string): PaperCode {
  const { number, size } = parseBatchEntry(base64.decode(batch.entry));
  const { checkpoint, index } = batch;
  const path = batch.path.map(hexToBytes);
  const document = text === undefined ? undefined : { text, salt: salt === undefined ? undefined : hexToBytes(salt) };
  return makeCode({ statement, batch: { number, size }, index, path, checkpoint, logKey: log.key }, form, document);
}
