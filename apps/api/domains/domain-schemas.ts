import { z } from 'zod';
import { EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { timeSchema } from '../records/record-schemas.js';

/** What everybody is told of an agency's domain. */
export const standingShape = {
  state: z.enum(['unverified', 'verified']),
  since: timeSchema,
  seenAt: timeSchema.nullable().describe('When the TXT record was seen last'),
  checkedAt: timeSchema.nullable(),
  outcome: z.enum(['seen', 'absent', 'disputed', 'unanswered']).nullable().describe('What the last look gave'),
  record: z.string().nullable().describe('Id of the record that says so in the log'),
};

export const EXAMPLE_STANDING = {
  state: 'verified',
  since: EXAMPLE_TIME,
  seenAt: EXAMPLE_TIME,
  checkedAt: EXAMPLE_TIME,
  outcome: 'seen',
  record: EXAMPLE_RECORD_ID,
};
