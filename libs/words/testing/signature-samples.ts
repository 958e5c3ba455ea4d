import type { AuthorisationFacts, SignatureFacts } from '#proof/agency-finding.js';
import type { Finding, FindingOf } from '#proof/finding.js';
import type { FindingKey } from './finding-family.js';

const KEY_ID = '1IG2tMH7J2wbJZnOf8LJzQitKf7LMvoAElsuDMVM54Y';
const TIME = '2026-03-01T09:00:00.000Z';

type SignatureCheck = 'agency-signature' | 'event-signature';
type AuthorisationCheck = 'authorisation' | 'event-authorisation';

const signature = (facts: SignatureFacts) => (check: SignatureCheck) =>
  (check === 'agency-signature' ? { check, ...facts } : { check, event: 1310, ...facts }) as FindingOf<SignatureCheck>;
const authorisation = (facts: AuthorisationFacts) => (check: AuthorisationCheck) =>
  (check === 'authorisation' ? { check, ...facts } : { check, event: 1310, ...facts }) as FindingOf<AuthorisationCheck>;

const signed = {
  passed: signature({ key: KEY_ID, group: 4096, outcome: 'passed' }),
  'failed bad-signature': signature({ key: KEY_ID, outcome: 'failed', reason: 'bad-signature' }),
  'failed bad-path': signature({ key: KEY_ID, group: 3, outcome: 'failed', reason: 'bad-path' }),
  'failed bad-registration': signature({
    key: KEY_ID,
    outcome: 'failed',
    reason: 'bad-registration',
    detail: 'expected the registration of a key, got that of another',
  }),
  unavailable: signature({ key: KEY_ID, outcome: 'unavailable' }),
};

const failed = { key: KEY_ID, outcome: 'failed' } as const;
const unavailable = { key: KEY_ID, outcome: 'unavailable' } as const;
const authorised = {
  passed: authorisation({
    key: KEY_ID,
    outcome: 'passed',
    agency: 'licences.example',
    registeredAt: TIME,
    asOf: TIME,
  }),
  'failed other-agency': authorisation({ ...failed, reason: 'other-agency', agency: 'other.example' }),
  'failed registered-later': authorisation({ ...failed, reason: 'registered-later', registeredAt: TIME }),
  'failed not-yet-valid': authorisation({ ...failed, reason: 'not-yet-valid', validFrom: TIME }),
  'failed expired': authorisation({ ...failed, reason: 'expired', validUntil: TIME }),
  'failed revoked': authorisation({ ...failed, reason: 'revoked', since: TIME, code: 'rotated' }),
  'unavailable not-shown': authorisation({ ...unavailable, reason: 'not-shown' }),
  'unavailable outdated': authorisation({ ...unavailable, reason: 'outdated' }),
};

function of<Check extends SignatureCheck | AuthorisationCheck>(
  check: Check,
  samples: Record<string, (check: Check) => Finding>,
): [string, Finding][] {
  return Object.entries(samples).map(([key, sample]) => [`${check} ${key}`, sample(check)]);
}

/** One finding about a signature by an agency's own key of every kind. */
export const SIGNATURE_SAMPLES = Object.fromEntries([
  ...of('agency-signature', signed),
  ...of('event-signature', signed),
  ...of('authorisation', authorised),
  ...of('event-authorisation', authorised),
]) as Readonly<Record<FindingKey<FindingOf<SignatureCheck | AuthorisationCheck>>, Finding>>;
