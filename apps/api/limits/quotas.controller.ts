import { Body, Controller, Delete, Get, Header, HttpCode, Param, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AgencyRepository } from '#database/agency.repository.js';
import { type OwnQuota, QuotaRepository } from '#database/quota.repository.js';
import { actorOf } from '../audit-log/actor.js';
import { Operation } from '../openapi/operation.js';
import { Problem } from '../problems/problem.js';
import { Quotas } from './quotas.js';

const MOST = 1_000_000_000;

/** Records at least that a quota must allow: as many as one request may hold, or some could never be sent. */
const LEAST_RECORDS = 1000;

const quotaShape = {
  windowSeconds: z.int().min(1).max(86_400).describe('Length of a window'),
  requests: z.int().min(1).max(MOST).describe('Requests that submit something, in each window'),
  records: z.int().min(LEAST_RECORDS).max(MOST).nullable().describe('Records in these requests; null for any number'),
};
const newQuotaSchema = z
  .strictObject({
    quota: z.strictObject(quotaShape).nullable().describe('Null for no quota, whatever the settings say'),
  })
  .meta({ id: 'NewQuota' });
const quotaSchema = z
  .object({
    quota: z.object(quotaShape).nullable().describe('What holds; null where nothing is limited'),
    own: z.boolean().describe('Whether the agency has it for itself, and not by the settings of the service'),
    used: z
      .object({ requests: z.int(), records: z.int() })
      .nullable()
      .describe('What processes have taken of it in the present window, a little of which may be unused'),
  })
  .meta({ id: 'AgencyQuota' });

const domainParams = z.object({
  domain: z.string().meta({ description: 'Domain of the agency', examples: ['records.example.gov'] }),
});
const EXAMPLE_QUOTA = { windowSeconds: 60, requests: 1000, records: 100_000 };
const EXAMPLE = { quota: EXAMPLE_QUOTA, own: true, used: { requests: 63, records: 6250 } };
const TAG = 'Administration';

/** What agencies may submit, for the operator. */
@Controller('v1/agencies/:domain/quota')
export class QuotasController {
  constructor(
    private readonly agencies: AgencyRepository,
    private readonly repository: QuotaRepository,
    private readonly quotas: Quotas,
  ) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read what an agency may submit',
    description: 'Its own quota, or that of the settings `QUOTA_…`, and what of it is used.',
    security: 'adminToken',
    params: domainParams,
    answers: {
      200: { description: 'The quota', content: { 'application/json': { schema: quotaSchema, example: EXAMPLE } } },
    },
    problems: ['agency-not-found'],
  })
  async read(@Param('domain') domain: string): Promise<z.output<typeof quotaSchema>> {
    const id = await this.#find(domain);
    const own = await this.repository.find(id);
    const quota = this.quotas.effective(own);
    return { quota, own: own !== null, used: quota === null ? null : await this.repository.used(id, quota) };
  }

  @Put()
  @Operation({
    tag: TAG,
    summary: 'Say what an agency may submit',
    description: 'Holds at once in every process; a new window begins.',
    security: 'adminToken',
    params: domainParams,
    body: {
      schema: newQuotaSchema,
      examples: { 'a thousand a minute': { quota: EXAMPLE_QUOTA }, 'no quota': { quota: null } },
    },
    answers: {
      200: { description: 'The quota', content: { 'application/json': { schema: quotaSchema, example: EXAMPLE } } },
    },
    problems: ['agency-not-found', 'invalid-body'],
  })
  put(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Body({ schema: newQuotaSchema }) { quota }: z.output<typeof newQuotaSchema>,
  ): Promise<object> {
    return this.#set(request, domain, quota ?? 'none');
  }

  @Delete()
  @HttpCode(200)
  @Operation({
    tag: TAG,
    summary: 'Give an agency the quota of the settings again',
    description: 'Holds at once in every process.',
    security: 'adminToken',
    params: domainParams,
    answers: {
      200: { description: 'The quota', content: { 'application/json': { schema: quotaSchema, example: EXAMPLE } } },
    },
    problems: ['agency-not-found'],
  })
  remove(@Req() request: FastifyRequest, @Param('domain') domain: string): Promise<object> {
    return this.#set(request, domain, null);
  }

  async #set(request: FastifyRequest, domain: string, own: OwnQuota): Promise<object> {
    await this.agencies.setQuota(await this.#find(domain), own, actorOf(request));
    return this.read(domain);
  }

  async #find(domain: string): Promise<number> {
    const agency = domain.includes('\0') ? null : await this.agencies.find(domain);
    if (!agency) throw new Problem('agency-not-found', `There is no agency ${JSON.stringify(domain)}.`);
    return agency.id;
  }
}
