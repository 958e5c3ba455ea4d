import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { KEY_SCOPES } from '#database/agency.repository.js';
import { parseNetwork } from '#outbound/networks.js';
import { parsePublicKey } from '#signature/agency-key.js';
import { SignatureError } from '#signature/error.js';
import { actorOf } from '../audit-log/actor.js';
import { EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { plainText, timeSchema } from '../records/record-schemas.js';
import { agencyShape, EXAMPLE_AGENCY, EXAMPLE_LISTED_AGENCY, listedAgencySchema } from './agency-schemas.js';
import { AgenciesService } from './agencies.service.js';

/** RFC 9421, B.1.4. */
const EXAMPLE_PUBLIC_KEY = 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs';

/** A domain name, lower case, at most 253 characters: what statements carry. */
const domainSchema = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected a lower-case domain name',
  )
  .meta({ description: "The agency's domain name", examples: ['records.example.gov'] });

const createAgencySchema = z
  .strictObject({
    domain: domainSchema,
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .refine(...plainText),
  })
  .meta({ id: 'NewAgency' });
const labelSchema = z
  .string()
  .max(100)
  .refine(...plainText);
const scopesSchema = z
  .array(z.enum(KEY_SCOPES))
  .min(1)
  .max(KEY_SCOPES.length)
  .describe(
    'submit: lodge records and reliances; status: change statuses; read: what others may not read; admin: webhooks',
  );
const networksSchema = z
  .array(z.string().refine((text) => parseNetwork(text) !== null, 'expected a network such as 10.20.0.0/16'))
  .max(50)
  .describe('Networks or addresses from which the key may be used; an empty list stands for everywhere');
const expirySchema = timeSchema
  .refine((text) => Date.parse(text) > Date.now(), 'expected a time to come')
  .nullable()
  .describe('When the key ceases to work; null for no end. The agency is told two weeks before');
const publicKeySchema = z
  .string()
  .refine(isPublicKey, 'expected an Ed25519 public key, 32 bytes in base64url without padding')
  .describe('Ed25519 public key of a holder who signs his requests (RFC 9421), base64url as `x` of a JSON Web Key')
  .meta({ examples: [EXAMPLE_PUBLIC_KEY] });
const createKeySchema = z
  .strictObject({
    label: labelSchema.default(''),
    scopes: scopesSchema.default([...KEY_SCOPES]),
    networks: networksSchema.default([]),
    expiresAt: expirySchema.default(null),
    publicKey: publicKeySchema.optional(),
  })
  .meta({ id: 'NewKey' });
const changeKeySchema = z
  .strictObject({ label: labelSchema, scopes: scopesSchema, networks: networksSchema, expiresAt: expirySchema })
  .partial()
  .meta({ id: 'KeyChange' });

const agencySchema = z.object(agencyShape).meta({ id: 'Agency' });
const agencyListSchema = z.object({ agencies: z.array(listedAgencySchema) }).meta({ id: 'AgencyList' });
const keySchema = z
  .object({
    prefix: z.string(),
    publicKey: z.string().nullable().describe('Of a holder who signs his requests; null where he sends the key'),
    label: z.string(),
    scopes: scopesSchema,
    networks: z.array(z.string()),
    createdAt: timeSchema,
    expiresAt: timeSchema.nullable(),
    revokedAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable().describe('A minute or so late; null when it never was'),
  })
  .meta({ id: 'Key' });
const createdKeySchema = z
  .object({
    key: z.string().optional().describe('The whole key: shown this once; of a holder who signs there is none'),
    prefix: z.string().describe('Its public name, and `keyid` of whoever signs by it'),
  })
  .meta({ id: 'CreatedKey' });

const domainParams = z.object({
  domain: z.string().meta({ description: 'Domain of the agency', examples: ['records.example.gov'] }),
});
const keyParams = domainParams.extend({
  prefix: z.string().meta({ description: 'Prefix of the key', examples: ['sr_k3x9q2ab'] }),
});

const EXAMPLE_KEY = {
  prefix: 'sr_k3x9q2ab',
  publicKey: null,
  label: 'back office',
  scopes: ['submit', 'status'],
  networks: ['10.20.0.0/16'],
  createdAt: EXAMPLE_TIME,
  expiresAt: '2030-01-01T00:00:00.000Z',
  revokedAt: null,
  lastUsedAt: EXAMPLE_TIME,
};
const TAG = 'Administration';

function isPublicKey(text: string): boolean {
  try {
    return parsePublicKey(text).length > 0;
  } catch (error) {
    if (error instanceof SignatureError) return false;
    throw error;
  }
}

/** Agencies and their API keys. */
@Controller('v1/agencies')
export class AgenciesController {
  constructor(private readonly agencies: AgenciesService) {}

