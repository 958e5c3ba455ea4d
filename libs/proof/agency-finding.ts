/** Whether a signature that a statement carries is that of the key which it names. */
export type SignatureFacts = {
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

/** Whether the log says that a key was the agency's, and good, when what it signed was received. */
export type AuthorisationFacts = { key: string } & (
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
  /** `not-shown`: the proof has nothing of it, or nothing that holds; `outdated`: what it has ends before the batch of what was signed. */
  | { outcome: 'unavailable'; reason: 'not-shown' | 'outdated' }
);

/** Of the record's signature. Only there when its statement carries one. */
export type AgencySignatureFinding = { check: 'agency-signature' } & SignatureFacts;
/** Decides nothing but *who*. Only there with `agency-signature`. */
export type AuthorisationFinding = { check: 'authorisation' } & AuthorisationFacts;

/** Of the signature of a change of the record's status, the event with this ordinal; one for each that carries one, the newest first. */
export type EventSignatureFinding = { check: 'event-signature'; event: number } & SignatureFacts;
/** Decides nothing but by whose word the change was made. */
export type EventAuthorisationFinding = { check: 'event-authorisation'; event: number } & AuthorisationFacts;
