import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DEFAULT_ANCHOR } from '#anchors/kinds.js';
import { Operation } from '../openapi/operation.js';
import { MetricsService } from './metrics.service.js';
import { ReadinessService } from './readiness.service.js';

const checkSchema = z.object({ ok: z.boolean(), detail: z.string() }).meta({ id: 'ReadinessCheck' });
const livenessSchema = z.object({ status: z.literal('live') }).meta({ id: 'Liveness' });
const readinessSchema = z
  .object({
    status: z.enum(['ready', 'degraded', 'not-ready']),
    checks: z.object({ database: checkSchema, queue: checkSchema, seal: checkSchema, anchor: checkSchema }),
  })
  .meta({ id: 'Readiness' });

const EXAMPLE_READINESS = {
  status: 'ready',
  checks: {
    database: { ok: true, detail: 'answered, and can be written to' },
    queue: { ok: true, detail: 'answered' },
    seal: { ok: true, detail: 'nothing waits; last batch sealed at 2026-03-02T09:30:01.000Z' },
    anchor: { ok: true, detail: `${DEFAULT_ANCHOR}: log size 17 confirmed, lag 3600 s` },
  },
};

/** For those who run the service. */
@Controller()
export class OperationsController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly metrics: MetricsService,
  ) {}

  @Get('livez')
  @Header('cache-control', 'no-store')
  @Operation({
    tag: 'Operations',
    summary: 'Whether the process answers',
    description: 'Nothing else is asked: whether requests can be served is `/readyz`.',
    answers: {
      200: {
        description: 'It does',
        content: {
          'application/json': { schema: livenessSchema, example: { status: 'live' } },
        },
      },
    },
  })
  livez(): object {
    return { status: 'live' };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  @Operation({
    tag: 'Operations',
    summary: 'Whether requests can be served, and how the queue, sealing and anchoring get on',
    description:
      'Only a database that cannot be written to makes it 503. A queue that is away, late sealing, and an anchor that is overdue or paused, make it ' +
      '`degraded`, with the reason in the check, and the metric `sealroot_check` 0: records are taken and proofs given all the same.',
    answers: {
      200: {
        description: 'Requests are served',
        content: { 'application/json': { schema: readinessSchema, example: EXAMPLE_READINESS } },
      },
      503: {
        description: 'The database cannot be reached or written to',
        content: { 'application/json': { schema: readinessSchema } },
      },
    },
  })
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const readiness = await this.readiness.check();
    reply.code(readiness.status === 'not-ready' ? 503 : 200);
    return readiness;
  }

  @Get('metrics')
  @Header('cache-control', 'no-store')
  @Operation({
    tag: 'Operations',
    summary: 'Numbers for Prometheus',
    description: 'Alert rules and a dashboard that use them come with the service (docker/monitoring).',
    answers: { 200: { description: 'Text format', content: { 'text/plain': { schema: z.string() } } } },
  })
  async prometheus(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, body } = await this.metrics.text();
    reply.header('content-type', contentType).send(body);
  }
}
