/** Why an anchor refuses to work at all: `bad-root`: not 32 bytes; `bad-submission`: not a submission that this adapter made for this
 * root; `bad-settings`: the adapter cannot be set up like this. Failures of the network are no errors but states. */
export type AnchorErrorCode = 'bad-root' | 'bad-submission' | 'bad-settings';

/** The one error class of this library; `code` is stable, the message is for people. */
export class AnchorError extends Error {
  override readonly name = 'AnchorError';

  constructor(
    readonly code: AnchorErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
