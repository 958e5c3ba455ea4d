import type { RecordStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import type { ValidityFinding } from './finding.js';

/** Whether a record is within its stated period at `now`: both ends belong to it. */
export function checkValidity({ validFrom, validUntil }: RecordStatement, now: Date): ValidityFinding {
  const check = 'validity';
  if (validFrom === undefined && validUntil === undefined) return { check, outcome: 'not-applicable' };
  const [from, until] = [validFrom === undefined ? {} : { validFrom }, validUntil === undefined ? {} : { validUntil }];
  if (validUntil !== undefined && now.getTime() > parseTime(validUntil)) {
    return { check, outcome: 'failed', reason: 'expired', ...from, validUntil };
  }
  if (validFrom !== undefined && now.getTime() < parseTime(validFrom)) {
    return { check, outcome: 'failed', reason: 'not-yet-valid', validFrom, ...until };
  }
  return { check, outcome: 'passed', ...from, ...until };
}
