import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { DEFAULT_ANCHOR } from '#anchors/kinds.js';
import { EXAMPLE_PAID_ANCHOR, EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { timeSchema } from '../records/record-schemas.js';
import { AnchorsService } from './anchors.service.js';

/** A whole amount, decimal: too large for a JSON number in some units. */
const amount = z.string().regex(/^[0-9]+$/);

const submissionSchema = z
  .object({
    checkpointSize: z.int().min(0),
    state: z.enum(['unsubmitted', 'pending', 'confirmed', 'final']),
    detail: z.string(),
    attempts: z.int().min(0),
    spent: amount.nullable().describe('What it costs as far as is known, in the unit of the anchor'),
    createdAt: timeSchema,
    submittedAt: timeSchema.nullable(),
    confirmedAt: timeSchema.nullable(),
    nextAttemptAt: timeSchema.nullable(),
  })
  .meta({ id: 'Submission' });

const costSchema = z
  .object({
    unit: z.enum(['sats', 'wei']),
    spent: amount.describe('All that was ever paid'),
    spentLastDay: amount.describe('Paid in the last 24 hours'),
    perRecord: z.number().nullable().describe('All that was paid, by the records covered'),
    budget: z
      .object({
        perDay: amount.describe('Most that may be spent in 24 hours'),
        left: amount.describe('What is left of it if all that is under way costs the most that it may'),
      })
      .nullable(),
  })
  .meta({ id: 'AnchorCost' });

const anchorsSchema = z
  .object({
    anchors: z.array(
      z
        .object({
          name: z.string(),
          configured: z.boolean().describe('Whether new checkpoints go there'),
          state: z.enum(['idle', 'unsubmitted', 'pending', 'confirmed', 'final']).describe('Of the newest submission'),
          detail: z.string(),
          confirmedSize: z.int().min(0).describe('Largest log size that the anchor has confirmed'),
          lagSeconds: z.int().min(0).describe('Age of the oldest batch that it has not confirmed'),
          overdue: z.object({ since: timeSchema }).nullable().describe('Since when it is late with a batch'),
          paused: z
            .object({
              since: timeSchema,
              until: timeSchema.nullable().describe('When it goes on at the latest, if that is known'),
              detail: z.string(),
            })
            .nullable()
            .describe('Why it gets no new checkpoint: its budget is used up'),
          attempts: z.int().min(0).describe('Attempts at all its submissions'),
          recordsCovered: z.int().min(0).describe('Records in the batches that it has confirmed'),
          cost: costSchema.nullable().describe('Null where nothing is paid'),
          submissions: z.array(submissionSchema).describe('The newest 20'),
        })
        .meta({ id: 'Anchor' }),
    ),
  })
  .meta({ id: 'Anchors' });

const EXAMPLE_DETAIL = 'submitted to 3 of 4 calendars; waiting for Bitcoin';

const EXAMPLE_FINAL = 'final in Bitcoin block 938412, so no later than 2026-03-02T09:21:47Z';
const EXAMPLE_PAUSE =
  'paused: the budget is 50000 sats in 24 hours; 31870 were spent, and one more checkpoint may cost 20000; goes on at 2026-03-02T21:14:09.000Z at the latest';

/** Where the log's checkpoints are anchored. */
@Controller('v1/anchors')
export class AnchorsController {
  constructor(private readonly anchors: AnchorsService) {}

  @Get()
  @Header('cache-control', 'public, max-age=1')
  @Operation({
    tag: 'Log',
    summary: 'How anchoring gets on',
    description:
      'Of every anchor that is configured, and of each that once was: how far, how late, and what it has cost.',
    answers: {
      200: {
        description: 'Every anchor and its newest submissions',
        content: {
          'application/json': {
            schema: anchorsSchema,
            example: {
              anchors: [
                {
                  name: DEFAULT_ANCHOR,
                  configured: true,
                  state: 'pending',
                  detail: EXAMPLE_DETAIL,
                  confirmedSize: 12,
                  lagSeconds: 5400,
                  overdue: null,
                  paused: null,
                  attempts: 41,
                  recordsCovered: 118_200,
                  cost: null,
                  submissions: [
                    {
                      checkpointSize: 18,
                      state: 'pending',
                      detail: EXAMPLE_DETAIL,
                      attempts: 1,
                      spent: null,
                      createdAt: EXAMPLE_TIME,
                      submittedAt: EXAMPLE_TIME,
                      confirmedAt: null,
                      nextAttemptAt: EXAMPLE_TIME,
                    },
                  ],
                },
                {
                  name: EXAMPLE_PAID_ANCHOR,
                  configured: true,
                  state: 'final',
                  detail: EXAMPLE_FINAL,
                  confirmedSize: 17,
                  lagSeconds: 900,
                  overdue: null,
                  paused: {
                    since: EXAMPLE_TIME,
                    until: '2026-03-02T21:14:09.000Z',
                    detail: EXAMPLE_PAUSE,
                  },
                  attempts: 63,
                  recordsCovered: 152_377,
                  cost: {
                    unit: 'sats',
                    spent: '48213',
                    spentLastDay: '31870',
                    perRecord: 0.316_406,
                    budget: { perDay: '50000', left: '18130' },
                  },
                  submissions: [
                    {
                      checkpointSize: 17,
                      state: 'final',
                      detail: EXAMPLE_FINAL,
                      attempts: 9,
                      spent: '1520',
                      createdAt: EXAMPLE_TIME,
                      submittedAt: EXAMPLE_TIME,
                      confirmedAt: EXAMPLE_TIME,
                      nextAttemptAt: EXAMPLE_TIME,
                    },
                  ],
                },
              ],
            },
          },
        },
      },
    },
  })
  list(): Promise<object> {
    return this.anchors.list();
  }
}
