import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { DEFAULT_ANCHOR } from '#anchors/kinds.js';
import type { MeasuredDelay } from '#database/delay.repository.js';
import { Operation } from '../openapi/operation.js';
import { DelaysService } from './delays.service.js';

const delayShape = {
  samples: z.int().min(1).describe('Cases measured, the newest ones'),
  halfSeconds: z.number().min(0).describe('Half of them took no longer'),
  mostSeconds: z.number().min(0).describe('Nine in ten took no longer'),
};

const delaysSchema = z
  .object({
    sealing: z.object(delayShape).optional().describe('From the commit of records to the closing of their batch'),
    anchors: z
      .array(z.object({ anchor: z.string(), ...delayShape }))
      .describe('From the closing of a batch to its confirmation by an anchor, at most'),
  })
  .meta({ id: 'Delays' });

const EXAMPLE_DELAY = { samples: 100, halfSeconds: 0.9, mostSeconds: 1.4 };

/** How long things take here. */
@Controller('v1/delays')
export class DelaysController {
  constructor(private readonly delays: DelaysService) {}

  @Get()
  @Header('cache-control', 'public, max-age=60')
  @Operation({
    tag: 'Log',
    summary: 'How long sealing and anchoring took of late',
    description:
      'Measured from the newest cases, at most 100 each. No promise. What was measured fewer than 5 times is left out.',
    answers: {
      200: {
        description: 'What was measured',
        content: {
          'application/json': {
            schema: delaysSchema,
            example: {
              sealing: EXAMPLE_DELAY,
              anchors: [{ anchor: DEFAULT_ANCHOR, samples: 24, halfSeconds: 5400, mostSeconds: 9100 }],
            },
          },
        },
      },
    },
  })
  async measured(): Promise<z.input<typeof delaysSchema>> {
    const { anchors, sealing } = await this.delays.measured();
    return {
      ...(sealing === undefined ? {} : { sealing: toJson(sealing) }),
      anchors: anchors.map(({ anchor, delay }) => ({ anchor, ...toJson(delay) })),
    };
  }
}

function toJson({ halfMs, mostMs, samples }: MeasuredDelay): {
  samples: number;
  halfSeconds: number;
  mostSeconds: number;
} {
  return { samples, halfSeconds: seconds(halfMs), mostSeconds: seconds(mostMs) };
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
