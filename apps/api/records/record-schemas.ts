import { z } from 'zod';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { RECORD_ID_PATTERN } from '#statement/record-id.js';
import { REFERENCE_MAX_CHARACTERS, REFERENCE_PATTERN } from '#statement/reference.js';
import { recordRequestSchema } from '#statement/record-request-schema.js';
import { EXAMPLE_HASH, EXAMPLE_RECORD_ID, EXAMPLE_SHA256, EXAMPLE_TIME } from '../openapi/examples.js';
import { whole } from '../openapi/whole.js';
import { optionalReceiptShape, receiptShape } from './receipt-schema.js';

/** Most records in one request. */
export const MAX_RECORDS = 1000;

/** Refuses control characters (PostgreSQL stores no NUL) and lone surrogates, for `refine`. */
export const plainText = [
  (text: string) => !/[\p{Cc}\p{Cs}]/u.test(text),
  'expected text without control characters and lone surrogates',
] as const;

export const timeSchema = z.string().meta({ format: 'date-time', examples: [EXAMPLE_TIME] });
export const hashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ examples: [EXAMPLE_HASH] });
export const recordIdSchema = z
  .string()
  .regex(RECORD_ID_PATTERN)
  .meta({ description: 'The id of a record, a lower-case UUIDv7', examples: [EXAMPLE_RECORD_ID] });

const statementSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'Statement', description: 'What is notarised, as the leaf commits to it (RFC 8785 when hashed)' });

const supersededSchema = z
  .object({ statement: z.record(z.string(), z.unknown()), leafHash: hashSchema })
  .optional()
  .describe('The event by which the record named in `supersedes` gave its place to this one; of the same commit');

const acceptedShape = {
  id: recordIdSchema,
  outcome: z.literal('accepted'),
  stage: z.enum(['accepted', 'sealed']).describe('`sealed` with a proof'),
  receivedAt: timeSchema,
  statement: statementSchema,
  leafHash: hashSchema,
  repeated: z.literal(true).optional().describe('Present when the reference was used before for the same digests'),
  superseded: supersededSchema,
  proof: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Where `Prefer: wait` was heeded and all that was accepted is sealed in time'),
};
const acceptedSchema = z.object(acceptedShape).meta({ id: 'AcceptedRecord' });
const rejectedSchema = z
  .object({
    outcome: z.literal('rejected'),
    problem: z.record(z.string(), z.unknown()).describe('As in an error answer'),
  })
  .meta({ id: 'RejectedRecord' });

export const acceptedOneSchema = z
  .object({
    ...acceptedShape,
    ...receiptShape,
  })
  .meta({ id: 'AcceptedOne' });
export const acceptedManySchema = z
  .object({
    records: z.array(z.union([acceptedSchema, rejectedSchema])),
    ...optionalReceiptShape,
  })
  .meta({ id: 'AcceptedMany' });

const lodgedRecordSchema = recordRequestSchema.meta({ id: 'RecordRequest', description: 'One record to lodge' });
export const intakeBodySchema = z
  .union([lodgedRecordSchema, z.array(lodgedRecordSchema).min(1).max(MAX_RECORDS)])
  .meta({ id: 'RecordRequests', description: 'One record, or several of which each succeeds or fails alone' });

export const anchorStandingSchema = z
  .object({
    anchor: z.string(),
    state: z.enum(['unsubmitted', 'pending', 'confirmed', 'final']),
    detail: z.string().describe('A sentence for people'),
    checkpointSize: z.int().min(0).nullable().describe('Size of the anchored log; null while none is chosen'),
    since: timeSchema,
  })
  .meta({ id: 'AnchorStanding' });

/** How far a record has come. What has become of it since, its status, is another matter. */
export const recordStageSchema = z.enum(['accepted', 'sealed', 'anchored', 'final']);

const toldStatusSchema = z.object({
  note: z.string(),
  status: z.enum(['active', 'revoked', 'suspended', 'superseded', 'consumed', 'expired', 'not-yet-valid']),
  effectiveAt: timeSchema.optional().describe('Of an event: since when it is in effect'),
  receivedAt: timeSchema.optional().describe('Of an event: when the service was told'),
  by: z.enum(['lodger', 'other-agency']).optional(),
  successor: recordIdSchema.optional().describe('The record that took its place'),
  since: timeSchema.optional().describe('When it expired'),
  from: timeSchema.optional().describe('When it will be valid'),
});

export const recordSchema = z
  .object({
    id: recordIdSchema,
    stage: recordStageSchema,
    agency: z.string(),
    profile: z.string(),
    receivedAt: timeSchema,
    statement: statementSchema.optional().describe('Only for the agency that lodged the record'),
    leafHash: hashSchema.optional().describe('Only for the agency that lodged the record'),
    batch: z
      .object({
        number: z.int().min(0),
        index: z.int().min(0).describe('Index of the leaf in the batch'),
        size: z.int().min(0),
        sealedAt: timeSchema,
      })
      .optional(),
    anchors: z.array(anchorStandingSchema),
    status: toldStatusSchema
      .optional()
      .describe(
        'What has become of it, as the service says: no proof. Only where its profile makes that public, and for the agency that lodged it',
      ),
  })
  .meta({ id: 'StoredRecord' });

export const recordListSchema = z.object({ records: z.array(recordSchema) }).meta({ id: 'RecordList' });

export const lookupParams = z.object({
  algorithm: z
    .enum(DIGEST_ALGORITHMS as unknown as [string, ...string[]])
    .meta({ description: 'Digest algorithm', examples: ['sha256'] }),
  digest: z
    .string()
    .regex(/^([0-9a-f]{64}|[0-9a-f]{128})$/i, 'expected a digest in hex')
    .meta({ description: 'Hex, of either case', examples: [EXAMPLE_SHA256] }),
});

/** Most records in one page of a lookup. */
const LOOKUP_LIMIT = 100;

export const lookupQuery = z.strictObject({
  after: recordIdSchema.optional().meta({ description: '`next` of the page before', examples: [EXAMPLE_RECORD_ID] }),
  limit: whole('Most records to list', 20, LOOKUP_LIMIT, 1).default(LOOKUP_LIMIT),
});

export const lookupSchema = z
  .object({
    algorithm: z.string(),
    digest: z.string(),
    records: z
      .array(
        z.object({
          id: recordIdSchema,
          agency: z.string(),
          profile: z.string(),
          receivedAt: timeSchema,
          stage: recordStageSchema,
        }),
      )
      .describe('Oldest first; empty when no record carries the digest'),
    next: recordIdSchema.optional().describe('Id to give as `after` for the next page; absent on the last one'),
  })
  .meta({ id: 'Lookup' });

export const recordIdParams = z.object({ id: recordIdSchema });
export const referenceQuery = z.strictObject({
  reference: z
    .string()
    .regex(REFERENCE_PATTERN, `expected 1 to ${REFERENCE_MAX_CHARACTERS} printable characters`)
    .meta({ description: 'The reference that the agency gave the record', examples: ['FILE-2026-000123'] }),
});
