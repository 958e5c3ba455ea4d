import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { timeSchema } from '../records/record-schemas.js';
import { AnchorsService } from './anchors.service.js';

const submissionSchema = z
  .object({
    checkpointSize: z.int(),
    state: z.enum(['unsubmitted', 'pending', 'confirmed', 'final']),
    detail: z.string(),
    attempts: z.int(),
    createdAt: timeSchema,
    submittedAt: timeSchema.nullable(),
    confirmedAt: timeSchema.nullable(),
    nextAttemptAt: timeSchema.nullable(),
  })
  .meta({ id: 'Submission' });

const anchorsSchema = z
  .object({
    anchors: z.array(
      z
        .object({
          name: z.string(),
          configured: z.boolean().describe('Whether new checkpoints go there'),
          state: z.enum(['idle', 'unsubmitted', 'pending', 'confirmed', 'final']).describe('Of the newest submission'),
          detail: z.string(),
          confirmedSize: z.int().describe('Largest log size that the anchor has confirmed'),
          lagSeconds: z.int().describe('Age of the oldest batch that it has not confirmed'),
          submissions: z.array(submissionSchema).describe('The newest 20'),
        })
        .meta({ id: 'Anchor' }),
    ),
  })
  .meta({ id: 'Anchors' });

const EXAMPLE_DETAIL = 'submitted to 3 of 4 calendars; waiting for Bitcoin';

/** Where the log's checkpoints are anchored. */
@Controller('v1/anchors')
export class AnchorsController {
  constructor(private readonly anchors: AnchorsService) {}

  @Get()
  @Header('cache-control', 'public, max-age=1')
  @Operation({
    tag: 'Log',
    summary: 'How anchoring gets on',
    answers: {
      200: {
        description: 'Every anchor and its newest submissions',
        content: {
          'application/json': {
            schema: anchorsSchema,
            example: {
              anchors: [
                {
                  name: 'opentimestamps',
                  configured: true,
                  state: 'pending',
                  detail: EXAMPLE_DETAIL,
                  confirmedSize: 12,
                  lagSeconds: 5400,
                  submissions: [
                    {
                      checkpointSize: 18,
                      state: 'pending',
                      detail: EXAMPLE_DETAIL,
                      attempts: 1,
                      createdAt: EXAMPLE_TIME,
                      submittedAt: EXAMPLE_TIME,
                      confirmedAt: null,
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
