import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NDJSON } from '../limits/line-body.js';
import { batchParams } from '../log/log-schemas.js';
import { EXAMPLE_RECORD_ID } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { recordIdSchema } from '../records/record-schemas.js';
import { BulkProofsService } from './bulk-proofs.service.js';

/** Most records that one request may name. */
const MAX_RECORDS = 1000;

const listSchema = z
  .strictObject({ records: z.array(recordIdSchema).min(1).max(MAX_RECORDS).describe('Ids of records') })
  .meta({ id: 'ProofsRequest' });

const LINES = {
  [NDJSON]: {
    schema: z.string(),
    example: '{"batch":{…},"format":"sealroot/proof@2","id":"…","log":{…},"statement":{…}}\n',
  },
};

/** Proofs of many records in one answer. */
@Controller('v1')
export class BulkProofsController {
  constructor(private readonly proofs: BulkProofsService) {}

  @Get('batches/:number/proofs')
  @Operation({
    tag: 'Proofs',
    summary: 'The proofs of your own records in a batch',
    description:
      'A proof on each line, in the order of the leaves, as they are put together. Nothing where the agency has no record in it.',
    security: 'apiKey',
    scope: 'read',
    params: batchParams,
    answers: { 200: { description: 'The proofs', content: LINES } },
    problems: ['batch-not-found'],
  })
  async ofBatch(
    @Req() { agency }: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param({ schema: batchParams }) { number }: z.output<typeof batchParams>,
  ): Promise<void> {
    send(reply, await this.proofs.ofBatch(Number(number), agency!.id));
  }

  @Post('proofs')
  @HttpCode(200)
  @Operation({
    tag: 'Proofs',
    summary: 'The proofs of up to 1,000 records',
    description:
      'A line for each, in the order of the list: the proof, or `{"id", "problem"}` where there is none, or none yet.',
    security: 'apiKey',
    scope: 'read',
    body: { schema: listSchema, examples: { 'one record': { records: [EXAMPLE_RECORD_ID] } } },
    answers: { 200: { description: 'The proofs', content: LINES } },
    problems: ['invalid-body'],
  })
  ofRecords(
    @Req() { agency }: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: listSchema }) { records }: z.output<typeof listSchema>,
  ): void {
    send(reply, this.proofs.ofRecords(records, agency!.id));
  }
}

function send(reply: FastifyReply, lines: AsyncGenerator<string>): void {
  reply
    .code(200)
    .headers({ 'content-type': NDJSON, 'cache-control': 'private, no-store' })
    .send(Readable.from(lines, { objectMode: false }));
}
