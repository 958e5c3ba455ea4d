import type { RecordStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import type { Check } from './verdict.js';

/** Whether a record is valid at `now`: both ends of its validity belong to it. */
export function checkValidity({ validFrom, validUntil }: RecordStatement, now: Date): Check {
  const code = 'validity';
  if (validFrom === undefined && validUntil === undefined) {
    return { code, status: 'not-applicable', message: 'The record names no period of validity.' };
  }
  const data: Record<string, string | number> = { now: now.toISOString() };
  if (validFrom !== undefined) data['validFrom'] = validFrom;
  if (validUntil !== undefined) data['validUntil'] = validUntil;
  if (validUntil !== undefined && now.getTime() > parseTime(validUntil)) {
    return {
      code,
      status: 'failed',
      message: `The record expired at ${validUntil}.`,
      data: { reason: 'expired', ...data },
    };
  }
  if (validFrom !== undefined && now.getTime() < parseTime(validFrom)) {
    return {
      code,
      status: 'failed',
      message: `The record is not valid before ${validFrom}.`,
      data: { reason: 'not-yet-valid', ...data },
    };
  }
  const period = [validFrom && `from ${validFrom}`, validUntil && `until ${validUntil}`].filter(Boolean).join(' ');
  return { code, status: 'passed', message: `The record is valid ${period}.`, data };
}
