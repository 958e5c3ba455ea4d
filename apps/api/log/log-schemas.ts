import { z } from 'zod';
import { EXAMPLE_HASH, EXAMPLE_NOTE, EXAMPLE_TIME } from '../openapi/examples.js';
import { whole } from '../openapi/whole.js';
import { anchorStandingSchema, hashSchema, timeSchema } from '../records/record-schemas.js';

/** Batches in one list, at most and unless asked. */
const MAX_BATCHES = 200;
const DEFAULT_BATCHES = 20;

/** Largest number that a batch can have and JSON can carry. */
const MAX_NUMBER = Number.MAX_SAFE_INTEGER - 1;

export const batchParams = z.object({ number: whole('Number of the batch, from 0', 17, MAX_NUMBER) });
export const pageParams = z.object({
  page: whole('Number of the page, from 0: ordinals 1024 times as large, and following', 0, MAX_NUMBER),
});
export const batchListQuery = z.strictObject({
  before: whole('Only batches below this number', 18, MAX_NUMBER).optional(),
  limit: whole('Most batches to list', 20, MAX_BATCHES, 1).default(DEFAULT_BATCHES),
});

export const checkpointQuery = z.strictObject({
  clock: z
    .enum(['true'])
    .optional()
    .meta({ description: "Also the log's own word for when it is the newest", examples: ['true'] }),
});

const summaryShape = {
  number: z.int().min(0),
  size: z.int().min(0).describe('Records in the batch'),
  root: hashSchema,
  sealedAt: timeSchema,
  checkpointSize: z.int().min(0).describe('Size of the earliest checkpoint of the log that covers the batch'),
};

export const batchListSchema = z
  .object({ batches: z.array(z.object(summaryShape).meta({ id: 'BatchSummary' })).describe('Newest first') })
  .meta({ id: 'BatchList' });

export const batchSchema = z
  .object({
    ...summaryShape,
    entry: z.string().describe('Base64 of the bytes that the log hashes for the batch'),
    checkpoint: z.string().describe("Signed checkpoint of the batch's own tree"),
    logCheckpoint: z.string().describe('Signed checkpoint of the log that covers the batch'),
    anchors: z.array(anchorStandingSchema),
  })
  .meta({ id: 'Batch' });

export const EXAMPLE_BATCH_SUMMARY = {
  number: 17,
  size: 120,
  root: EXAMPLE_HASH,
  sealedAt: EXAMPLE_TIME,
  checkpointSize: 18,
};

export const EXAMPLE_BATCH = {
  ...EXAMPLE_BATCH_SUMMARY,
  entry: 'c2VhbHJvb3QvYmF0Y2hAMQo=',
  checkpoint: EXAMPLE_NOTE.replace('/log\n18', '/log/batch/17\n120'),
  logCheckpoint: EXAMPLE_NOTE,
};
