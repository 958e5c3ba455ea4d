import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EXAMPLE_HASH, EXAMPLE_NOTE, EXAMPLE_RECORD_ID, EXAMPLE_STATEMENT } from '../openapi/examples.js';
import { TOOL_FORMATS } from '#proof/anchors/formats.js';
import { PROOF_MEDIA_TYPE } from '#proof/format.js';
import { ATTESTATION_FORMS } from '#proof/anchors/kinds.js';
import { Operation } from '../openapi/operation.js';
import { recordIdParams } from '../records/record-schemas.js';
import { isKnown } from '../representations/conditional.js';
import { UsageCounter } from '../usage/usage-counter.js';
import { PROOF_FORMATS, proofStatus, proofVariant } from './proof-variant.js';
import { type ProofAnswer, ProofService } from './proof.service.js';

const hexList = z.array(z.string().regex(/^[0-9a-f]{64}$/)).describe("Hashes, the leaf's sibling first");

/** An attestation; which kinds there are is the proof format's to say, here it is for readers. */
const attestationSchema = z.union(
  ATTESTATION_FORMS.map(([type, { members }]) =>
    z.looseObject({ type: z.literal(type) }).meta({
      properties: { type: { type: 'string', const: type }, ...members },
      required: ['type', ...Object.keys(members)],
    }),
  ),
);

const base64 = z.string();

const checkpointSchema = z.object({ path: hexList, note: z.string(), attestations: z.array(attestationSchema) });

const loggedBatchSchema = z.object({ entry: base64, path: hexList });

const proofSchema = z
  .object({
    format: z.literal('sealroot/proof@2'),
    id: z.string(),
    statement: z.record(z.string(), z.unknown()),
    status: z
      .object({
        checkpoint: checkpointSchema,
        batch: loggedBatchSchema.describe('Its last batch'),
        leaf: z
          .object({ value: base64, path: hexList })
          .describe('Status leaf of the record, under the status root of that batch'),
        events: z
          .array(
            z.object({
              statement: z.record(z.string(), z.unknown()),
              entry: base64,
              index: z.int().min(0),
              path: hexList,
              batch: loggedBatchSchema,
            }),
          )
          .describe('Newest first; none for a record about which nothing was logged'),
      })
      .optional()
      .describe('What had become of the record by the last batch of some checkpoint'),
    batch: z.object({ index: z.int().min(0), path: hexList, entry: z.string(), checkpoint: z.string() }),
    log: z.object({
      key: z.string(),
      checkpoints: z.array(checkpointSchema),
    }),
  })
  .meta({ id: 'Proof', description: 'Canonical JSON (RFC 8785) and a newline' });

const EXAMPLE_PROOF = {
  batch: { checkpoint: EXAMPLE_NOTE, entry: 'c2VhbHJvb3QvYmF0Y2hAMQo=', index: 3, path: [EXAMPLE_HASH] },
  format: 'sealroot/proof@2',
  id: EXAMPLE_RECORD_ID,
  log: {
    checkpoints: [
      {
        attestations: ATTESTATION_FORMS.map(([, { example }]) => example),
        note: EXAMPLE_NOTE,
        path: [EXAMPLE_HASH],
      },
    ],
    key: 'records.example.gov/log+1f2e3d4c+AWtleQ==',
  },
  statement: EXAMPLE_STATEMENT,
};

const proofQuery = z.object({
  format: z
    .enum(PROOF_FORMATS)
    .optional()
    .meta({
      description: `Instead of Accept: json, the proof; tlog-proof, one of C2SP; ${TOOL_FORMATS.map(({ name, title }) => `${name}, ${title}`).join('; ')}`,
      examples: ['json'],
    }),
  status: z
    .string()
    .optional()
    .meta({
      description:
        "With json, as of when the proof shows what has become of the record: `latest`, the newest checkpoint (unless given; one serves some seconds, and carries the log's own clock " +
        'when nothing was sealed in them), `anchored`, the newest ' +
        "that an anchor has confirmed, `cosigned`, the newest with the log's own clock, an RFC 3339 time that is past, or `none`",
      examples: ['latest'],
    }),
  tree: z
    .enum(['batch', 'log'])
    .optional()
    .meta({ description: 'With tlog-proof: record in batch (unless given) or batch in log', examples: ['batch'] }),
  part: z
    .enum(TOOL_FORMATS.flatMap(({ files }) => (files.length > 1 ? files.map(({ part }) => part) : [])))
    .optional()
    .meta({
      description: TOOL_FORMATS.flatMap(({ name, partsTitle }) =>
        partsTitle === undefined ? [] : [`With ${name}, ${partsTitle}`],
      ).join('. '),
      examples: ['response'],
    }),
});

const toolAnswers = Object.fromEntries(
  TOOL_FORMATS.flatMap(({ files }) =>
    files.map(({ mediaType }) => [mediaType, { schema: z.string().meta({ format: 'binary' }) }]),
  ),
);

/** Proofs, in every format. */
@Controller('v1/records')
export class ProofsController {
  constructor(
    private readonly proofs: ProofService,
    private readonly usage: UsageCounter,
  ) {}

  @Get(':id/proof')
  @Operation({
    tag: 'Proofs',
    summary: "A record's proof",
    description:
      'There is one from sealing on, and it grows: later the same address gives a proof with more attestations, a later status, and another ETag. ' +
      'A proof that will not change again, which one with the latest status never is, is marked immutable. Where the profile does not make the status ' +
      'public, only the agency that lodged the record gets it: everybody else gets the proof without.',
    security: 'optionalApiKey',
    scope: 'read',
    params: recordIdParams,
    query: proofQuery,
    answers: {
      200: {
        description: 'The proof',
        headers: { etag: 'Strong, over the body', 'cache-control': 'immutable when final' },
        content: {
          [PROOF_MEDIA_TYPE]: { schema: proofSchema, example: EXAMPLE_PROOF },
          'text/plain': { schema: z.string(), example: 'c2sp.org/tlog-proof@v1\nindex 3\n…' },
          ...toolAnswers,
        },
      },
      304: { description: 'Not changed since If-None-Match' },
    },
    problems: [
      'not-yours',
      'record-not-found',
      'proof-not-ready',
      'no-such-status',
      'format-unavailable',
      'not-acceptable',
    ],
  })
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void | Promise<void> {
    const { id } = request.params as { id: string };
    const query = request.query as Record<string, unknown>;
    const variant = proofVariant(query, request.headers.accept);
    const status = proofStatus(query, variant);
    const agencyId = request.agency?.id ?? null;
    const tell = (answer: ProofAnswer) => {
      this.usage.countProof(answer.lodgedBy, agencyId);
      send(request, reply, answer);
    };
    const answer = this.proofs.find({ id, variant, status, agencyId });
    if (answer instanceof Promise) return answer.then(tell);
    tell(answer);
  }
}

function send(request: FastifyRequest, reply: FastifyReply, { body, etag, headers }: ProofAnswer): void {
  reply.headers(headers);
  if (isKnown(request, etag)) reply.code(304).send();
  else reply.send(body);
}
