import { z } from 'zod';
import { EXAMPLE_HASH, EXAMPLE_PROMISE, EXAMPLE_TIME } from '../openapi/examples.js';
import { hashSchema, timeSchema } from '../records/record-schemas.js';
import { optionalReceiptShape } from '../records/receipt-schema.js';

/** Most groups in one page. */
export const GROUPS_LIMIT = 1000;

const EXAMPLE_ID = '5b1c0f6e-2d3a-4978-8796-a5b4c3d2e1f0';

export const importParams = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    .meta({ description: 'The id of an import, a lower-case UUID', examples: [EXAMPLE_ID] }),
});

const lineNumber = (description: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, 'expected a number from 0')
    .meta({ description, examples: ['12000'] });

export const linesSchema = z
  .string()
  .meta({ id: 'Lines', description: 'A record in JSON on each line, as for `POST /v1/records`' });

export const linesQuery = z.strictObject({
  offset: lineNumber('Number of the first line of the body, counted from 0 over the whole import'),
});

export const importQuery = z.strictObject({
  after: lineNumber('`next` of the page before').default('0'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .refine((text) => Number(text) <= GROUPS_LIMIT, `expected at most ${GROUPS_LIMIT}`)
    .default(String(GROUPS_LIMIT))
    .meta({ description: `Most groups, ${GROUPS_LIMIT} unless given, which is also the most`, examples: ['100'] }),
});

const groupSchema = z
  .object({
    first: z.int().describe('Number of its first line'),
    count: z.int().describe('Its lines'),
    failed: z.int().describe('Those of them that were refused'),
    linesHash: hashSchema.describe(
      'SHA-256 of the `linesHash` of the group before it (32 bytes; nothing for the first) and of the SHA-256 of each of its lines (32 bytes each, without the newline)',
    ),
    ...optionalReceiptShape,
  })
  .meta({ id: 'ImportGroup', description: 'Lines that were committed together' });

export const importSchema = z
  .object({
    id: importParams.shape.id,
    createdAt: timeSchema,
    keptUntil: timeSchema.describe(
      'Until then it is kept with its receipts, and longer when more lines are sent; its records are kept for good',
    ),
    committed: z.int().describe('Lines that were taken: the offset to go on from'),
    failed: z.int().describe('Those of them that were refused'),
    linesHash: hashSchema.optional().describe('That of the last group'),
    groups: z.array(groupSchema),
    next: z.int().optional().describe('To be given as `after` for the next page; absent on the last one'),
  })
  .meta({ id: 'Import' });

export const EXAMPLE_IMPORT = {
  id: EXAMPLE_ID,
  createdAt: EXAMPLE_TIME,
  keptUntil: EXAMPLE_TIME,
  committed: 1000,
  failed: 1,
  linesHash: EXAMPLE_HASH,
  groups: [{ first: 0, count: 1000, failed: 1, linesHash: EXAMPLE_HASH, ...EXAMPLE_PROMISE }],
};