  @Post()
  @Operation({
    tag: TAG,
    summary: 'Add an agency',
    description: 'Its domain is what statements and proofs name it by, for good.',
    security: 'adminToken',
    body: {
      schema: createAgencySchema,
      examples: { agency: { domain: 'records.example.gov', name: 'Records Office' } },
    },
    answers: {
      201: { description: 'Added', content: { 'application/json': { schema: agencySchema, example: EXAMPLE_AGENCY } } },
    },
    problems: ['agency-exists', 'name-reserved', 'invalid-body'],
  })
  create(
    @Req() request: FastifyRequest,
    @Body({ schema: createAgencySchema }) body: { domain: string; name: string },
  ): Promise<object> {
    return this.agencies.create(actorOf(request), body.domain, body.name);
  }

  @Get()
  @Header('cache-control', 'public, max-age=60')
  @Operation({
    tag: 'Records',
    summary: 'Which agencies notarise what, since when',
    description:
      'Profiles are those under which an agency has lodged records. That an agency is listed says that the operator added it.',
    answers: {
      200: {
        description: 'By domain',
        content: { 'application/json': { schema: agencyListSchema, example: { agencies: [EXAMPLE_LISTED_AGENCY] } } },
      },
    },
  })
  list(): Promise<object> {
    return this.agencies.list();
  }

  @Post(':domain/keys')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: 'Make an API key',
    description:
      'The body may be left out: then the key is good for everything, from everywhere, without end. An agency may have any number of keys in force: to change ' +
      'over, make another and let the first expire. With a `publicKey` no secret is made: its holder signs each request (see `signature`).',
    security: 'adminToken',
    params: domainParams,
    body: {
      schema: createKeySchema,
      examples: {
        labelled: { label: 'back office' },
        bounded: { scopes: ['submit'], networks: ['10.20.0.0/16'], expiresAt: '2030-01-01T00:00:00.000Z' },
        'of one who signs': { label: 'back office', publicKey: EXAMPLE_PUBLIC_KEY },
      },
      optional: true,
    },
    answers: {
      201: {
        description: 'The key, shown this once',
        content: {
          'application/json': {
            schema: createdKeySchema,
            example: { key: `sr_k3x9q2ab_${'x'.repeat(43)}`, prefix: 'sr_k3x9q2ab' },
          },
        },
      },
    },
    problems: ['agency-not-found', 'name-reserved', 'invalid-body'],
  })
  createKey(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Body({ schema: createKeySchema.optional() }) body?: z.output<typeof createKeySchema>,
  ): Promise<object> {
    return this.agencies.createKey(actorOf(request), domain, body ?? createKeySchema.parse({}));
  }

  @Get(':domain/keys')
  @Header('cache-control', 'private, no-store')
  @Operation({
    tag: TAG,
    summary: "List an agency's API keys",
    description: 'By their prefixes: of the rest only a hash is kept.',
    security: 'adminToken',
    params: domainParams,
    answers: {
      200: {
        description: 'Newest first, revoked ones included',
        content: {
          'application/json': {
            schema: z.object({ keys: z.array(keySchema) }).meta({ id: 'KeyList' }),
            example: { keys: [EXAMPLE_KEY] },
          },
        },
      },
    },
    problems: ['agency-not-found'],
  })
  listKeys(@Param('domain') domain: string): Promise<object> {
    return this.agencies.listKeys(domain);
  }

  @Patch(':domain/keys/:prefix')
  @Operation({
    tag: TAG,
    summary: 'Change what an API key is good for, from where, and until when',
    description: 'Members that are left out stay as they are. Takes effect at once in every process, like revoking it.',
    security: 'adminToken',
    params: keyParams,
    body: { schema: changeKeySchema, examples: { 'two more weeks': { expiresAt: '2030-01-15T00:00:00.000Z' } } },
    answers: {
      200: { description: 'The key', content: { 'application/json': { schema: keySchema, example: EXAMPLE_KEY } } },
    },
    problems: ['agency-not-found', 'key-not-found', 'invalid-body'],
  })
  changeKey(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Param('prefix') prefix: string,
    @Body({ schema: changeKeySchema }) body: z.output<typeof changeKeySchema>,
  ): Promise<object> {
    return this.agencies.changeKey(actorOf(request), domain, prefix, body);
  }

  @Delete(':domain/keys/:prefix')
  @HttpCode(204)
  @Operation({
    tag: TAG,
    summary: 'Revoke an API key',
    description:
      'Takes effect at once in every process; within five seconds where a pooler between the service and PostgreSQL keeps notices back.',
    security: 'adminToken',
    params: keyParams,
    answers: { 204: { description: 'Revoked' } },
    problems: ['agency-not-found', 'key-not-found'],
  })
  async revokeKey(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Param('prefix') prefix: string,
  ): Promise<void> {
    await this.agencies.revokeKey(actorOf(request), domain, prefix);
  }
}
