/**
 * Why a gate pack is not to be relied on.
 *
 * - `not-a-pack`: another file;
 * - `newer-version`: a pack of a later version than this one;
 * - `bad-pack`: cut short, or not in the one form in which it is written;
 * - `other-log`: of a log whose key is not the one that is trusted;
 * - `bad-signature`: not what the log signed;
 * - `bad-checkpoint`: without a checkpoint that holds, with the log's own clock;
 * - `bad-status`: what it says of statuses is not what the checkpoint commits to;
 * - `needs-base`: only what has changed since a batch, and the pack at hand is not as of that one.
 */
export type GateErrorCode =
  | 'not-a-pack'
  | 'newer-version'
  | 'bad-pack'
  | 'other-log'
  | 'bad-signature'
  | 'bad-checkpoint'
  | 'bad-status'
  | 'needs-base';

/** The error of this library. */
export class GateError extends Error {
  override readonly name = 'GateError';

  constructor(
    readonly code: GateErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
