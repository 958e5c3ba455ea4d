import { Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DigestAlgorithm } from '#statement/digest.js';
import {
  EXAMPLE_ACCEPTED,
  EXAMPLE_ANCHOR,
  EXAMPLE_PROMISE,
  EXAMPLE_RECORD_ID,
  EXAMPLE_REQUEST,
  EXAMPLE_SHA256,
  EXAMPLE_TIME,
} from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { Quotas } from '../limits/quotas.js';
import { originOf } from '../idempotency/idempotency.service.js';
import { MAX_WAIT_SECONDS, preferredWait } from '../proofs/prefer-wait.js';
import { type ProofWish, ProofWaitService } from '../proofs/proof-wait.service.js';
import { RecordIntakeService } from './record-intake.service.js';
import {
  acceptedManySchema,
  acceptedOneSchema,
  intakeBodySchema,
  lookupParams,
  lookupQuery,
  lookupSchema,
  MAX_RECORDS,
  recordIdParams,
  recordListSchema,
  recordSchema,
  referenceQuery,
} from './record-schemas.js';
import { RecordsService } from './records.service.js';

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

const { outcome: _, ...EXAMPLE_SHOWN } = EXAMPLE_ACCEPTED;
const EXAMPLE_RECORD = {
  ...EXAMPLE_SHOWN,
  stage: 'sealed',
  agency: 'records.example.gov',
  profile: 'generic@1',
  batch: { number: 17, index: 3, size: 120, sealedAt: EXAMPLE_TIME },
  anchors: [EXAMPLE_ANCHOR],
};

/** Records in, and what became of them. */
@Controller('v1')
export class RecordsController {
  constructor(
    private readonly intake: RecordIntakeService,
    private readonly records: RecordsService,
    private readonly proofs: ProofWaitService,
    private readonly quotas: Quotas,
  ) {}

  @Post('records')
  @Operation({
    tag: 'Records',
    summary: 'Lodge one record, or up to 1,000',
    description:
      'Answers after the commit. In an array each item succeeds or fails alone, and the answer lists them in order. ' +
      'A request with a reference can be repeated safely: the same digests give the same record again, others 409. ' +
      'A record that `supersedes` another of the agency takes its place in the same commit, by the rules for changes of status.',
    security: 'apiKey',
    idempotent: true,
    headers: z.object({
      Prefer: z.string().meta({
        description: `\`wait=N\` (RFC 7240): answer once all that was accepted is sealed, with the proofs, or after N seconds, at most ${MAX_WAIT_SECONDS}, without any`,
        examples: ['wait=10'],
      }),
    }),
    scope: 'submit',
    body: {
      schema: intakeBodySchema,
      examples: { 'one record': EXAMPLE_REQUEST, 'several records': [EXAMPLE_REQUEST] },
    },
    answers: {
      200: {
        description: 'The outcome of each item of an array',
        headers: {
          'preference-applied': 'The seconds that the answer was waited for, where `Prefer: wait` was heeded',
        },
        content: {
          'application/json': {
            schema: acceptedManySchema,
            example: { records: [EXAMPLE_ACCEPTED], ...EXAMPLE_PROMISE },
          },
        },
      },
      201: {
        description: 'The single record is stored',
        headers: {
          location: 'Address of the record',
          'preference-applied': 'The seconds that the answer was waited for, where `Prefer: wait` was heeded',
        },
        content: {
          'application/json': { schema: acceptedOneSchema, example: { ...EXAMPLE_ACCEPTED, ...EXAMPLE_PROMISE } },
        },
      },
    },
    problems: [
      'not-yours',
      'record-not-found',
      'reference-conflict',
      'not-sealed',
      'status-conflict',
      'invalid-record',
      'status-not-allowed',
      'no-records',
      'too-many-records',
    ],
  })
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { agency, body, headers } = request;
    const seconds = preferredWait(headers.prefer);
    // Not the request: over a connection that is done when its body was read.
    const isGone = () => reply.raw.destroyed;
    const wish: ProofWish | null =
      seconds === null
        ? null
        : {
            one: (id) => this.proofs.proof(id, agency!.id, seconds, isGone),
            all: (ids, pause) => this.proofs.all(ids, agency!.id, seconds, isGone, pause),
          };
    const count = Array.isArray(body) ? body.length : 1;
    // What is too long is refused below.
    if (count <= MAX_RECORDS) await this.quotas.countRecords(agency!.id, count, reply);
    const { status, json, location } = await this.intake.accept(agency!, body, originOf(request), wish);
    if (seconds !== null) reply.header('preference-applied', `wait=${seconds}`);
    if (location !== undefined) reply.header('location', location);
    reply.code(status).header('content-type', JSON_MEDIA_TYPE).send(json);
  }

  @Get('records')
  @Header('content-type', JSON_MEDIA_TYPE)
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: 'Records',
    summary: 'Find your own record by its reference',
    description: 'A reference is one of a kind within an agency: the list holds one record or none.',
    security: 'apiKey',
    scope: 'read',
    query: referenceQuery,
    answers: {
      200: {
        description: 'The record, or an empty list',
        content: { 'application/json': { schema: recordListSchema, example: { records: [EXAMPLE_RECORD] } } },
      },
    },
  })
  byReference(
    @Req() request: FastifyRequest,
    @Query({ schema: referenceQuery }) query: { reference: string },
  ): Promise<string> {
    return this.records.describeByReference(request.agency!.id, query.reference);
  }

  @Get('records/:id')
  @Header('content-type', JSON_MEDIA_TYPE)
  @Header('vary', 'authorization')
  @Operation({
    tag: 'Records',
    summary: 'Read a record and how far it is',
    description:
      'With the key of the agency that lodged it also the statement and its leaf hash. Everybody else learns who lodged it when, and how far it is; ' +
      'digests, reference, claims and validity are in the proof. The status is told for convenience: what shows it is in the proof too.',
    security: 'optionalApiKey',
    scope: 'read',
    params: recordIdParams,
    answers: {
      200: {
        description: 'The record',
        content: { 'application/json': { schema: recordSchema, example: EXAMPLE_RECORD } },
      },
    },
    problems: ['record-not-found'],
  })
  byId(
    @Param('id') id: string,
    @Req() { agency }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    reply.header('cache-control', agency ? 'private, no-store' : 'public, max-age=1');
    return this.records.describe(id, agency?.id ?? null);
  }

  @Get('lookup/:algorithm/:digest')
  @Header('content-type', JSON_MEDIA_TYPE)
  @Header('cache-control', 'public, max-age=1')
  @Operation({
    tag: 'Records',
    summary: 'Which agencies have notarised this digest, since when',
    description:
      'For everybody who has the document. What an agency said of it, and the evidence, is in the proof of each record.',
    params: lookupParams,
    query: lookupQuery,
    answers: {
      200: {
        description: 'Records that carry the digest',
        content: {
          'application/json': {
            schema: lookupSchema,
            example: {
              algorithm: 'sha256',
              digest: EXAMPLE_SHA256,
              records: [
                {
                  id: EXAMPLE_RECORD_ID,
                  agency: 'records.example.gov',
                  profile: 'generic@1',
                  receivedAt: EXAMPLE_TIME,
                  stage: 'anchored',
                },
              ],
            },
          },
        },
      },
    },
  })
  lookup(
    @Param({ schema: lookupParams }) params: { algorithm: DigestAlgorithm; digest: string },
    @Query({ schema: lookupQuery }) query: z.output<typeof lookupQuery>,
  ): Promise<string> {
    return this.records.lookup(params.algorithm, params.digest, query.after ?? null, query.limit);
  }
}
