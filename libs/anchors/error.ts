/** Why an anchor refuses to work at all: `bad-root`: not 32 bytes; `bad-submission`: not a submission that this adapter made for this
 * root; `bad-settings`: the adapter cannot be set up like this. What fails in the network while a checkpoint is
 * anchored is no error but a state. */
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
