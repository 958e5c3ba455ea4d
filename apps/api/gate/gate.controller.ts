import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GATE_PACK_TYPE } from '#gate/pack.js';
import { Operation } from '../openapi/operation.js';
import { whole } from '../openapi/whole.js';
import { sendPacked } from '../representations/packed.js';
import { GateService } from './gate.service.js';

const packQuery = z.strictObject({
  since: whole(
    'Only what has changed after this batch, as of which one has a pack already',
    17,
    Number.MAX_SAFE_INTEGER - 1,
  ).optional(),
});

/** For gates that have no network when they need it. */
@Controller('v1')
export class GateController {
  constructor(private readonly gates: GateService) {}

  @Get('gate-pack')
  @Operation({
    tag: 'Status',
    summary: 'What a gate goes by without a network',
    description:
      'A gate pack (libs/gate): hashes of the batches that hold valid permits, every status, and the checkpoint that commits to them, signed by the log. ' +
      '`/gate.html` reads it. A new one is made once a minute; load it as often as the profile of the permits lets a status be old, an hour for `permit@1`.',
    query: packQuery,
    answers: {
      200: {
        description: 'The pack',
        headers: { 'sealroot-batch': 'Number of the batch up to which it is', etag: 'Strong, over the pack' },
        content: { [GATE_PACK_TYPE]: { schema: z.string().meta({ format: 'binary' }) } },
      },
      304: { description: 'Not changed since If-None-Match' },
    },
    problems: ['log-empty', 'batch-not-found'],
  })
  async pack(
    @Query({ schema: packQuery }) { since }: z.output<typeof packQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pack = await this.gates.pack(since ?? null);
    reply.headers({
      'content-type': GATE_PACK_TYPE,
      'content-disposition': `attachment; filename="gate-pack-${pack.batch}.sealroot-gate"`,
      'cache-control': 'public, max-age=60',
      'sealroot-batch': String(pack.batch),
    });
    await sendPacked(request, reply, pack);
  }
}
