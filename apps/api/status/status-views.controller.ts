import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { whole } from '../openapi/whole.js';
import { Operation } from '../openapi/operation.js';
import { sendPacked } from '../representations/packed.js';
import { StatusViewsService } from './status-views.service.js';

const TAG = 'Status';

/** Numbers of batches and lists stay exact, and so do the ordinals of a list. */
const MAX_BATCH = Number.MAX_SAFE_INTEGER - 1;
const MAX_LIST = 2 ** 36 - 1;

const packQuery = z.strictObject({
  since: whole('Only what has changed after this batch, which one has already', 17, MAX_BATCH).optional(),
});
const listParams = z.object({ n: whole('Number of the list: ordinals from 131,072 · n', 0, MAX_LIST) });

/** The status of many records at once. */
@Controller('v1')
export class StatusViewsController {
  constructor(
    private readonly views: StatusViewsService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  @Get('status/pack')
  @Operation({
    tag: TAG,
    summary: 'The whole status vector, or what has changed in it since a batch',
    description:
      'A status pack (libs/status): with it somebody tells every status without asking, and from it rebuilds the status root in the entry of the batch ' +
      'that `sealroot-batch` names, which proves it whole. Load it once a day, then with `since` what has changed.',
    query: packQuery,
    answers: {
      200: {
        description: 'The pack',
        headers: { 'sealroot-batch': 'Number of the batch up to which it is', etag: 'Strong, over the pack' },
        content: { 'application/vnd.sealroot.status-pack': { schema: z.string().meta({ format: 'binary' }) } },
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
    const pack = await this.views.pack(since ?? null);
    reply.headers({
      'content-type': 'application/vnd.sealroot.status-pack',
      'cache-control': 'public, max-age=10',
      'sealroot-batch': String(pack.batch.number),
    });
    await sendPacked(request, reply, pack);
  }

  @Get('status-lists/:n')
  @Operation({
    tag: TAG,
    summary: 'A status list for wallets (IETF Token Status List)',
    description:
      'The status of 131,072 ordinals, four bits each, zlib, signed: 0 valid, 1 revoked, 2 suspended, 3 superseded, 12 consumed. A view of the service, not a proof: what shows the ' +
      'status to others is in the proof. The key is at `/.well-known/jwks.json`.',
    params: listParams,
    answers: {
      200: {
        description: 'A signed token',
        content: {
          'application/statuslist+jwt': { schema: z.string(), example: 'eyJhbGciOiJFZERTQSJ9.eyJ0dGwiOjYwfQ.c2ln' },
        },
      },
    },
    problems: ['log-empty', 'batch-not-found'],
  })
  async list(
    @Param({ schema: listParams }) { n }: z.output<typeof listParams>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const base = this.config.publicUrl ?? `${request.protocol}://${request.host}`;
    const token = await this.views.list(n, `${base}/v1/status-lists/${n}`);
    reply.headers({ 'content-type': 'application/statuslist+jwt', 'cache-control': 'public, max-age=10' }).send(token);
  }
}
