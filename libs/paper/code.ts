import type { RecordStatement } from '#statement/statement.js';

/**
 * The two forms: `self-contained` is checked with the log's key alone, `landmark` with a gate pack that has the subtree hash it leads to.
 */
export type CodeForm = 'self-contained' | 'landmark';

/** The document itself, where the code carries it. */
export interface CarriedText {
  /** The document: UTF-8 of this text is what was hashed. */
  text: string;
  /** 32 bytes; undefined where the digests are not blinded. */
  salt: Uint8Array | undefined;
}

/** What a code on paper says. */
export interface PaperCode {
  form: CodeForm;
  /** Id of the log's key under the log's name (C2SP), 4 bytes: which of the keys at hand to try. */
  keyId: Uint8Array;
  /** Number of the batch in the log. */
  batch: number;
  /** Entries in the batch. Of a landmark code only a gate pack shows that it is so. */
  size: number;
  /** Of the record in its batch, from 0. */
  index: number;
  /** The record's. */
  statement: RecordStatement;
  /** Undefined where the code says only to which record the paper belongs. */
  document: CarriedText | undefined;
  /** 32 bytes each, the leaf's sibling first: to the root of the batch, of a landmark code to the subtree of 256 that the record is in. */
  path: readonly Uint8Array[];
  /** The log's Ed25519 signature on the batch's own checkpoint, 64 bytes; of a self-contained code alone. */
  signature: Uint8Array | undefined;
}

/** What the text of a code begins with: name and version of the format. */
export const CODE_PREFIX = 'SR1:';

/** Most bytes of each form: what a QR code of version 23, or 19, holds at error correction level M. */
export const CODE_MAX_BYTES: Readonly<Record<CodeForm, number>> = { 'self-contained': 829, landmark: 603 };

/** Leaves below one hash of a gate pack. */
export const SUBTREE_WIDTH = 256;
