import { Controller, Get, Header, Inject } from '@nestjs/common';
import { z } from 'zod';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { Operation } from '../openapi/operation.js';

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

/** The public keys that status lists are checked with. */
@Controller('.well-known')
export class KeysController {
  constructor(@Inject(SIGNING_KEY) private readonly key: SigningKey) {}

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
