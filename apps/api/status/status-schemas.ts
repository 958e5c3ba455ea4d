import { z } from 'zod';
import { agencySignatureSchema } from '#statement/record-request-schema.js';
import { RECORD_ID_PATTERN } from '#statement/record-id.js';
import { CHANGED_STATUSES, type ChangedStatus } from '#statement/status-change.js';
import { EXAMPLE_RECORD_ID } from '../openapi/examples.js';
import { optionalReceiptShape, receiptShape } from '../records/receipt-schema.js';
import { hashSchema, timeSchema } from '../records/record-schemas.js';

/** Most records that one request names one by one. */
export const MAX_STATUS_RECORDS = 100_000;

/** Most ordinals of one range: a lot of permits, for example. */
export const MAX_STATUS_RANGE = 100_000;

const idSchema = z.string().regex(RECORD_ID_PATTERN);
const statusNames = Object.keys(CHANGED_STATUSES) as [ChangedStatus, ...ChangedStatus[]];

const changeShape = {
  to: z.enum(statusNames).describe('What the records become; `active` ends a suspension'),
  reason: z.string().optional().describe("Code of the agency's own: a-z, 0-9 and -"),
  by: idSchema.optional().describe('The record that takes the place of a superseded one'),
  effectiveAt: z.string().meta({ format: 'date-time' }).optional().describe('Since when; now unless it is said'),
  requestId: z
    .string()
    .optional()
    .describe('Names the request, so that it can be repeated: needed to repeat `consumed`'),
  agencySignature: agencySignatureSchema
    .optional()
    .describe(
      "The agency's own signature over the canonical JSON of the status statement without `agencySignature`, `receivedAt` and `nonce`; `effectiveAt` must be given. Of a list of several records: over all statements as one group, in the order of the list, without `group`; at most 4,096",
    ),
};

/** The body of a change of one record, for describing the API; `parseStatusRequest` decides. */
export const statusChangeSchema = z.strictObject(changeShape).meta({ id: 'StatusChange' });

/** The body of a change of several records. */
export const statusChangesSchema = z
  .strictObject({
    ...changeShape,
    records: z.array(idSchema).min(1).max(MAX_STATUS_RECORDS).optional().describe('Ids; or give a range'),
    range: z
      .strictObject({ first: z.int().min(0), count: z.int().min(1).max(MAX_STATUS_RANGE) })
      .optional()
      .describe('Ordinals: the places of records in the log, counted over all batches'),
  })
  .meta({ id: 'StatusChanges' });

const standingSchema = z
  .object({
    status: z.enum(statusNames),
    effectiveAt: timeSchema,
    receivedAt: timeSchema,
    by: z.enum(['lodger', 'other-agency']),
    successor: idSchema.optional(),
  })
  .meta({ id: 'Standing', description: 'How a record stands, and since when' });

const acceptedShape = {
  repeated: z.literal(true).optional().describe('Said before: this is the first answer again'),
  statement: z.record(z.string(), z.unknown()).describe('What is hashed, as it was accepted'),
  leafHash: z.string().describe('Hash of its leaf in the batch, hex'),
};

/** The answer to a change of one record. */
export const statusAcceptedSchema = z
  .object({
    ...acceptedShape,
    ...receiptShape,
  })
  .meta({ id: 'AcceptedStatus' });

/** The body that says that an agency relies on a record. */
export const relianceSchema = z
  .strictObject({
    purpose: z.string().describe("What for: a code of the agency's own, a-z, 0-9 and -"),
    agencySignature: agencySignatureSchema
      .optional()
      .describe(
        "The agency's own signature over the canonical JSON of the reliance statement without `agencySignature`, `receivedAt` and `nonce`",
      ),
  })
  .meta({ id: 'Reliance' });

/** The answer to a change of several records. */
export const statusesAcceptedSchema = z
  .object({
    results: z.array(
      z.union([
        z.object(acceptedShape),
        z.object({ problem: z.object({ code: z.string(), detail: z.string(), standing: standingSchema.optional() }) }),
      ]),
    ),
    unchanged: z
      .array(z.object({ ordinal: z.int().min(0), status: z.enum(statusNames), effectiveAt: timeSchema }))
      .optional()
      .describe('Of a range: records that stay as they are, at most 1,000 of them'),
    ...optionalReceiptShape,
  })
  .meta({ id: 'AcceptedStatuses' });

const hashes = z.array(hashSchema).describe("The leaf's sibling first");

/** The answer to a question for a record's history. */
export const historySchema = z
  .object({
    id: idSchema,
    note: z.string(),
    ordinal: z
      .int()
      .min(0)
      .nullable()
      .describe('Place in the log, counted over all batches; null before the record is sealed'),
    events: z.array(
      z.object({
        ordinal: z.int().min(0),
        batch: z.int().min(0),
        index: z.int().min(0),
        status: z.enum(statusNames),
        effectiveAt: timeSchema,
        receivedAt: timeSchema,
        statement: z.record(z.string(), z.unknown()),
        proof: z
          .object({ entry: z.string(), path: hashes, batch: z.object({ entry: z.string(), path: hashes }) })
          .describe(
            'Its entry and the path in its batch; the entry of that batch and the path under the checkpoint; entries in base64',
          ),
      }),
    ),
    checkpoint: z.string().optional().describe('Signed note; absent where there is no event in the log'),
    waiting: standingSchema.optional().describe('The newest event, while it is not in the log yet'),
  })
  .meta({ id: 'History' });

/** The answer to a question for the profiles. */
export const profilesSchema = z
  .object({
    profiles: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        entropy: z.enum(['blinded', 'any']),
        claims: z.record(z.string(), z.unknown()).describe('JSON Schema'),
        statuses: z.array(z.enum(statusNames)),
        consumers: z.enum(['nobody', 'lodger', 'every-agency']),
        maxStatusAgeSeconds: z.int().min(0),
        statusPublic: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Profiles' });

const EXAMPLE_TIME = '2026-03-02T09:30:00.123Z';

/** A status statement as answers show it. */
export const EXAMPLE_STATUS_STATEMENT = {
  agency: 'records.example.gov',
  effectiveAt: EXAMPLE_TIME,
  kind: 'status',
  nonce: '5b1c0f6e2d3a49788796a5b4c3d2e1f0',
  reason: 'misuse',
  receivedAt: EXAMPLE_TIME,
  record: EXAMPLE_RECORD_ID,
  to: 'revoked',
  v: 1,
};

/** A reliance statement as answers show it. */
export const EXAMPLE_RELIANCE_STATEMENT = {
  agency: 'bank.example',
  kind: 'reliance',
  nonce: '5b1c0f6e2d3a49788796a5b4c3d2e1f0',
  purpose: 'account-opening',
  receivedAt: EXAMPLE_TIME,
  record: EXAMPLE_RECORD_ID,
  v: 1,
};
