import { Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROFILES } from '#statement/profile.js';
import { isRecordId } from '#statement/record-id.js';
import { actorOf } from '../audit-log/actor.js';
import { EXAMPLE_HASH, EXAMPLE_NOTE, EXAMPLE_PROMISE, EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { requestIdOf } from '../idempotency/idempotency.service.js';
import { Operation } from '../openapi/operation.js';
import type { ProblemCode } from '../problems/problem.js';
import { EXAMPLE_PROPOSAL, proposalSchema } from '../proposals/proposal-schemas.js';
import { ProposalsService } from '../proposals/proposals.service.js';
import { recordIdParams } from '../records/record-schemas.js';
import {
  EXAMPLE_RELIANCE_STATEMENT,
  MAX_STATUS_RECORDS,
  EXAMPLE_STATUS_STATEMENT,
  historySchema,
  relianceSchema,
  profilesSchema,
  statusAcceptedSchema,
  statusChangeSchema,
  statusChangesSchema,
  statusesAcceptedSchema,
} from './status-schemas.js';
import { RecordHistory } from './record-history.js';
import { StatusService } from './status.service.js';

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';
const TAG = 'Status';
const EXAMPLE_RESULT = { statement: EXAMPLE_STATUS_STATEMENT, leafHash: EXAMPLE_HASH };
const EXAMPLE_CHANGE = { to: 'revoked', reason: 'misuse' };

const PROPOSED = {
  description: 'Nothing is done yet: by the rule of the agency another key must confirm it',
  content: { 'application/json': { schema: proposalSchema, example: EXAMPLE_PROPOSAL } },
};

const PROBLEMS: ProblemCode[] = [
  'too-many-proposals',
  'not-yours',
  'record-not-found',
  'not-sealed',
  'status-conflict',
  'invalid-body',
  'status-not-allowed',
  'successor-not-found',
];

/** What becomes of records, and which kinds of record there are. */
@Controller('v1')
export class StatusController {
  constructor(
    private readonly statuses: StatusService,
    private readonly histories: RecordHistory,
    private readonly proposals: ProposalsService,
  ) {}

  @Post('records/:id/status')
  @HttpCode(201)
  @Header('content-type', JSON_MEDIA_TYPE)
  @Operation({
    tag: TAG,
    summary: 'Change the status of a record',
    description:
      'For the agency that lodged it; `consumed` for others too where its profile says so, and once. Answers after the commit. ' +
      'A change may come when the record and the last event about it are in the log, a second or so later: until then 409 with Retry-After.',
    security: 'apiKey',
    idempotent: true,
    scope: 'status',
    params: recordIdParams,
    body: { schema: statusChangeSchema, examples: { revocation: EXAMPLE_CHANGE } },
    answers: {
      202: PROPOSED,
      201: {
        description: 'The event is stored',
        content: {
          'application/json': {
            schema: statusAcceptedSchema,
            example: { ...EXAMPLE_RESULT, ...EXAMPLE_PROMISE },
          },
        },
      },
    },
    problems: PROBLEMS,
  })
  async changeOne(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const body = { ...(request.body as object), records: [id] };
    const proposal = isRecordId(id) ? await this.#propose(request, body, reply) : null;
    return proposal ?? this.statuses.changeOne(request.agency!, id, request.body, requestIdOf(request));
  }

  @Post('status')
  @HttpCode(200)
  @Header('content-type', JSON_MEDIA_TYPE)
  @Operation({
    tag: TAG,
    summary: 'Change the status of up to 100,000 records, in a list or a range',
    description:
      'In a list each record succeeds or fails alone, and the answer lists them in order. A range is of ordinals, all of them records of the agency; ' +
      'it is one event for each stretch of records about which there was none.',
    security: 'apiKey',
    idempotent: true,
    scope: 'status',
    body: {
      schema: statusChangesSchema,
      maxWidth: MAX_STATUS_RECORDS,
      examples: {
        'a list': { ...EXAMPLE_CHANGE, records: [EXAMPLE_RECORD_ID] },
        'a range': { ...EXAMPLE_CHANGE, range: { first: 1200, count: 50_000 } },
      },
    },
    answers: {
      202: PROPOSED,
      200: {
        description: 'The outcome',
        content: {
          'application/json': {
            schema: statusesAcceptedSchema,
            example: { results: [EXAMPLE_RESULT], ...EXAMPLE_PROMISE },
          },
        },
      },
    },
    problems: PROBLEMS,
  })
  async changeMany(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const proposal = await this.#propose(request, request.body, reply);
    return proposal ?? this.statuses.changeMany(request.agency!, request.body, requestIdOf(request));
  }

  @Post('records/:id/reliances')
  @HttpCode(201)
  @Header('content-type', JSON_MEDIA_TYPE)
  @Operation({
    tag: TAG,
    summary: 'Say that you rely on a record',
    description:
      'Goes into the log like a change of status. Said twice for one purpose, it is one reliance; said before without `agencySignature`, it is stored again with it.',
    security: 'apiKey',
    idempotent: true,
    scope: 'submit',
    params: recordIdParams,
    body: { schema: relianceSchema, examples: { 'opening an account': { purpose: 'account-opening' } } },
    answers: {
      201: {
        description: 'It is stored',
        content: {
          'application/json': {
            schema: statusAcceptedSchema,
            example: {
              statement: EXAMPLE_RELIANCE_STATEMENT,
              leafHash: EXAMPLE_HASH,
              ...EXAMPLE_PROMISE,
            },
          },
        },
      },
    },
    problems: ['record-not-found', 'invalid-body'],
  })
  rely(@Req() request: FastifyRequest, @Param('id') id: string): Promise<string> {
    return this.statuses.rely(request.agency!, id, request.body);
  }

  @Get('records/:id/history')
  @Header('content-type', JSON_MEDIA_TYPE)
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Read what has become of a record',
    description:
      'For everybody where the profile makes the status public, otherwise for the agency that lodged the record. Each event comes with what shows that it is in the log: its entry in a ' +
      'batch, and the entry of that batch under the checkpoint. That there is no other event, only a proof shows. ' +
      'A statement with `agencySignature` was signed by its agency’s own key, as the service says and a proof shows; of others the operator says whose they are.',
    security: 'optionalApiKey',
    scope: 'read',
    params: recordIdParams,
    answers: {
      200: {
        description: 'Its events, newest first',
        content: {
          'application/json': {
            schema: historySchema,
            example: {
              id: EXAMPLE_RECORD_ID,
              note: 'Each event is shown to be in the log under the checkpoint.',
              ordinal: 1203,
              checkpoint: EXAMPLE_NOTE,
              events: [
                {
                  ordinal: 1310,
                  batch: 18,
                  index: 2,
                  status: 'revoked',
                  effectiveAt: EXAMPLE_TIME,
                  receivedAt: EXAMPLE_TIME,
                  statement: EXAMPLE_STATUS_STATEMENT,
                  proof: {
                    entry: 'c2VhbHJvb3Qvc3RhdHVzQDEK',
                    path: [EXAMPLE_HASH],
                    batch: { entry: 'c2VhbHJvb3QvYmF0Y2hAMgo=', path: [EXAMPLE_HASH] },
                  },
                },
              ],
            },
          },
        },
      },
    },
    problems: ['record-not-found'],
  })
  history(@Req() request: FastifyRequest, @Param('id') id: string): Promise<string> {
    return this.histories.of(request.agency, id);
  }

  @Get('profiles')
  @Header('content-type', JSON_MEDIA_TYPE)
  @Header('cache-control', 'public, max-age=300')
  @Operation({
    tag: TAG,
    summary: 'Which kinds of record there are, and their rules',
    description:
      'What its claims must look like, whether its documents are blinded, what may become of a record and who may say so, and whether everybody may know.',
    answers: {
      200: {
        description: 'Every profile that this service accepts',
        content: { 'application/json': { schema: profilesSchema, example: { profiles: [PROFILES[0]] } } },
      },
    },
  })
  profiles(): string {
    return JSON.stringify({ profiles: PROFILES });
  }

  /** JSON text of the proposal that the change becomes; null where one key is enough. */
  async #propose(request: FastifyRequest, body: unknown, reply: FastifyReply): Promise<string | null> {
    const proposal = await this.proposals.proposeStatus(request.agency!, body, requestIdOf(request), actorOf(request));
    if (proposal !== null) reply.code(202);
    return proposal;
  }
}
