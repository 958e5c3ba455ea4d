/**
 * Exit codes of every command. 0 to 5 are the verdicts, and 65 for a proof that cannot be read; the rest follow BSD `sysexits.h`, so that a missing file
 * or an outage can never be taken for a document that does not match.
 */
export const EXIT = {
  /** Done; for `verify`: authentic. */
  ok: 0,
  /** The answer is no: the document or proof does not match, an item was rejected, a record does not exist. */
  mismatch: 1,
  /** Something needed was not given, could not be reached, or contradicts itself. */
  unavailable: 2,
  /** Authentic, but expired or otherwise no longer current. */
  notCurrent: 3,
  /** The proof holds, and no anchor is confirmed yet; or the proof is not made yet. */
  pending: 4,
  /** Authentic, but nobody compared the log's key: whoever signed may be anybody. */
  signerUnchecked: 5,
  /** EX_USAGE: the command line is wrong. */
  usage: 64,
  /** EX_DATAERR: an input file (proof, header pack, key file) cannot be read as what it should be. */
  badData: 65,
  /** EX_NOINPUT: an input file is missing or cannot be read. */
  noInput: 66,
  /** EX_SOFTWARE: a fault of this program. */
  software: 70,
  /** EX_CANTCREAT: an output file cannot be written. */
  cannotCreate: 73,
  /** EX_PROTOCOL: the service answered something that its interface does not allow, such as a receipt that does not verify. */
  protocol: 76,
  /** EX_NOPERM: the service refused the key or token. */
  noPermission: 77,
  /** EX_CONFIG: no key or token was found, or a setting cannot be used. */
  config: 78,
} as const;

/** One of the codes of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
