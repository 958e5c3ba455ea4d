import { z } from 'zod';
import { standingShape } from '../domains/domain-schemas.js';
import { EXAMPLE_TIME } from '../openapi/examples.js';
import { signingKeySchema } from '../signing-keys/signing-key-schemas.js';
import { timeSchema } from '../records/record-schemas.js';

export const agencyShape = { domain: z.string(), name: z.string(), createdAt: timeSchema };

/** An agency as everybody sees it. */
export const listedAgencySchema = z
  .object({
    ...agencyShape,
    profiles: z.array(
      z.object({ profile: z.string(), since: timeSchema.describe('When its first record of this kind was accepted') }),
    ),
    domainCheck: z
      .object(standingShape)
      .optional()
      .describe('Whether it has shown that it holds its domain, and as of when; absent where it has not tried'),
    signingKeys: z.array(signingKeySchema).optional().describe('Keys by which it signs, newest first'),
  })
  .meta({ id: 'ListedAgency' });

export const EXAMPLE_AGENCY = { domain: 'records.example.gov', name: 'Records Office', createdAt: EXAMPLE_TIME };

export const EXAMPLE_LISTED_AGENCY = { ...EXAMPLE_AGENCY, profiles: [{ profile: 'licence@1', since: EXAMPLE_TIME }] };
