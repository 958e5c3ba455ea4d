import { Controller, Get, Header, Inject } from '@nestjs/common';
import { z } from 'zod';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { DEFAULT_ANCHOR } from '#anchors/kinds.js';
import { EXAMPLE_LISTED_AGENCY, listedAgencySchema } from '../agencies/agency-schemas.js';
import { EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { Operation } from '../openapi/operation.js';
import { recordIdSchema, timeSchema } from '../records/record-schemas.js';
import { WellKnownService } from './well-known.service.js';

const jwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'Jwks' });

const EXAMPLE_JWK = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  alg: 'EdDSA',
  use: 'sig',
};

const serviceSchema = z
  .object({
    format: z.literal('sealroot/service@1'),
    url: z.string().optional(),
    operator: z.object({ name: z.string().optional(), url: z.string().optional() }),
    logs: z
      .array(
        z.object({
          origin: z.string(),
          key: z.string().describe('Verifier key (C2SP signed-note)'),
          firstBatch: z.int().min(0),
          size: z.int().min(0).describe('Batches up to its end, those of earlier logs included'),
          since: timeSchema.nullable().describe('When its first batch was sealed'),
          until: timeSchema.nullable().describe('When another log followed it; null for the one that is written'),
        }),
      )
      .describe('One after the other, the one that is written last'),
    anchors: z.array(z.string()).describe('Names of the anchors that new checkpoints go to'),
    pages: z
      .array(
        z.object({
          name: z.string().describe('File below the root of the service'),
          bytes: z.int().min(0),
          sha256: z.string().describe('Hex'),
          record: recordIdSchema
            .nullable()
            .describe('The record by which the log says that this service published it; null for some minutes'),
        }),
      )
      .describe('Pages of one file each that verify without the service: any copy can be looked up by its digest'),
    agencies: z.array(listedAgencySchema),
  })
  .meta({ id: 'Service' });

const EXAMPLE_SERVICE = {
  format: 'sealroot/service@1',
  url: 'https://notary.example.gov',
  operator: { name: 'Ministry of Records', url: 'https://records.example.gov/notary' },
  logs: [
    {
      origin: 'records.example.gov/log',
      key: 'records.example.gov/log+1f2e3d4c+AWtleQ==',
      firstBatch: 0,
      size: 938,
      since: EXAMPLE_TIME,
      until: null,
    },
  ],
  anchors: [DEFAULT_ANCHOR],
  pages: [
    {
      name: 'offline.html',
      bytes: 575194,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      record: EXAMPLE_RECORD_ID,
    },
  ],
  agencies: [EXAMPLE_LISTED_AGENCY],
};

/** What others may know of this service before they ask it anything. */
@Controller('.well-known')
export class WellKnownController {
  constructor(
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    private readonly service: WellKnownService,
  ) {}

  @Get('sealroot.json')
  @Header('cache-control', 'public, max-age=60')
  @Operation({
    tag: 'Log',
    summary: 'Who runs this service, its logs and their keys, its anchors, pages and agencies',
    description:
      'What the operator says of himself. A key that was got from here is as good as the connection: pin it, or compare it with one that was published elsewhere.',
    answers: {
      200: {
        description: 'The service',
        content: { 'application/json': { schema: serviceSchema, example: EXAMPLE_SERVICE } },
      },
    },
  })
  describe(): Promise<object> {
    return this.service.describe();
  }

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=60')
  @Operation({
    tag: 'Log',
    summary: 'Public keys of status lists (RFC 7517)',
    description: 'A list names its key by `kid`.',
    answers: {
      200: {
        description: 'Keys',
        content: { 'application/json': { schema: jwksSchema, example: { keys: [EXAMPLE_JWK] } } },
      },
    },
  })
  jwks(): object {
    return { keys: [this.key.jwk()] };
  }
}
