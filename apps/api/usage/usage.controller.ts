import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ANCHOR_KINDS } from '#anchors/kinds.js';
import { Operation } from '../openapi/operation.js';
import { whole } from '../openapi/whole.js';
import { isMonth, UsageService } from './usage.service.js';

/** Rows of a page unless it is said, and at most. */
const PAGE_ROWS = 100;
const MAX_PAGE_ROWS = 1000;

const EXAMPLE_MONTH = '2026-03';

const usageQuery = z.strictObject({
  month: z
    .string()
    .refine(isMonth, 'expected a month such as 2026-03')
    .optional()
    .meta({ description: 'Only this month (UTC)', examples: [EXAMPLE_MONTH] }),
  after: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Cursor of the page before, as its `Link` has it', examples: ['MjAyNi0wMyA3'] }),
  limit: whole('Most rows', PAGE_ROWS, MAX_PAGE_ROWS, 1).default(PAGE_ROWS),
});

const monthSchema = z.string().meta({ examples: [EXAMPLE_MONTH] });
const count = (what: string) => z.int().min(0).describe(what);
const costShape = { anchor: z.string(), unit: z.string().describe('The smallest unit of its money') };
const usageSchema = z
  .object({
    countedBatches: count('Batches of the log whose entries are counted: all below this number'),
    quota: z
      .object({ windowSeconds: z.int(), requests: z.int(), records: z.int().nullable() })
      .nullable()
      .optional()
      .describe('What the agency may submit in each window; null for any number, absent for the operator'),
    months: z.array(
      z
        .object({
          month: monthSchema,
          records: count('Of all agencies'),
          costs: z.array(
            z.object({
              ...costShape,
              spent: z.string().describe('What the anchor has cost in the month; decimal'),
              perRecord: z.number().nullable().describe('This by the records of the month; null where there are none'),
              budgetPerDay: z.string().nullable().describe('Most that it may spend in 24 hours; null without a limit'),
            }),
          ),
        })
        .meta({ id: 'UsageMonth', description: 'The whole service in a month (UTC)' }),
    ),
    usage: z.array(
      z
        .object({
          agency: z.string(),
          month: monthSchema,
          records: count('Records in batches that were sealed in the month. Exact'),
          statusChanges: count('Events of status in these; one that is about a range is one. Exact'),
          reliances: count('That it relies on a record, in these. Exact'),
          relyingAgencies: count(
            'Other agencies that said in the month, for a purpose for the first time, that they rely on a record of this one. Exact',
          ),
          verifications: z
            .object({
              proofs: count('Answers with a proof of one of its records, to others'),
              lookUps: count('Answers to a look-up by digest that name one of its records, to whomever'),
            })
            .describe(
              "What others asked about its records. At least so much: what the page looks up by the first bits of a digest is nobody's to know, caches, proofs that came another way, and verifying itself ask nobody; up to 10 s of counting are lost with a process that is killed",
            ),
          costs: z.array(
            z.object({ ...costShape, share: z.string().describe('Of what the anchor has cost, by records; decimal') }),
          ),
        })
        .meta({ id: 'Usage' }),
    ),
  })
  .meta({ id: 'UsagePage' });

/** One that costs money; its unit is a satoshi. */
const PAID_ANCHOR = ANCHOR_KINDS.find(({ isPaid }) => isPaid)!.name;

const EXAMPLE = {
  countedBatches: 4711,
  quota: { windowSeconds: 60, requests: 1000, records: 100_000 },
  months: [
    {
      month: EXAMPLE_MONTH,
      records: 1_250_000,
      costs: [{ anchor: PAID_ANCHOR, unit: 'sats', spent: '93000', perRecord: 0.0744, budgetPerDay: '50000' }],
    },
  ],
  usage: [
    {
      agency: 'records.example.gov',
      month: EXAMPLE_MONTH,
      records: 250_000,
      statusChanges: 310,
      reliances: 0,
      relyingAgencies: 4,
      verifications: { proofs: 8120, lookUps: 2033 },
      costs: [{ anchor: PAID_ANCHOR, unit: 'sats', share: '18600' }],
    },
  ],
};

/** What agencies make of the service. */
@Controller('v1/usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  @Operation({
    tag: 'Records',
    summary: 'Read what you have used, month by month',
    description:
      'The newest month first; with the admin token, of all agencies. Records, changes of status and reliances follow from the log and are exact as far as `countedBatches`, which is a second or so behind it. ' +
      'What an anchor costs is shared by records.',
    security: 'apiKeyOrAdminToken',
    scope: 'read',
    query: usageQuery,
    answers: {
      200: {
        description: 'A row for each agency and month in which there was anything',
        headers: { link: 'The next page, `rel="next"`, while there is one' },
        content: { 'application/json': { schema: usageSchema, example: EXAMPLE } },
      },
    },
  })
  async list(
    @Query({ schema: usageQuery }) query: z.output<typeof usageQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body, link } = await this.usage.page(request.agency, query);
    if (link !== undefined) reply.header('link', link);
    reply.header('cache-control', 'private, no-store').send(body);
  }
}
