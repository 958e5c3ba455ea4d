import { z } from 'zod';
import { EVENT_ID_PATTERN, type EventType } from '#events/event.js';
import { EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { whole } from '../openapi/whole.js';
import { recordIdSchema, timeSchema } from '../records/record-schemas.js';

/** Events in one page, at most and unless asked. */
export const MAX_EVENTS = 1000;
const DEFAULT_EVENTS = 100;

export const EXAMPLE_EVENT_ID = 'evt_1204_9f86d081884c';

export const eventsQuery = z.strictObject({
  after: z
    .string()
    .regex(EVENT_ID_PATTERN, 'expected the cursor of an earlier answer, or the id of an event')
    .optional()
    .meta({
      description: 'Only what came after: the `cursor` of the answer before, or the id of the event read last',
      examples: [EXAMPLE_EVENT_ID],
    }),
  limit: whole('Most events to list', 100, MAX_EVENTS, 1).default(DEFAULT_EVENTS),
});

const ordinalSchema = z.int().min(0).describe('Ordinal of the entry by which the log says so');
const domainSchema = z.string().describe('Domain of the agency that changed it');
const statusSchema = z.enum(['revoked', 'suspended', 'superseded', 'consumed', 'active']);
const change = { agency: domainSchema, ordinal: ordinalSchema, batch: z.int().min(0).describe('Its batch') };
const anchoringSchema = z.object({
  anchor: z.string(),
  checkpointSize: z.int().min(0).describe('Size of the log at the checkpoint'),
  firstBatch: z.int().min(0).describe('Whatever you have in the batches from this one'),
  lastBatch: z.int().min(0).describe('to this one is covered'),
  entries: z.int().min(0).describe('Entries of yours in them'),
});

/** The data of an event, by its type; {@link EventData} as a schema. */
const DATA_SCHEMAS = {
  'batch.sealed': z.object({
    batch: z.int().min(0),
    entries: z.int().min(0).describe('Entries of yours in it: records, changes of status, reliances'),
    sealedAt: timeSchema,
  }),
  'batch.anchored': anchoringSchema,
  'batch.final': anchoringSchema,
  'anchor.overdue': z.object({
    anchor: z.string(),
    overdueSince: timeSchema,
    firstBatch: z.int().min(0).describe('The first batch with entries of yours that waits for it'),
  }),
  'record.status_changed': z.object({
    record: recordIdSchema.optional(),
    range: z
      .object({ first: z.int().min(0), count: z.int().min(0) })
      .optional()
      .describe('Ordinals of the records, instead of one'),
    status: statusSchema,
    effectiveAt: timeSchema,
    receivedAt: timeSchema,
    reason: z.string().optional(),
    by: recordIdSchema.optional().describe('The record that takes its place'),
    ...change,
  }),
  'relied_record.status_changed': z.object({
    records: z.array(recordIdSchema).describe('Those of the records on which you rely'),
    status: statusSchema.optional().describe('Absent where the profile does not make the status public'),
    effectiveAt: timeSchema.optional(),
    ...change,
  }),
  'key.expiring': z.object({
    key: z.string().describe('Prefix of the API key'),
    label: z.string(),
    expiresAt: timeSchema,
  }),
  'endpoint.disabled': z.object({
    endpoint: z.string(),
    url: z.string(),
    why: z
      .enum(['failed', 'gone'])
      .describe('Nothing reached it from the first attempt to the last; or it answered 410'),
    failingSince: timeSchema,
  }),
  'endpoint.test': z.object({ endpoint: z.string() }).describe('You asked for it; sent to that endpoint alone'),
} satisfies Record<EventType, z.ZodType>;

const eventIdSchema = z.string().regex(EVENT_ID_PATTERN).describe('Unique for ever; of a webhook, its `webhook-id`');

const eventSchema = z
  .discriminatedUnion(
    'type',
    Object.entries(DATA_SCHEMAS).map(([type, data]) =>
      z.object({ id: eventIdSchema, type: z.literal(type), timestamp: timeSchema, data }),
    ) as never,
  )
  .meta({ id: 'Event' });

export const eventListSchema = z
  .object({
    events: z.array(eventSchema).describe('In the order in which they are told'),
    cursor: z.string().nullable().describe('What to give as `after` next time; null while there was no event'),
  })
  .meta({ id: 'EventList' });

export const EXAMPLE_EVENT = {
  id: EXAMPLE_EVENT_ID,
  type: 'record.status_changed',
  timestamp: EXAMPLE_TIME,
  data: {
    record: EXAMPLE_RECORD_ID,
    status: 'revoked',
    effectiveAt: EXAMPLE_TIME,
    receivedAt: EXAMPLE_TIME,
    reason: 'misuse',
    agency: 'records.example.gov',
    ordinal: 1310,
    batch: 18,
  },
};
