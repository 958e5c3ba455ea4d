import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Operation } from '../openapi/operation.js';
import { EXAMPLE_EVENT, EXAMPLE_EVENT_ID, eventListSchema, eventsQuery } from './event-schemas.js';
import { EventsService } from './events.service.js';

/** What happens to the records of an agency, in order. */
@Controller('v1/events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get()
  @Operation({
    tag: 'Events',
    summary: 'Read what has happened',
    description:
      'Your agency\'s feed, oldest first: what was sealed, anchored and changed, each event once, kept for at least 30 days. Follow `Link: …; rel="next"` to ' +
      'its end, and later ask again with the last `cursor`; whoever does misses nothing. An event comes a second or so after what it tells has become true.',
    security: 'apiKey',
    scope: 'read',
    query: eventsQuery,
    answers: {
      200: {
        description: 'Events in order',
        headers: { link: 'The next page, `rel="next"`, while there is one' },
        content: {
          'application/json': {
            schema: eventListSchema,
            example: { events: [EXAMPLE_EVENT], cursor: EXAMPLE_EVENT_ID },
          },
        },
      },
    },
    problems: ['cursor-gone'],
  })
  async list(
    @Query({ schema: eventsQuery }) { after, limit }: z.output<typeof eventsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { json, link } = await this.events.page(request.agency!.id, after, limit);
    if (link !== undefined) reply.header('link', link);
    reply
      .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-store' })
      .send(json);
  }
}
