import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CodeForm } from '#paper/code.js';
import { SALT_BYTES } from '#statement/blinding.js';
import { Operation } from '../openapi/operation.js';
import { QR_FORMATS, QR_MEDIA_TYPES, type QrFormat, QrService } from './qr.service.js';
import { recordIdParams } from './record-schemas.js';

const FORMS = ['self-contained', 'landmark'] as const satisfies readonly CodeForm[];

const qrQuery = z.strictObject({
  form: z
    .enum(FORMS)
    .default('self-contained')
    .meta({
      description:
        "`self-contained`: checked with the log's key alone (unless given). `landmark`: smaller, checked with a gate pack",
      examples: ['self-contained'],
    }),
  format: z
    .enum(QR_FORMATS)
    .optional()
    .meta({ description: 'Instead of Accept: svg (unless given), png, or text, which is what the QR code holds' }),
});
type QrQuery = z.output<typeof qrQuery>;

const documentSchema = z
  .strictObject({
    text: z.string().min(1).max(1000).describe('The document: its UTF-8 is what was sealed'),
    salt: z
      .string()
      .regex(/^[0-9a-f]{64}$/, `expected ${SALT_BYTES} bytes in lower-case hex`)
      .optional()
      .describe('Salt of the blinded digests'),
  })
  .meta({ id: 'PrintedDocument' });

const answer = (description: string) => ({
  200: {
    description,
    content: {
      [QR_MEDIA_TYPES.svg]: { schema: z.string() },
      [QR_MEDIA_TYPES.png]: { schema: z.string().meta({ format: 'binary' }) },
      'text/plain': { schema: z.string(), example: 'SR1:…' },
    },
  },
});

/** Codes for print. */
@Controller('v1/records')
export class QrController {
  constructor(private readonly codes: QrService) {}

  @Get(':id/qr')
  @Operation({
    tag: 'Proofs',
    summary: 'A code for print that says which record the paper belongs to',
    description:
      'A code on paper (libs/paper) of what everybody may know: statement, place in the batch, signature. It does not hold the document, of which the service knows the ' +
      'digest alone: `POST` gives the one that does, and `sealroot qr` makes it without the service.',
    params: recordIdParams,
    query: qrQuery,
    answers: answer('The code, which never changes'),
    problems: ['record-not-found', 'proof-not-ready', 'format-unavailable'],
  })
  async get(
    @Param({ schema: recordIdParams }) { id }: z.output<typeof recordIdParams>,
    @Query({ schema: qrQuery }) { form, format }: QrQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const type = format ?? accepted(request);
    const code = await this.codes.ofRecord(id, form, type);
    const headers = { 'content-type': QR_MEDIA_TYPES[type], vary: 'accept' };
    reply.headers({ ...headers, 'cache-control': 'public, max-age=31536000, immutable' }).send(code);
  }

  @Post(':id/qr')
  @HttpCode(200)
  @Operation({
    tag: 'Proofs',
    summary: 'The code of a permit, with its text in it',
    description:
      'The text (and salt) must be what was sealed; they are compared, drawn, and kept nowhere. A gate reads the permit from the code and checks it without a network.',
    security: 'apiKey',
    scope: 'read',
    params: recordIdParams,
    query: qrQuery,
    body: { schema: documentSchema, examples: { 'a permit': { text: 'GATE PERMIT 4711', salt: '9f'.repeat(32) } } },
    answers: answer('The code'),
    problems: ['record-not-found', 'proof-not-ready', 'invalid-body'],
  })
  async post(
    @Param({ schema: recordIdParams }) { id }: z.output<typeof recordIdParams>,
    @Query({ schema: qrQuery }) { form, format }: QrQuery,
    @Body({ schema: documentSchema }) { text, salt }: z.output<typeof documentSchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const type = format ?? accepted(request);
    const document = { text, salt: salt === undefined ? undefined : Buffer.from(salt, 'hex') };
    const code = await this.codes.ofDocument(id, form, type, document);
    reply.headers({ 'content-type': QR_MEDIA_TYPES[type], 'cache-control': 'private, no-store' }).send(code);
  }
}

/** The first media type of ours that Accept names; SVG where it names none. */
function accepted({ headers: { accept = '' } }: FastifyRequest): QrFormat {
  const named = QR_FORMATS.map((format) => ({ format, at: accept.indexOf(QR_MEDIA_TYPES[format].split(';')[0]!) }));
  const [first] = named.filter(({ at }) => at >= 0).toSorted((a, b) => a.at - b.at);
  return first?.format ?? 'svg';
}
