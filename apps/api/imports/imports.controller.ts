import { PassThrough, Readable } from 'node:stream';
import { Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createJsonReader } from '../limits/json-value.js';
import { NDJSON } from '../limits/line-body.js';
import { lingerUnread } from '../limits/unread-body.js';
import { EXAMPLE_ACCEPTED, EXAMPLE_REQUEST } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { Problem } from '../problems/problem.js';
import { toStreamProblem } from '../problems/problem.filter.js';
import { EXAMPLE_IMPORT, importParams, importQuery, importSchema, linesQuery, linesSchema } from './import-schemas.js';
import { ImportsService } from './imports.service.js';

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';
const TAG = 'Imports';

/** Records in bulk, each exactly once however often the connection breaks. */
@Controller('v1/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post()
  @Operation({
    tag: TAG,
    summary: 'Open a bulk import',
    description: 'It takes any number of records, as lines. Nothing needs to close it.',
    security: 'apiKey',
    idempotent: true,
    scope: 'submit',
    answers: {
      201: {
        description: 'It is open',
        headers: { location: 'Address of the import' },
        content: {
          'application/json': {
            schema: importSchema,
            example: { ...EXAMPLE_IMPORT, committed: 0, failed: 0, groups: [], linesHash: undefined },
          },
        },
      },
    },
    problems: ['unauthorized', 'rate-limited'],
  })
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { json, location } = await this.imports.create(request.agency!);
    reply.code(201).headers({ location, 'content-type': JSON_MEDIA_TYPE }).send(json);
  }

  @Get(':id')
  @Header('content-type', JSON_MEDIA_TYPE)
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read how far a bulk import is, with its receipts',
    description:
      'For the agency that opened it. `committed` is the offset to go on from. Each group of lines has a receipt over the records of its accepted lines, in their order.',
    security: 'apiKey',
    scope: 'submit',
    params: importParams,
    query: importQuery,
    answers: {
      200: {
        description: 'The import',
        content: { 'application/json': { schema: importSchema, example: EXAMPLE_IMPORT } },
      },
    },
    problems: ['bad-request', 'unauthorized', 'import-not-found'],
  })
  describe(
    @Req() request: FastifyRequest,
    @Param({ schema: importParams }) { id }: z.output<typeof importParams>,
    @Query({ schema: importQuery }) { after, limit }: z.output<typeof importQuery>,
  ): Promise<string> {
    return this.imports.describe(request.agency!, id, Number(after), Number(limit));
  }

  @Post(':id/lines')
  @Operation({
    tag: TAG,
    summary: 'Send lines of a bulk import',
    description:
      'Each line is a record as for `POST /v1/records`. The answer has one line for each, in order, after its commit, which comes for up to 1,000 lines at a time while ' +
      'the others are on the way: read it while you send. Lines below the committed count are not taken again but answered again (`repeated`). A line that breaks a rule is answered with its ' +
      'problem and counts as `failed`; the others go through. A line with `"outcome":"stopped"` is the last one and says why: from the line that it names on nothing was taken, or, with the code ' +
      '`line-differs` (422), that line was another one when it was taken. Whatever happens to the connection: ask for `committed`, and go on from there.',
    security: 'apiKey',
    scope: 'submit',
    params: importParams,
    query: linesQuery,
    body: {
      mediaType: NDJSON,
      schema: linesSchema,
      examples: {
        'two lines': `${JSON.stringify(EXAMPLE_REQUEST)}\n${JSON.stringify({ ...EXAMPLE_REQUEST, reference: 'FILE-2026-000124' })}\n`,
      },
    },
    answers: {
      200: {
        description: 'A line for each line',
        content: { [NDJSON]: { schema: z.string(), example: `${JSON.stringify({ line: 0, ...EXAMPLE_ACCEPTED })}\n` } },
      },
    },
    problems: [
      'bad-request',
      'unauthorized',
      'import-not-found',
      'import-busy',
      'offset-beyond',
      'unsupported-media-type',
      'rate-limited',
    ],
  })
  async lines(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param({ schema: importParams }) { id }: z.output<typeof importParams>,
    @Query({ schema: linesQuery }) { offset }: z.output<typeof linesQuery>,
  ): Promise<void> {
    const body = request.body;
    if (!(body instanceof Readable)) throw new Problem('unsupported-media-type', `Expected a body of ${NDJSON}.`);
    const opened = await this.imports.open(request.agency!, id, Number(offset));
    try {
      const answers = new PassThrough();
      const connections = request.server.connections;
      const writer = opened.writer(
        {
          readJson: createJsonReader(request.server),
          onProgress: () => connections.goOn(reply.raw),
          toProblem: (error) => toStreamProblem(error, request),
        },
        answers,
      );
      reply.code(200).headers({ 'content-type': NDJSON, 'cache-control': 'private, no-store' }).send(answers);
      if (!(await writer.run(body, Number(offset)))) lingerUnread(request, reply);
      answers.end();
    } finally {
      opened.close();
    }
  }
}
