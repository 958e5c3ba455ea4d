/**
 * What was wrong with an argument of this library: `bad-leaf` bytes that are no status leaf; `bad-state` a nibble that is none of the
 * states; `bad-size` numbers of records that cannot follow one another; `bad-ordinal` no such record; `bad-event` an event that
 * the rules forbid where it stands; `bad-node` a stored leaf or tile that is missing or of the wrong length.
 */
export type StatusErrorCode = 'bad-leaf' | 'bad-state' | 'bad-size' | 'bad-ordinal' | 'bad-event' | 'bad-node';

/** The only error this library throws. */
export class StatusError extends Error {
  constructor(
    readonly code: StatusErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'StatusError';
  }
}
