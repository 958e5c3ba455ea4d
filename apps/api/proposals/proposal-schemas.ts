import { z } from 'zod';
import { EXAMPLE_TIME } from '../openapi/examples.js';
import { timeSchema } from '../records/record-schemas.js';

/** What a key has asked for, and another one must confirm. */
export const proposalSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['status', 'four-eyes']),
    state: z.enum(['open', 'confirmed', 'done', 'rejected', 'expired']),
    change: z.record(z.string(), z.unknown()).describe('What it would do, in short'),
    proposedBy: z.string().describe('Prefix of the key'),
    createdAt: timeSchema,
    expiresAt: timeSchema.describe('Closed then unless it was decided'),
    decidedBy: z
      .string()
      .nullable()
      .describe('Prefix of the other key; null where nobody has decided, or it was taken back'),
    decidedAt: timeSchema.nullable(),
    answer: z.record(z.string(), z.unknown()).optional().describe('What came of it'),
  })
  .meta({ id: 'Proposal' });

export const EXAMPLE_PROPOSAL = {
  id: '6f1c2b3a-94d8-4f7e-a1b2-c3d4e5f60718',
  kind: 'status',
  state: 'open',
  change: { to: 'revoked', reason: 'misuse', records: 5000, requestSha256: 'ab'.repeat(32) },
  proposedBy: 'sr_k3x9q2ab',
  createdAt: EXAMPLE_TIME,
  expiresAt: '2026-03-03T09:30:00.123Z',
  decidedBy: null,
  decidedAt: null,
};
