import type { AgencySignatureFinding, AuthorisationFinding } from '#proof/agency-finding.js';
import type { Format } from './format.js';
import type { Language } from './language.js';

/** What was found of the agency's own signature. */
export function sayAgencySignature(finding: AgencySignatureFinding, { sentences }: Language, format: Format): string {
  const words = sentences.agencySignature;
  if (finding.outcome === 'failed') return words[finding.reason];
  if (finding.outcome === 'unavailable') return words.noKey;
  return finding.group === undefined ? words.alone : words.group(format.number(finding.group));
}

/** What the log says of the key that made it. */
export function sayAuthorisation(finding: AuthorisationFinding, { sentences }: Language, format: Format): string {
  const words = sentences.authorisation;
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
