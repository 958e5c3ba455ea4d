/**
 * Why something is no code on paper, or cannot become one.
 *
 * - `not-a-code`: a text that does not begin like one;
 * - `newer-version`: it begins like one of a later version than this one;
 * - `bad-base45`: not RFC 9285;
 * - `bad-code`: its bytes are not those of a code;
 * - `too-large`: it would be larger than its form may be;
 * - `cannot-carry`: a statement, or a text, that codes cannot hold;
 * - `other-document`: the text, with its salt, is not what was sealed.
 */
export type PaperErrorCode =
  'not-a-code' | 'newer-version' | 'bad-base45' | 'bad-code' | 'too-large' | 'cannot-carry' | 'other-document';

/** The error of this library. */
export class PaperError extends Error {
  override readonly name = 'PaperError';

  constructor(
    readonly code: PaperErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
