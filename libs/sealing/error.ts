/**
 * Why a batch could not be sealed or a tree not be read: `foreign-log` the database's log has another origin or key than this
 * service; `bad-tree` a tree did not pass its own check and nothing was signed; `lost-race` somebody else moved the log; `clock-behind` the
 * newest batch was sealed later than it is by this clock; `not-stored` the
 * transaction failed and surely left nothing; `unknown` whether it did could not be found out, the next attempt will see; `behind` the
 * database is older than a checkpoint known outside it; `bad-checkpoint-file` that checkpoint cannot be read or kept; `not-ours` it is not
 * one of this service's logs; `no-such-node` a batch, record
 * or tile that is not there.
 */
export type SealErrorCode =
  | 'foreign-log'
  | 'bad-tree'
  | 'lost-race'
  | 'clock-behind'
  | 'not-stored'
  | 'unknown'
  | 'behind'
  | 'bad-checkpoint-file'
  | 'not-ours'
  | 'no-such-node';

/** The only error this library throws of its own. */
export class SealError extends Error {
  constructor(
    readonly code: SealErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SealError';
  }
}
