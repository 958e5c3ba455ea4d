/** What a time-stamp authority of our own may be told to do wrong:
 *
 * | fault | behaviour |
 * |---|---|
 * | `down` | closes every connection without an answer |
 * | `hang` | never answers |
 * | `stall` | sends the head and one byte, then nothing |
 * | `slow` | answers rightly after `SLOW_MS` |
 * | `error` | 500 |
 * | `redirect` | 307 to another path of the same server, where the right answer would be |
 * | `media-type` | a right answer under the name of a web page |
 * | `garbage` | 200 with bytes that are no response |
 * | `trailing` | a right answer followed by one byte too many |
 * | `huge` | 200 with 2 MB |
 * | `rejects` | a response with status rejection |
 * | `wrong-nonce` | a token with another nonce |
 * | `wrong-imprint` | a token about other data |
 * | `bad-signature` | a token whose signature does not hold |
 * | `no-certificates` | a token without certificates |
 * | `no-issuer` | a token with no certificate but the signer's |
 * | `no-purpose` | a signer that is no time-stamp authority |
 * | `lax-purpose` | a signer whose extended key usage is not critical |
 * | `other-authority` | a token by an authority under another root with the same name |
 * | `expired` | a signer whose certificate has run out |
 * | `early`, `late` | a time that is a day off |
 * | `revoked` | a signer that was revoked yesterday |
 */
export const TIME_STAMP_FAULTS = [
  'down',
  'hang',
  'stall',
  'slow',
  'error',
  'redirect',
  'media-type',
  'garbage',
  'trailing',
  'huge',
  'rejects',
  'wrong-nonce',
  'wrong-imprint',
  'bad-signature',
  'no-certificates',
  'no-issuer',
  'no-purpose',
  'lax-purpose',
  'other-authority',
  'expired',
  'early',
  'late',
  'revoked',
] as const;

export type TimeStampFault = (typeof TIME_STAMP_FAULTS)[number];

/** What may be wrong with the authority's certificate revocation lists: nobody answers, they never come, they are no lists, they are as long as
 * nobody keeps. */
export type RevocationListFault = 'error' | 'hang' | 'garbage' | 'huge';

/** Delay of a `slow` authority. */
export const SLOW_MS = 8_000;
/** Size of a `huge` answer. */
export const HUGE_BYTES = 2_000_000;
