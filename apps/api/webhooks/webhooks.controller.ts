import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { actorOf } from '../audit-log/actor.js';
import { EXAMPLE_EVENT_ID } from '../events/event-schemas.js';
import { Operation } from '../openapi/operation.js';
import type { ProblemCode } from '../problems/problem.js';
import {
  createdEndpointSchema,
  deliveriesQuery,
  deliveryListSchema,
  endpointChangeSchema,
  endpointListSchema,
  endpointParams,
  endpointSchema,
  EXAMPLE_DELIVERY,
  EXAMPLE_ENDPOINT,
  newEndpointSchema,
  replayedSchema,
  replaySchema,
  rotationSchema,
  testedSchema,
} from './webhook-schemas.js';
import { WebhooksService } from './webhooks.service.js';

const TAG = 'Events';
const OF_ONE: ProblemCode[] = ['endpoint-not-found'];

type Params = z.output<typeof endpointParams>;

const json = (schema: z.ZodType, example: unknown) => ({ 'application/json': { schema, example } });

/** Where an agency has its events sent. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Have events sent to a URL',
    description:
      'By Standard Webhooks: each event is posted as `{type, timestamp, data}` with the headers `webhook-id` (its id in the feed, the same at every attempt), ' +
      '`webhook-timestamp` and `webhook-signature`. Any 2xx within 20 seconds is success; 410 disables the endpoint; anything else, redirects included, is tried ' +
      'again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, and when nothing has arrived by then, the endpoint is disabled. Webhooks may come twice and out of ' +
      'order: the feed is the truth.',
    security: 'apiKey',
    scope: 'admin',
    body: {
      schema: newEndpointSchema,
      examples: {
        everything: { url: EXAMPLE_ENDPOINT.url },
        'changes of status, by HMAC': {
          url: EXAMPLE_ENDPOINT.url,
          types: ['record.status_changed', 'relied_record.status_changed'],
          scheme: 'v1',
        },
      },
    },
    answers: { 201: { description: 'Added', content: json(createdEndpointSchema, EXAMPLE_ENDPOINT) } },
    problems: ['invalid-body', 'too-many-endpoints'],
  })
  create(
    @Req() request: FastifyRequest,
    @Body({ schema: newEndpointSchema }) body: z.output<typeof newEndpointSchema>,
  ): Promise<object> {
    return this.webhooks.create(request.agency!.id, body, actorOf(request));
  }

  @Get()
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'List your endpoints',
    description: 'Each with how it does: since when it fails, why it was disabled, what it is signed with.',
    security: 'apiKey',
    scope: 'admin',
    answers: {
      200: { description: 'Oldest first', content: json(endpointListSchema, { endpoints: [EXAMPLE_ENDPOINT] }) },
    },
  })
  list(@Req() request: FastifyRequest): Promise<object> {
    return this.webhooks.list(request.agency!.id);
  }

  @Get(':id')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read an endpoint and how it does',
    description: 'A common secret is not shown again; a public key always is.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    answers: { 200: { description: 'The endpoint', content: json(endpointSchema, EXAMPLE_ENDPOINT) } },
    problems: OF_ONE,
  })
  get(@Req() request: FastifyRequest, @Param({ schema: endpointParams }) { id }: Params): Promise<object> {
    return this.webhooks.get(request.agency!.id, id);
  }

  @Patch(':id')
  @Operation({
    tag: TAG,
    summary: 'Change an endpoint, stop it or let it begin again',
    description:
      'Members that are left out stay as they are. What waits for a stopped endpoint is sent when it begins again.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    body: { schema: endpointChangeSchema, examples: { 'begin again': { enabled: true } } },
    answers: { 200: { description: 'The endpoint', content: json(endpointSchema, EXAMPLE_ENDPOINT) } },
    problems: [...OF_ONE, 'invalid-body'],
  })
  change(
    @Req() request: FastifyRequest,
    @Param({ schema: endpointParams }) { id }: Params,
    @Body({ schema: endpointChangeSchema }) body: object,
  ): Promise<object> {
    return this.webhooks.change(request.agency!.id, id, body, actorOf(request));
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({
    tag: TAG,
    summary: 'Remove an endpoint with its log',
    description: 'Nothing more is sent to it; what is under way at this moment may still arrive.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    answers: { 204: { description: 'Removed' } },
    problems: OF_ONE,
  })
  async delete(@Req() request: FastifyRequest, @Param({ schema: endpointParams }) { id }: Params): Promise<void> {
    await this.webhooks.delete(request.agency!.id, id, actorOf(request));
  }

  @Post(':id/secret')
  @HttpCode(200)
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: "Renew an endpoint's secret",
    description:
      'The earlier ones go on signing beside it for a day, or as long as you say: each webhook has several signatures then.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    body: { schema: rotationSchema, optional: true, examples: { 'within an hour': { overlapSeconds: 3600 } } },
    answers: { 200: { description: 'The endpoint', content: json(createdEndpointSchema, EXAMPLE_ENDPOINT) } },
    problems: [...OF_ONE, 'invalid-body'],
  })
  rotate(
    @Req() request: FastifyRequest,
    @Param({ schema: endpointParams }) { id }: Params,
    @Body({ schema: rotationSchema.optional() }) body?: z.output<typeof rotationSchema>,
  ): Promise<object> {
    const { scheme, overlapSeconds } = body ?? rotationSchema.parse({});
    return this.webhooks.rotate(request.agency!.id, id, scheme, overlapSeconds, actorOf(request));
  }

  @Post(':id/test')
  @HttpCode(202)
  @Operation({
    tag: TAG,
    summary: 'Send an endpoint a test event',
    description: 'Of the type `endpoint.test`, signed and tried again like any other; it stands in the feed too.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    answers: { 202: { description: 'On its way', content: json(testedSchema, { event: EXAMPLE_EVENT_ID }) } },
    problems: [...OF_ONE, 'endpoint-disabled'],
  })
  test(@Req() request: FastifyRequest, @Param({ schema: endpointParams }) { id }: Params): Promise<object> {
    return this.webhooks.test(request.agency!.id, id);
  }

  @Get(':id/deliveries')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read what became of deliveries',
    description: 'Kept as long as their events. Of what a receiver answers only the status is kept.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    query: deliveriesQuery,
    answers: {
      200: {
        description: 'Newest event first',
        headers: { link: 'The next page, `rel="next"`, while there is one' },
        content: json(deliveryListSchema, { deliveries: [EXAMPLE_DELIVERY] }),
      },
    },
    problems: OF_ONE,
  })
  async deliveries(
    @Req() request: FastifyRequest,
    @Param({ schema: endpointParams }) { id }: Params,
    @Query({ schema: deliveriesQuery }) { before, limit }: z.output<typeof deliveriesQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { body, link } = await this.webhooks.listDeliveries(request.agency!.id, id, before, limit);
    if (link !== undefined) reply.header('link', link);
    return body;
  }

  @Post(':id/replay')
  @HttpCode(202)
  @Operation({
    tag: TAG,
    summary: 'Have events sent again',
    description: 'Either events that you name, whether they arrived or not, or what has not arrived since a time.',
    security: 'apiKey',
    scope: 'admin',
    params: endpointParams,
    body: {
      schema: replaySchema,
      examples: { 'some events': { events: [EXAMPLE_EVENT_ID] }, 'what was missed': { since: '2026-03-01T00:00:00Z' } },
    },
    answers: { 202: { description: 'On their way', content: json(replayedSchema, { replayed: 1 }) } },
    problems: [...OF_ONE, 'invalid-body', 'endpoint-disabled'],
  })
  replay(
    @Req() request: FastifyRequest,
    @Param({ schema: endpointParams }) { id }: Params,
    @Body({ schema: replaySchema }) body: z.output<typeof replaySchema>,
  ): Promise<object> {
    return this.webhooks.replay(request.agency!.id, id, body);
  }
}
