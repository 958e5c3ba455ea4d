import { z } from 'zod';
import { EVENT_ID_PATTERN, EVENT_TYPES } from '#events/event.js';
import { MAX_REPLAYED } from '#database/webhook-log.repository.js';
import { EXAMPLE_EVENT_ID } from '../events/event-schemas.js';
import { EXAMPLE_TIME } from '../openapi/examples.js';
import { whole } from '../openapi/whole.js';
import { plainText, timeSchema } from '../records/record-schemas.js';

/** Deliveries in one page, at most and unless asked. */
const MAX_DELIVERIES = 1000;
const DEFAULT_DELIVERIES = 50;

/** Events that can be asked for again by their ids. */
const MAX_NAMED = 100;

/** Longest time for which an earlier secret goes on signing, and how long it does unless asked otherwise, in seconds. */
const MAX_OVERLAP_SECONDS = 30 * 86_400;
const DEFAULT_OVERLAP_SECONDS = 86_400;

const EXAMPLE_ENDPOINT_ID = 'we_3v8kq0h1m5r7t9w2x4y6';

const urlSchema = z
  .url({ protocol: /^https?$/, error: 'expected an https URL', abort: true })
  .max(2048)
  .refine((text) => {
    const { username, password, hash } = new URL(text);
    return username === '' && password === '' && hash === '';
  }, 'expected a URL without user, password and fragment')
  .meta({
    description: 'https, at a public address; what the operator names as its own network may be http too',
    examples: ['https://records.example.gov/sealroot'],
  });
const typesSchema = z
  .array(z.enum(EVENT_TYPES))
  .max(EVENT_TYPES.length)
  .describe('The types of events that are sent; an empty list stands for all');
const descriptionSchema = z
  .string()
  .max(200)
  .refine(...plainText);
const schemeSchema = z
  .enum(['v1a', 'v1'])
  .describe('Standard Webhooks: v1a, Ed25519, of which you get the public key; v1, HMAC-SHA256');

export const endpointParams = z.object({
  id: z
    .string()
    .regex(/^we_[a-z0-9]{20}$/, 'expected the id of an endpoint')
    .meta({ description: 'The id of the endpoint', examples: [EXAMPLE_ENDPOINT_ID] }),
});

export const newEndpointSchema = z
  .strictObject({
    url: urlSchema,
    types: typesSchema.default([]),
    description: descriptionSchema.default(''),
    scheme: schemeSchema.default('v1a'),
  })
  .meta({ id: 'NewEndpoint' });

export const endpointChangeSchema = z
  .strictObject({
    url: urlSchema,
    types: typesSchema,
    description: descriptionSchema,
    enabled: z.boolean().describe('false stops it; true lets it begin again, with what waits'),
  })
  .partial()
  .meta({ id: 'EndpointChange' });

export const rotationSchema = z
  .strictObject({
    scheme: schemeSchema.default('v1a'),
    overlapSeconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS)
      .default(DEFAULT_OVERLAP_SECONDS)
      .describe('For so long the earlier secrets sign as well, so that you can change over'),
  })
  .meta({ id: 'SecretRotation' });

export const replaySchema = z
  .union([
    z.strictObject({
      events: z.array(z.string().regex(EVENT_ID_PATTERN)).min(1).max(MAX_NAMED).describe('Ids of events, sent or not'),
    }),
    z.strictObject({
      since: timeSchema
        .refine((text) => !Number.isNaN(Date.parse(text)), 'expected a time')
        .describe('What has not arrived since then'),
    }),
  ])
  .meta({ id: 'Replay' });

export const deliveriesQuery = z.strictObject({
  before: z
    .string()
    .regex(EVENT_ID_PATTERN, 'expected the id of an event')
    .optional()
    .meta({ description: 'Only deliveries of events before this one', examples: [EXAMPLE_EVENT_ID] }),
  limit: whole('Most deliveries to list', 50, MAX_DELIVERIES, 1).default(DEFAULT_DELIVERIES),
});

const keySchema = z.object({
  scheme: schemeSchema,
  publicKey: z.string().optional().describe('Of v1a: `whpk_` and the public key in base64'),
  until: timeSchema.nullable().describe('When it ceases to sign; null while it is the newest'),
});

const endpointShape = {
  id: z.string(),
  url: z.string(),
  types: typesSchema,
  description: z.string(),
  createdAt: timeSchema,
  enabled: z.boolean(),
  disabled: z
    .object({ at: timeSchema, why: z.enum(['agency', 'gone', 'failed']) })
    .nullable()
    .describe('By you; because it answered 410; because nothing reached it for about three days'),
  failingSince: timeSchema.nullable().describe('The first attempt since the last that succeeded'),
  pausedUntil: timeSchema.nullable().describe('Nothing is sent before: the receiver had too much to do'),
  keys: z.array(keySchema).describe('Each signs every webhook, newest first'),
};
export const endpointSchema = z.object(endpointShape).meta({ id: 'Endpoint' });
const secretSchema = z.string().optional().describe('Of v1: `whsec_` and the common key in base64, shown this once');
export const createdEndpointSchema = z
  .object({ ...endpointShape, secret: secretSchema })
  .meta({ id: 'CreatedEndpoint' });
export const endpointListSchema = z.object({ endpoints: z.array(endpointSchema) }).meta({ id: 'EndpointList' });

const deliverySchema = z.object({
  event: z.string().regex(EVENT_ID_PATTERN).describe('Id of the event, and `webhook-id` of every attempt'),
  type: z.enum(EVENT_TYPES),
  state: z.enum(['pending', 'delivered', 'failed']),
  nextAttemptAt: timeSchema.nullable(),
  attempts: z
    .array(
      z.object({
        at: timeSchema,
        tookMs: z.int().min(0),
        status: z.int().min(100).max(999).nullable().describe('Of the answer; null when there was none'),
        problem: z.string().nullable().describe('Why there was none'),
      }),
    )
    .describe('Oldest first'),
});
export const deliveryListSchema = z.object({ deliveries: z.array(deliverySchema) }).meta({ id: 'DeliveryList' });
export const testedSchema = z
  .object({ event: z.string().describe('Id of the event that is sent') })
  .meta({ id: 'Tested' });
export const replayedSchema = z
  .object({
    replayed: z
      .int()
      .min(0)
      .max(MAX_REPLAYED)
      .describe(`Events that are sent (again); at most ${MAX_REPLAYED}: then ask once more`),
  })
  .meta({ id: 'Replayed' });

export const EXAMPLE_ENDPOINT = {
  id: EXAMPLE_ENDPOINT_ID,
  url: 'https://records.example.gov/sealroot',
  types: [],
  description: 'back office',
  createdAt: EXAMPLE_TIME,
  enabled: true,
  disabled: null,
  failingSince: null,
  pausedUntil: null,
  keys: [{ scheme: 'v1a', publicKey: 'whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=', until: null }],
};
export const EXAMPLE_DELIVERY = {
  event: EXAMPLE_EVENT_ID,
  type: 'record.status_changed',
  state: 'delivered',
  nextAttemptAt: null,
  attempts: [
    { at: EXAMPLE_TIME, tookMs: 20_004, status: null, problem: 'No answer within 20000 ms' },
    { at: EXAMPLE_TIME, tookMs: 81, status: 204, problem: null },
  ],
};
