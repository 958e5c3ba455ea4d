/** Whether the signature that the statement carries is that of the key which it names. Only there when it carries one. */
export type AgencySignatureFinding = {
  check: 'agency-signature';
  /** Id of the key. */
  key: string;
  /** How many statements were signed as one; absent when this one was signed alone. */
  group?: number;
} & (
  | { outcome: 'passed' }
  /** `bad-registration`: what is said to register the key does not hold, as `detail` says. */
  | { outcome: 'failed'; reason: 'bad-signature' | 'bad-path' }
  | { outcome: 'failed'; reason: 'bad-registration'; detail: string }
  /** The proof does not show the key. */
  | { outcome: 'unavailable' }
);

/** Whether the log says that the key was the agency's, and good, when the record was received. Decides nothing but *who*. Only there when the statement carries a signature. */
export type AuthorisationFinding = { check: 'authorisation'; key: string } & (
  | {
      outcome: 'passed';
      agency: string;
      /** When the batch that registers the key was sealed, by the log's clock. */
      registeredAt: string;
      /** As of when the key's registration is shown. */
      asOf: string;
    }
  | { outcome: 'failed'; reason: 'other-agency'; agency: string }
  | { outcome: 'failed'; reason: 'registered-later'; registeredAt: string }
  | { outcome: 'failed'; reason: 'not-yet-valid'; validFrom: string }
  | { outcome: 'failed'; reason: 'expired'; validUntil: string }
  | { outcome: 'failed'; reason: 'revoked'; since: string; code?: string }
  /** `not-shown`: the proof has nothing of it, or nothing that holds; `outdated`: what it has ends before the record's batch. */
  | { outcome: 'unavailable'; reason: 'not-shown' | 'outdated' }
);
