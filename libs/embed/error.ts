/**
 * Why a proof could not be put into a document.
 *
 * - `unknown-kind`: neither a PDF nor a ZIP file;
 * - `no-end`: a PDF without `startxref` in its last 1,024 bytes, or a ZIP file that does not end with its directory and end record;
 * - `signed`: a PDF with a signature in it, and the caller did not say that it may be added to;
 * - `embedded`: a document with a proof in it already: its sealed part is what to start from;
 * - `too-large`: a proof of more bytes than any is, or a file with no room for one more place.
 */
export type EmbedErrorCode = 'unknown-kind' | 'no-end' | 'signed' | 'embedded' | 'too-large';

/** The error of this library. */
export class EmbedError extends Error {
  override readonly name = 'EmbedError';

  constructor(
    readonly code: EmbedErrorCode,
    message: string,
  ) {
    super(message);
  }
}
