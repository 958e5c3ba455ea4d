import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../openapi/operation.js';
import { batchParams } from './log-schemas.js';
import { TilesService } from './tiles.service.js';

const TAG = 'Log';
const HEADERS = {
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
};

type BatchParams = z.output<typeof batchParams>;

/** The address of a tile below its tree's, for the description. */
function tilePath(description: string, example: string): z.ZodString {
  return z.string().meta({ description, examples: [example] });
}

function tileAnswer(description: string) {
  return {
    200: {
      description,
      content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
    },
  };
}

/** The trees from which everything in the log can be computed again, in tiles. */
@Controller('v1')
export class TilesController {
  constructor(private readonly tiles: TilesService) {}

  @Get('log/tile/*')
  @Operation({
    tag: TAG,
    summary: 'A tile or an entry bundle of the log (C2SP tlog-tiles)',
    description:
      'For auditors: with all bundles of entries the whole log is computed again. What was given out once never changes.',
    params: z.object({
      path: tilePath('`<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`', '0/x001/234.p/5'),
    }),
    answers: tileAnswer('Hashes of 32 bytes each, or entries after their lengths'),
    problems: ['tile-not-found'],
  })
  async log(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    reply.headers(HEADERS).send(await this.tiles.log(pathBelow('/v1/log/', request)));
  }

  @Get('batches/:number/tile/*')
  @Operation({
    tag: TAG,
    summary: "A tile of a batch's own tree (C2SP tlog-tiles)",
    description: 'For auditors, with those of the log. A batch never changes: nor does any tile, of whatever width.',
    params: batchParams.extend({
      path: tilePath('`<level>/<index>[.p/<width>]`: level 0 are the leaf hashes', '0/000.p/120'),
    }),
    answers: tileAnswer('Hashes of 32 bytes each'),
    problems: ['batch-not-found', 'tile-not-found'],
  })
  async batch(
    @Param({ schema: batchParams }) { number }: BatchParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = pathBelow(`/v1/batches/${number}/`, request);
    reply.headers(HEADERS).send(await this.tiles.batch(number, path));
  }

  @Get('batches/:number/status/tile/*')
  @Operation({
    tag: TAG,
    summary: 'A tile or an entry bundle of the status tree as it was after a batch (C2SP tlog-tiles)',
    description:
      'A status leaf (libs/status) speaks of 64 ordinals. With its bundle and the tiles above it somebody computes the path of any record to the status root in ' +
      "the batch's entry, and the service does not learn of which.",
    params: batchParams.extend({
      path: tilePath(
        '`<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`, in the width that the tree had',
        'entries/000.p/5',
      ),
    }),
    answers: tileAnswer('Hashes of 32 bytes each, or status leaves after their lengths'),
    problems: ['batch-not-found', 'tile-not-found'],
  })
  async status(
    @Param({ schema: batchParams }) { number }: BatchParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = pathBelow(`/v1/batches/${number}/status/`, request);
    reply.headers(HEADERS).send(await this.tiles.status(number, path));
  }
}

function pathBelow(prefix: string, { url }: FastifyRequest): string {
  return url.split('?', 1)[0]!.slice(prefix.length);
}
