import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { EXAMPLE_ANCHOR, EXAMPLE_NOTE } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { BatchesService } from './batches.service.js';
import {
  batchListQuery,
  batchListSchema,
  batchParams,
  batchSchema,
  checkpointQuery,
  EXAMPLE_BATCH,
  EXAMPLE_BATCH_SUMMARY,
  pageParams,
} from './log-schemas.js';
import { LogClock } from './log-clock.js';
import { LogService } from './log.service.js';
import { PublicEntriesService } from './public-entries.service.js';

const TEXT_MEDIA_TYPE = 'text/plain; charset=utf-8';
const FOR_EVER = 'public, max-age=31536000, immutable';
/** For what is not complete yet: it may grow with the next batch. */
const FOR_A_SECOND = 'public, max-age=1';

/** A note with the signatures of many witnesses is shorter. */
const MAX_NOTE_CHARACTERS = 20_000;

const shownSchema = z
  .strictObject({ checkpoint: z.string().max(MAX_NOTE_CHARACTERS).describe('A signed note, its newlines included') })
  .meta({ id: 'ShownCheckpoint' });

const knownSchema = z.object({ known: z.boolean() }).meta({ id: 'KnownCheckpoint' });

/** The batches and the log over them, for whoever audits the service. */
@Controller('v1')
export class LogController {
  constructor(
    private readonly batches: BatchesService,
    private readonly log: LogService,
    private readonly clock: LogClock,
    private readonly entries: PublicEntriesService,
  ) {}

  @Get('batches')
  @Header('cache-control', 'public, max-age=1')
  @Operation({
    tag: 'Log',
    summary: 'List sealed batches, newest first',
    description: 'In pages: the number of the last batch of one page is `before` of the next.',
    query: batchListQuery,
    answers: {
      200: {
        description: 'Batches',
        content: { 'application/json': { schema: batchListSchema, example: { batches: [EXAMPLE_BATCH_SUMMARY] } } },
      },
    },
  })
  list(@Query({ schema: batchListQuery }) query: z.output<typeof batchListQuery>): Promise<object> {
    return this.batches.list(query.before ?? null, query.limit);
  }

  @Get('batches/:number')
  @Header('cache-control', 'public, max-age=1')
  @Operation({
    tag: 'Log',
    summary: 'Read a sealed batch',
    description: 'With the entry that the log hashes for it, and how far the checkpoint that covers it is anchored.',
    params: batchParams,
    answers: {
      200: {
        description: 'The batch',
        content: {
          'application/json': { schema: batchSchema, example: { ...EXAMPLE_BATCH, anchors: [EXAMPLE_ANCHOR] } },
        },
      },
    },
    problems: ['batch-not-found'],
  })
  batch(@Param({ schema: batchParams }) params: z.output<typeof batchParams>): Promise<object> {
    return this.batches.get(params.number);
  }

  @Get('log/checkpoint')
  @Header('content-type', TEXT_MEDIA_TYPE)
  @Header('cache-control', 'no-cache')
  @Operation({
    tag: 'Log',
    summary: "The log's newest signed checkpoint (C2SP tlog-checkpoint)",
    description:
      'With `clock=true` the log also cosigns it with the time (C2SP tlog-cosignature, key name `<origin>/clock`), at most once a second.',
    query: checkpointQuery,
    answers: {
      200: { description: 'A signed note', content: { 'text/plain': { schema: z.string(), example: EXAMPLE_NOTE } } },
    },
    problems: ['log-empty'],
  })
  async checkpoint(@Query({ schema: checkpointQuery }) { clock }: z.output<typeof checkpointQuery>): Promise<string> {
    return clock === undefined ? this.log.checkpoint() : (await this.clock.newest()).note;
  }

  @Post('log/checkpoint')
  @HttpCode(200)
  @Operation({
    tag: 'Log',
    summary: 'Show the service a checkpoint that it has signed',
    description:
      'Compares it with the log. One that the service signed and does not have proves that its database came from a backup: sealing stops at ' +
      'once, for otherwise the log would get a second history.',
    security: 'apiKey',
    scope: 'read',
    body: { schema: shownSchema, examples: { checkpoint: { checkpoint: EXAMPLE_NOTE } } },
    answers: {
      200: {
        description: 'Whether the log has it',
        content: { 'application/json': { schema: knownSchema, example: { known: true } } },
      },
    },
    problems: ['invalid-body'],
  })
  async show(@Body({ schema: shownSchema }) body: z.output<typeof shownSchema>): Promise<object> {
    return { known: await this.log.show(body.checkpoint) };
  }

  @Get('log/key')
  @Header('content-type', TEXT_MEDIA_TYPE)
  @Header('cache-control', 'public, max-age=60')
  @Operation({
    tag: 'Log',
    summary: "The log's verifier key (C2SP signed-note)",
    description:
      'To compare with what the operator publishes elsewhere: a service that lies about its log would lie here too.',
    answers: {
      200: {
        description: 'name+key id+base64, and a newline',
        content: { 'text/plain': { schema: z.string(), example: 'records.example.gov/log+1f2e3d4c+AWtleQ==\n' } },
      },
    },
  })
  key(): string {
    return this.log.verifierKey();
  }

  @Get('log/entries/:page')
  @Operation({
    tag: 'Log',
    summary: 'Public entries of the batches, by their ordinals',
    description:
      'An entry bundle (C2SP tlog-tiles) of up to 1024 items: 79 bytes are the entry of a change of status, 32 bytes are the leaf hash of any other ' +
      'entry, which is not public. From it and the batch entries every batch root and every status root can be computed.',
    params: pageParams,
    answers: {
      200: {
        description: 'Each item after its length of 2 bytes',
        content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
      },
    },
    problems: ['tile-not-found'],
  })
  async page(
    @Param({ schema: pageParams }) params: z.output<typeof pageParams>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { bytes, complete } = await this.entries.page(params.page);
    const cacheControl = complete ? FOR_EVER : FOR_A_SECOND;
    reply.headers({ 'content-type': 'application/octet-stream', 'cache-control': cacheControl }).send(bytes);
  }
}
