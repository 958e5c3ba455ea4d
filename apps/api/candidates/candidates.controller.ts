import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { NDJSON } from '../limits/line-body.js';
import { Operation } from '../openapi/operation.js';
import { CandidatesService, PAGE_CANDIDATES } from './candidates.service.js';

const lengthsSchema = z
  .object({
    bits: z.int().min(0).max(64).describe('Length of the prefix for a page of candidates'),
    proofBits: z.int().min(0).max(64).describe('Length of the prefix for proofs'),
    pageSize: z.int().describe('Room for candidates in a page'),
  })
  .meta({ id: 'PrefixLengths' });

const prefixQuery = z.strictObject({
  prefix: z
    .string()
    .regex(/^[01]{0,64}$/, 'expected up to 64 binary digits')
    .meta({
      description: 'The first bits of the digest as binary digits, at most as many as are asked for',
      examples: ['010011'],
    }),
  after: z
    .string()
    .regex(/^[0-9a-f]{48}$/, 'expected 48 hex digits')
    .optional()
    .meta({
      description: 'The last candidate of the page before, hex',
      examples: ['4f3a22c1e09b7d60019c0b1e4a7c7b3e8d1f6a5b4c3d2e1f'],
    }),
});
type PrefixQuery = z.output<typeof prefixQuery>;

/** A lookup from which the service does not learn which document is looked for. */
@Controller('v1/candidates')
export class CandidatesController {
  constructor(private readonly candidates: CandidatesService) {}

  @Get()
  @Header('cache-control', 'public, max-age=1')
  @Operation({
    tag: 'Records',
    summary: 'How much of a digest a private lookup gives away',
    description:
      'A private lookup sends the first `bits` bits of a digest, never the whole, and finds its record in the answer itself: apps/api/candidates has the ' +
      'specification. So many that at least 1,000 digests begin like that, or none while fewer than twice as many are registered. A client refuses more than 32.',
    answers: {
      200: {
        description: 'The lengths, which grow with the number of digests',
        content: {
          'application/json': { schema: lengthsSchema, example: { bits: 6, proofBits: 12, pageSize: PAGE_CANDIDATES } },
        },
      },
    },
  })
  async lengths(): Promise<z.input<typeof lengthsSchema>> {
    const { candidates, proofs } = await this.candidates.lengths();
    return { bits: candidates, proofBits: proofs, pageSize: PAGE_CANDIDATES };
  }

  @Get('page')
  @Operation({
    tag: 'Records',
    summary: 'Everything registered whose digest begins like this',
    description:
      'Under whichever algorithm. Binary: the number of candidates (4 bytes, big-endian), whether there are more (1 byte, 0 or 1), then candidates in order, each the ' +
      'first 8 bytes of a digest and the 16 bytes of the id of a record that carries it; random bytes fill the page up, so that every answer has the same size.',
    query: prefixQuery,
    answers: {
      200: {
        description: 'A page of candidates',
        content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
      },
    },
    problems: ['prefix-too-long'],
  })
  async page(
    @Res() reply: FastifyReply,
    @Query({ schema: prefixQuery }) { prefix, after }: PrefixQuery,
  ): Promise<void> {
    const page = await this.candidates.page(prefix, placeOf(after));
    reply
      .headers({ 'content-type': 'application/octet-stream', 'cache-control': 'public, max-age=1, no-transform' })
      .send(page);
  }

  @Get('proofs')
  @Operation({
    tag: 'Records',
    summary: 'The proofs of all records whose digest begins like this',
    description:
      'For whoever found a record among the candidates: its proof, and those of at least 15 others where there are as many. One on each line; of a record ' +
      'without a proof yet what `GET /v1/records/{id}` says of it. `link` with `rel="next"` where there are more.',
    query: prefixQuery,
    answers: {
      200: {
        description: 'Proofs',
        headers: { link: 'Address of the next page, where there is one' },
        content: {
          [NDJSON]: { schema: z.string(), example: '{"batch":{…},"format":"sealroot/proof@2","id":"…",…}\n' },
        },
      },
    },
    problems: ['prefix-too-long'],
  })
  async proofs(
    @Res() reply: FastifyReply,
    @Query({ schema: prefixQuery }) { prefix, after }: PrefixQuery,
  ): Promise<void> {
    const { lines, next } = await this.candidates.proofLines(prefix, placeOf(after));
    if (next !== null) reply.header('link', `</v1/candidates/proofs?prefix=${prefix}&after=${next}>; rel="next"`);
    reply.headers({ 'content-type': NDJSON, 'cache-control': 'public, max-age=1' }).send(lines);
  }
}

function placeOf(after: string | undefined): Buffer | null {
  return after === undefined ? null : Buffer.from(after, 'hex');
}
