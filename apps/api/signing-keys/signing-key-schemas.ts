import { z } from 'zod';
import { normalizeTime } from '#statement/time.js';
import { EXAMPLE_RECORD_ID, EXAMPLE_TIME } from '../openapi/examples.js';
import { recordIdSchema, timeSchema } from '../records/record-schemas.js';

const EXAMPLE_X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const EXAMPLE_KEY_ID = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';

const givenTime = timeSchema.refine((text) => normalizeTime(text) !== null, 'expected an RFC 3339 time');

export const newSigningKeySchema = z
  .strictObject({
    publicKey: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes in base64url without padding')
      .describe('Ed25519 public key: member `x` of its JSON Web Key'),
    possession: z
      .string()
      .regex(/^[A-Za-z0-9_-]{86}$/, 'expected 64 bytes in base64url without padding')
      .describe(
        'Signature by the key over the four lines `sealroot/signing-key@1`, domain of the agency, origin of the log, `publicKey`, each with its newline',
      ),
    validFrom: givenTime.optional().describe('From when on it may sign; now unless it is given'),
    validUntil: givenTime
      .refine((text) => Date.parse(text) > Date.now(), 'expected a time to come')
      .optional()
      .describe('Until when; without end unless it is given'),
  })
  .meta({ id: 'NewSigningKey' });

export const revocationSchema = z
  .strictObject({
    reason: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/, 'expected a code of 1 to 64 characters a-z, 0-9 and -')
      .describe('A code; stands in the log for everybody'),
  })
  .meta({ id: 'SigningKeyRevocation' });

export const signingKeySchema = z
  .object({
    key: z.string().describe('Its id, the RFC 7638 thumbprint of `jwk`: what `agencySignature` names it by'),
    algorithm: z.literal('Ed25519'),
    jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
    validFrom: timeSchema,
    validUntil: timeSchema.nullable(),
    revokedAt: timeSchema.nullable(),
    reason: z.string().optional().describe('Why it was revoked'),
    record: recordIdSchema
      .nullable()
      .describe('The record by which the log says whose it is; null for a moment after it was registered'),
    inLog: z.boolean().describe('Whether that record is in the log: signatures are taken from then on'),
  })
  .meta({ id: 'SigningKey' });

export const signingKeyListSchema = z.object({ signingKeys: z.array(signingKeySchema) }).meta({ id: 'SigningKeyList' });

export const keyIdParams = z.object({
  key: z.string().meta({ description: 'Id of the signing key', examples: [EXAMPLE_KEY_ID] }),
});

export const domainParams = z.object({
  domain: z.string().meta({ description: 'Domain of the agency', examples: ['records.example.gov'] }),
});

export const EXAMPLE_NEW_SIGNING_KEY = {
  publicKey: EXAMPLE_X,
  possession: `${'A'.repeat(85)}Q`,
  validUntil: '2030-01-01T00:00:00.000Z',
};

export const EXAMPLE_SIGNING_KEY = {
  key: EXAMPLE_KEY_ID,
  algorithm: 'Ed25519',
  jwk: { crv: 'Ed25519', kty: 'OKP', x: EXAMPLE_X },
  validFrom: EXAMPLE_TIME,
  validUntil: '2030-01-01T00:00:00.000Z',
  revokedAt: null,
  record: EXAMPLE_RECORD_ID,
  inLog: true,
};
