import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { EXAMPLE_HASH, EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { timeSchema } from '../records/record-schemas.js';
import { AuditLogService } from './audit-log.service.js';

/** Most acts of one page. */
const MAX_PAGE = 1000;

const actsQuery = z.object({
  after: z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, 'expected the cursor of an earlier answer')
    .optional()
    .describe('Cursor of an earlier answer: only acts after it')
    .meta({ examples: ['41'] }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE)
    .default(100)
    .describe(`Acts of one answer, at most ${MAX_PAGE}`)
    .meta({ examples: [100] }),
});

const stateSchema = z.record(z.string(), z.unknown()).nullable();
const actSchema = z
  .object({
    ordinal: z.number().int(),
    at: timeSchema,
    actor: z.string().describe('`admin-token`, `key:` and the prefix of the API key, or `service`'),
    from: z.string().nullable().describe('Address that it came from'),
    act: z.string(),
    subject: z.record(z.string(), z.string()),
    before: stateSchema.describe('Null where it was not there before'),
    after: stateSchema.describe('Null where it is not there any more'),
  })
  .meta({ id: 'Act' });
const actsSchema = z
  .object({ acts: z.array(actSchema), cursor: z.string().nullable().describe('Ask for what comes after with it') })
  .meta({ id: 'ActList' });
const headSchema = z
  .object({
    size: z.number().int().describe('Acts so far'),
    root: z.string().describe('Root of the RFC 9162 tree over their texts, hex'),
    notarised: z
      .object({
        size: z.number().int(),
        text: z.string().describe('What was notarised: origin, size and root in base64, a line each'),
        at: timeSchema,
        record: z.string().describe('Id of the record whose digest is the SHA-256 of the text'),
      })
      .nullable()
      .describe('The newest head that is notarised in the public log, as one is each day on which something was done'),
  })
  .meta({ id: 'AuditLogHead' });

const EXAMPLE_ACT = {
  ordinal: 42,
  at: EXAMPLE_TIME,
  actor: 'admin-token',
  from: '10.20.0.7',
  act: 'agency.created',
  subject: { agency: 'records.example.gov' },
  before: null,
  after: { domain: 'records.example.gov', name: 'Records Office' },
};
const EXAMPLE_HEAD = {
  size: 43,
  root: EXAMPLE_HASH,
  notarised: {
    size: 41,
    text: `notary.example.gov/log/audit\n41\n${'A'.repeat(43)}=\n`,
    at: EXAMPLE_TIME,
    record: EXAMPLE_RECORD_ID,
  },
};
const TAG = 'Administration';

/** What administrators did. */
@Controller('v1/audit')
export class AuditLogController {
  constructor(private readonly auditLog: AuditLogService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read what administrators did',
    description:
      'The audit log, oldest first: every change of agencies, keys and webhook endpoints, and every log that began, with who did it. Acts can be neither changed nor ' +
      'deleted. The text of an act is its canonical JSON (RFC 8785), and the texts are the leaves of the tree whose root the head names.',
    security: 'adminToken',
    query: actsQuery,
    answers: {
      200: {
        description: 'Acts in order',
        headers: { link: 'The next page, `rel="next"`, while there is one' },
        content: { 'application/json': { schema: actsSchema, example: { acts: [EXAMPLE_ACT], cursor: '42' } } },
      },
    },
  })
  async list(
    @Query({ schema: actsQuery }) { after, limit }: z.output<typeof actsQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { json, link } = await this.auditLog.page(after, limit);
    if (link !== undefined) reply.header('link', link);
    reply.header('content-type', 'application/json; charset=utf-8').send(json);
  }

  @Get('head')
  @Header('cache-control', 'public, max-age=10')
  @Operation({
    tag: TAG,
    summary: 'Read where the audit log stands',
    description:
      'For everybody: it commits the operator to every act so far, and says nothing about them but how many there are.',
    answers: {
      200: {
        description: 'Its head',
        content: { 'application/json': { schema: headSchema, example: EXAMPLE_HEAD } },
      },
    },
  })
  head(): Promise<object> {
    return this.auditLog.head();
  }
}
