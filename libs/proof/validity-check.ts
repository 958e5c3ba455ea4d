import type { RecordStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import type { ValidityFinding } from './finding.js';

/** Whether a record is within its stated period at a time: both ends belong to it. `asked` is a time other than the present, at which the log may not
 * have had it yet. */
export function checkValidity(
  { receivedAt, validFrom, validUntil }: RecordStatement,
  { asked, now }: { asked: Date | undefined; now: Date },
): ValidityFinding {
  const check = 'validity';
  const at = (asked ?? now).getTime();
  if (asked !== undefined && at < parseTime(receivedAt)) {
    return { check, outcome: 'failed', reason: 'not-yet-recorded', receivedAt };
  }
  if (validFrom === undefined && validUntil === undefined) return { check, outcome: 'not-applicable' };
  const [from, until] = [validFrom === undefined ? {} : { validFrom }, validUntil === undefined ? {} : { validUntil }];
  if (validUntil !== undefined && at > parseTime(validUntil)) {
    return { check, outcome: 'failed', reason: 'expired', ...from, validUntil };
  }
  if (validFrom !== undefined && at < parseTime(validFrom)) {
    return { check, outcome: 'failed', reason: 'not-yet-valid', validFrom, ...until };
  }
  return { check, outcome: 'passed', ...from, ...until };
}
