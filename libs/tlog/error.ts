/**
 * What could not be read or written: `bad-note` a signed note, `bad-key` a verifier key or key name, `bad-checkpoint` a
 * checkpoint's text, `bad-cosignature` a cosignature, `bad-proof` a tlog-proof, `bad-tile` a tile path or entry bundle.
 */
export type TlogErrorCode = 'bad-note' | 'bad-key' | 'bad-checkpoint' | 'bad-cosignature' | 'bad-proof' | 'bad-tile';

/** The only error this library throws. */
export class TlogError extends Error {
  constructor(
    readonly code: TlogErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TlogError';
  }
}
