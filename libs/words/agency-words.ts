import type { AuthorisationFacts, SignatureFacts } from '#proof/agency-finding.js';
import type { Format } from './format.js';

/** What an agency's own key can have signed: a record, or a change of its status. */
export type SignedThing = 'record' | 'event';

/** What was found of an agency's own signature, in one language. */
export interface SignatureWords {
  alone: string;
  /** How many were signed as one. */
  group: (count: string) => string;
  'bad-signature': string;
  'bad-path': string;
  'bad-registration': string;
  noKey: string;
}

/** What the log says of the key that made it, in one language. */
export interface AuthorisationWords {
  passed: (agency: string, registeredAt: string, asOf: string) => string;
  'other-agency': (agency: string) => string;
  'registered-later': (registeredAt: string) => string;
  'not-yet-valid': (from: string) => string;
  expired: (until: string) => string;
  revoked: (since: string) => string;
  'not-shown': string;
  outdated: string;
}

/** What was found of an agency's own signature. */
export function saySignature(finding: SignatureFacts, words: SignatureWords, format: Format): string {
  if (finding.outcome === 'failed') return words[finding.reason];
  if (finding.outcome === 'unavailable') return words.noKey;
  return finding.group === undefined ? words.alone : words.group(format.number(finding.group));
}

/** What the log says of the key that made it. */
export function sayAuthorisation(finding: AuthorisationFacts, words: AuthorisationWords, format: Format): string {
  if (finding.outcome === 'unavailable') return words[finding.reason];
  if (finding.outcome === 'passed')
    return words.passed(finding.agency, format.date(finding.registeredAt), format.date(finding.asOf));
  switch (finding.reason) {
    case 'other-agency':
      return words['other-agency'](finding.agency);
    case 'registered-later':
      return words['registered-later'](format.date(finding.registeredAt));
    case 'not-yet-valid':
      return words['not-yet-valid'](format.date(finding.validFrom));
    case 'expired':
      return words.expired(format.date(finding.validUntil));
    case 'revoked':
      return words.revoked(format.date(finding.since));
    default:
      return finding satisfies never;
  }
}
