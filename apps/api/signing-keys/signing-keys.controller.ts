import { Body, Controller, Get, Header, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../audit-log/actor.js';
import { Operation } from '../openapi/operation.js';
import {
  domainParams,
  EXAMPLE_NEW_SIGNING_KEY,
  EXAMPLE_SIGNING_KEY,
  keyIdParams,
  newSigningKeySchema,
  revocationSchema,
  signingKeyListSchema,
  signingKeySchema,
} from './signing-key-schemas.js';
import { type SigningKeyRequest, SigningKeysService } from './signing-keys.service.js';

const TAG = 'Administration';
const ONE = { 'application/json': { schema: signingKeySchema, example: EXAMPLE_SIGNING_KEY } };
const NEW_KEY = { schema: newSigningKeySchema, examples: { 'a key': EXAMPLE_NEW_SIGNING_KEY } };
const REVOCATION = { schema: revocationSchema, examples: { rotation: { reason: 'rotated' } } };
const REGISTERING =
  'That the key is the agency’s is said in the log, by a record of profile `identity@1` of the agency `registrar.<host of the log>`: it is answered when that is sealed, or after five seconds. ' +
  'The same key again is answered as it stands.';
const REVOKING =
  'Signatures by it are refused at once in every process. The log says so by an event about the record that registers it: what was sealed before stays signed by a key that was good.';

/** Keys by which agencies sign what they notarise, as the operator manages them and everybody sees them. */
@Controller('v1/agencies/:domain/signing-keys')
export class AgencySigningKeysController {
  constructor(private readonly keys: SigningKeysService) {}

  @Post()
  @Operation({
    tag: TAG,
    summary: 'Register a key by which an agency signs what it notarises',
    description: REGISTERING,
    security: 'adminToken',
    params: domainParams,
    body: NEW_KEY,
    answers: { 201: { description: 'Registered', content: ONE } },
    problems: ['agency-not-found', 'signing-key-taken', 'no-registrar', 'invalid-body'],
  })
  register(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Body({ schema: newSigningKeySchema }) body: SigningKeyRequest,
  ): Promise<object> {
    return this.keys.registerFor(actorOf(request), domain, body);
  }

  @Get()
  @Header('cache-control', 'public, max-age=10')
  @Operation({
    tag: 'Records',
    summary: "List an agency's signing keys",
    description: 'As the service says it: what shows a key to others is the proof of the record that registers it.',
    params: domainParams,
    answers: {
      200: {
        description: 'Newest first, revoked ones included',
        content: {
          'application/json': { schema: signingKeyListSchema, example: { signingKeys: [EXAMPLE_SIGNING_KEY] } },
        },
      },
    },
    problems: ['agency-not-found'],
  })
  list(@Param('domain') domain: string): Promise<object> {
    return this.keys.list(domain);
  }

  @Post(':key/revocation')
  @HttpCode(200)
  @Operation({
    tag: TAG,
    summary: "Revoke an agency's signing key",
    description: REVOKING,
    security: 'adminToken',
    params: domainParams.extend(keyIdParams.shape),
    body: REVOCATION,
    answers: { 200: { description: 'Revoked', content: ONE } },
    problems: ['agency-not-found', 'signing-key-not-found', 'invalid-body'],
  })
  revoke(
    @Req() request: FastifyRequest,
    @Param('domain') domain: string,
    @Param('key') key: string,
    @Body({ schema: revocationSchema }) { reason }: { reason: string },
  ): Promise<object> {
    return this.keys.revokeFor(actorOf(request), domain, key, reason);
  }
}

/** The same for an agency's own keys, with its API key. */
@Controller('v1/signing-keys')
export class SigningKeysController {
  constructor(private readonly keys: SigningKeysService) {}

  @Post()
  @Operation({
    tag: 'Records',
    summary: 'Register a key by which you sign what you notarise',
    description: REGISTERING,
    security: 'apiKey',
    scope: 'admin',
    body: NEW_KEY,
    answers: { 201: { description: 'Registered', content: ONE } },
    problems: ['signing-key-taken', 'no-registrar', 'invalid-body'],
  })
  register(
    @Req() request: FastifyRequest,
    @Body({ schema: newSigningKeySchema }) body: SigningKeyRequest,
  ): Promise<object> {
    return this.keys.register(actorOf(request), request.agency!, body);
  }

  @Post(':key/revocation')
  @HttpCode(200)
  @Operation({
    tag: 'Records',
    summary: 'Revoke one of your signing keys',
    description: REVOKING,
    security: 'apiKey',
    scope: 'admin',
    params: keyIdParams,
    body: REVOCATION,
    answers: { 200: { description: 'Revoked', content: ONE } },
    problems: ['signing-key-not-found', 'invalid-body'],
  })
  revoke(
    @Req() request: FastifyRequest,
    @Param('key') key: string,
    @Body({ schema: revocationSchema }) { reason }: { reason: string },
  ): Promise<object> {
    return this.keys.revoke(actorOf(request), request.agency!, key, reason);
  }
}
