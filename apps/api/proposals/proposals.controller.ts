import { Body, Controller, Get, Header, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../audit-log/actor.js';
import { EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import type { ProblemCode } from '../problems/problem.js';
import { EXAMPLE_PROPOSAL, proposalSchema } from './proposal-schemas.js';
import { AgenciesService } from '../agencies/agencies.service.js';
import { ProposalsService } from './proposals.service.js';

const TAG = 'Status';
const PROBLEMS: ProblemCode[] = ['proposal-not-found', 'proposal-closed', 'second-key-needed'];

const proposalParams = z.object({
  id: z.string().meta({ description: 'Id of the proposal', examples: [EXAMPLE_PROPOSAL.id] }),
});
const fourEyesSchema = z
  .strictObject({
    above: z
      .int()
      .min(0)
      .max(100_000)
      .nullable()
      .describe(
        'A change of more records than this at a time, or of a range, needs a second key; null where none does',
      ),
  })
  .meta({ id: 'FourEyes' });

const json = (schema: z.ZodType, example: unknown) => ({ 'application/json': { schema, example } });

/** What two keys of an agency must agree on. */
@Controller('v1')
export class ProposalsController {
  constructor(
    private readonly proposals: ProposalsService,
    private readonly agencies: AgenciesService,
  ) {}

  @Get('proposals')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'List what was proposed and needs a second key',
    description: "Your agency's newest hundred proposals, whatever became of them.",
    security: 'apiKey',
    scope: 'status',
    answers: {
      200: {
        description: 'Newest first',
        content: json(z.object({ proposals: z.array(proposalSchema) }).meta({ id: 'ProposalList' }), {
          proposals: [EXAMPLE_PROPOSAL],
        }),
      },
    },
  })
  list(@Req() request: FastifyRequest): Promise<object> {
    return this.proposals.list(request.agency!.id);
  }

  @Get('proposals/:id')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read a proposal, and what came of it',
    description: 'Once it is done, `answer` is what the request would have been answered with.',
    security: 'apiKey',
    scope: 'status',
    params: proposalParams,
    answers: { 200: { description: 'The proposal', content: json(proposalSchema, EXAMPLE_PROPOSAL) } },
    problems: ['proposal-not-found'],
  })
  get(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    return this.proposals.get(request.agency!.id, id);
  }

  @Post('proposals/:id/confirm')
  @HttpCode(200)
  @Operation({
    tag: TAG,
    summary: 'Confirm what another key has proposed, and have it done',
    description:
      'It is done once, also when the answer is lost: ask for the proposal then. A laxer rule about second keys is confirmed by a key of the scope `admin` too.',
    security: 'apiKey',
    scope: 'status',
    params: proposalParams,
    answers: {
      200: {
        description: 'It is done',
        content: json(proposalSchema, {
          ...EXAMPLE_PROPOSAL,
          state: 'done',
          decidedBy: 'sr_q7m2w9ab',
          decidedAt: EXAMPLE_TIME,
          answer: { results: [] },
        }),
      },
    },
    problems: PROBLEMS,
  })
  confirm(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    return this.proposals.decide(request.agency!, id, 'confirmed', actorOf(request));
  }

  @Post('proposals/:id/reject')
  @HttpCode(200)
  @Operation({
    tag: TAG,
    summary: 'Reject a proposal, or take it back',
    description: 'It is closed then, and nothing is done.',
    security: 'apiKey',
    scope: 'status',
    params: proposalParams,
    answers: {
      200: {
        description: 'It is closed',
        content: json(proposalSchema, {
          ...EXAMPLE_PROPOSAL,
          state: 'rejected',
          decidedBy: 'sr_q7m2w9ab',
          decidedAt: EXAMPLE_TIME,
        }),
      },
    },
    problems: PROBLEMS,
  })
  reject(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    return this.proposals.decide(request.agency!, id, 'rejected', actorOf(request));
  }

  @Get('four-eyes')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read when a second key is needed',
    description: 'The rule of your agency for changes of the status of many records at a time.',
    security: 'apiKey',
    scope: 'status',
    answers: { 200: { description: 'The rule', content: json(fourEyesSchema, { above: 100 }) } },
  })
  fourEyes(@Req() request: FastifyRequest): Promise<object> {
    return this.proposals.fourEyes(request.agency!.id);
  }

  @Put('four-eyes')
  @Operation({
    tag: TAG,
    summary: 'Set when a second key is needed',
    description:
      'A stricter rule holds at once; a laxer one, or none, is a proposal that another key of the scopes `status` and `admin` confirms.',
    security: 'apiKey',
    scope: 'admin',
    body: { schema: fourEyesSchema, examples: { 'more than a hundred': { above: 100 }, never: { above: null } } },
    answers: {
      200: { description: 'It holds', content: json(fourEyesSchema, { above: 100 }) },
      202: {
        description: 'A second key must confirm it',
        content: json(proposalSchema, { ...EXAMPLE_PROPOSAL, kind: 'four-eyes', change: { above: null } }),
      },
    },
    problems: ['invalid-body', 'too-many-proposals'],
  })
  async setFourEyes(
    @Req() request: FastifyRequest,
    @Body({ schema: fourEyesSchema }) body: { above: number | null },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const proposal = await this.proposals.setFourEyes(request.agency!, body.above, actorOf(request));
    reply.code(proposal === null ? 200 : 202);
    return proposal ?? body;
  }

  @Put('agencies/:domain/four-eyes')
  @Operation({
    tag: 'Administration',
    summary: 'Set when an agency needs a second key',
    description: 'At once, whatever it was.',
    security: 'adminToken',
    params: z.object({
      domain: z.string().meta({ description: 'Domain of the agency', examples: ['records.example.gov'] }),
    }),
    body: { schema: fourEyesSchema, examples: { 'more than a hundred': { above: 100 }, never: { above: null } } },
    answers: { 200: { description: 'It holds', content: json(fourEyesSchema, { above: 100 }) } },
    problems: ['agency-not-found', 'invalid-body'],
  })
  async setByOperator(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Body({ schema: fourEyesSchema }) body: { above: number | null },
  ): Promise<object> {
    const { id } = await this.agencies.find(domain);
    await this.proposals.setByOperator(id, body.above, actorOf(request));
    return body;
  }
}
