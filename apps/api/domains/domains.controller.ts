import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../audit-log/actor.js';
import { EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { timeSchema } from '../records/record-schemas.js';
import { EXAMPLE_STANDING, standingShape } from './domain-schemas.js';
import { DomainsService } from './domains.service.js';

const TAG = 'Administration';

const resolverSchema = z.object({
  resolver: z.string(),
  says: z.enum(['seen', 'absent', 'unanswered']),
  code: z.string().optional().describe('Why there is no answer, such as `ETIMEOUT`'),
});
const domainSchema = z
  .object({
    domain: z.string(),
    ...standingShape,
    txt: z.object({ name: z.string(), value: z.string() }).describe('The TXT record that the domain must have'),
    document: z.string().describe('What the record in the log is about: its digest is the SHA-256 of this text'),
    resolvers: z.array(resolverSchema).describe('What each said at the last look'),
    history: z
      .array(z.object({ at: timeSchema, outcome: z.string(), resolvers: z.array(resolverSchema) }))
      .describe('Looks that gave something else than the one before, newest first'),
  })
  .meta({ id: 'AgencyDomain' });

const SAYS = [{ resolver: '9.9.9.9:53', says: 'seen' }];
const EXAMPLE = {
  domain: 'records.example.gov',
  ...EXAMPLE_STANDING,
  record: EXAMPLE_RECORD_ID,
  txt: { name: '_sealroot.records.example.gov', value: 'sealroot-domain=0f1e2d3c4b5a69788796a5b4c3d2e1f0' },
  document:
    'sealroot/domain@1\nrecords.example.gov\nnotary.example.gov/log\nsealroot-domain=0f1e2d3c4b5a69788796a5b4c3d2e1f0\n',
  resolvers: SAYS,
  history: [{ at: EXAMPLE_TIME, outcome: 'seen', resolvers: SAYS }],
};

/** Whether an agency holds its domain. */
@Controller('v1/domain')
export class DomainsController {
  constructor(private readonly domains: DomainsService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read how your domain is verified, and how far it is',
    description:
      'Set the TXT record that `txt` names. It is looked at every hour until every resolver of the service shows it, and daily from then on; resolvers that disagree or give no ' +
      'answer are named, and change nothing. That the domain is verified is a record of the service in its log, which is revoked when the TXT record is gone.',
    security: 'apiKey',
    scope: 'admin',
    answers: {
      200: {
        description: 'How it stands',
        content: { 'application/json': { schema: domainSchema, example: EXAMPLE } },
      },
    },
  })
  get(@Req() request: FastifyRequest): Promise<object> {
    return this.domains.describe(request.agency!.id, actorOf(request));
  }

  @Post('check')
  @HttpCode(200)
  @Operation({
    tag: TAG,
    summary: 'Have your domain looked at now',
    description: 'At most every ten seconds: before that, the last look is told again.',
    security: 'apiKey',
    scope: 'admin',
    answers: {
      200: {
        description: 'How it stands',
        content: { 'application/json': { schema: domainSchema, example: EXAMPLE } },
      },
    },
  })
  check(@Req() request: FastifyRequest): Promise<object> {
    return this.domains.check(request.agency!.id, actorOf(request));
  }
}
