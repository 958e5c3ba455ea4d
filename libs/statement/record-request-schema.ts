import { z } from 'zod';
import { GROUP_MAX_LINES } from './agency-signature.js';
import { CLAIMS_MAX_BYTES, CLAIMS_MAX_DEPTH } from './claims.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, type DigestAlgorithm } from './digest.js';
import { PROFILES } from './profile.js';
import { RECORD_ID_PATTERN } from './record-id.js';
import { REFERENCE_MAX_CHARACTERS, REFERENCE_PATTERN } from './reference.js';

const hexOf = (algorithm: DigestAlgorithm) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${DIGEST_BYTES[algorithm] * 2}}$`))
    .describe(`${algorithm} digest, ${DIGEST_BYTES[algorithm]} bytes in lower-case hex`);

/** The `digests` member of a record: algorithm → hex, at least one. */
export const digestsSchema = z
  .strictObject({
    sha256: hexOf('sha256').optional(),
    sha512: hexOf('sha512').optional(),
    'sha3-256': hexOf('sha3-256').optional(),
    sm3: hexOf('sm3').optional(),
  })
  .refine((digests) => Object.keys(digests).length > 0, { message: `at least one of ${DIGEST_ALGORITHMS.join(', ')}` })
  .meta({ minProperties: 1, description: 'Digests of one document, algorithm → lower-case hex; at least one' });

const base64url = (pattern: RegExp) => z.string().regex(pattern);

/** The agency's own signature, as a request has it. */
export const agencySignatureSchema = z
  .strictObject({
    key: z
      .string()
      .regex(/^[!-~]{1,128}$/)
      .describe('Id of a signing key that is registered for the agency'),
    alg: z.literal('EdDSA'),
    value: base64url(/^[A-Za-z0-9_-]{85}[AQgw]$/).describe('64 bytes in base64url without padding'),
    group: z
      .strictObject({
        size: z.int().min(1).max(GROUP_MAX_LINES),
        index: z
          .int()
          .min(0)
          .max(GROUP_MAX_LINES - 1),
        path: base64url(/^[A-Za-z0-9_-]{0,512}$/).describe('32 bytes each, concatenated, in base64url without padding'),
      })
      .optional()
      .describe('Where this one stands in the group that was signed as one'),
  })
  .describe(
    "The agency's own signature: over the canonical JSON of the statement without `agencySignature`, `receivedAt` and `nonce`, or over the root of a tree of up to 4,096 such texts",
  )
  .meta({ id: 'AgencySignature' });

/**
 * One record as an agency posts it, for describing the API. `parseRecordRequest` is what decides: it accepts nothing that
 * this schema refuses, and adds the limits that a schema cannot express.
 */
export const recordRequestSchema = z.strictObject({
  digests: digestsSchema,
  profile: z.enum(PROFILES.map(({ id }) => id) as [string, ...string[]]).describe('Record profile and version'),
  reference: z
    .string()
    .regex(REFERENCE_PATTERN)
    .optional()
    .describe(
      `The agency's own name for the record, at most ${REFERENCE_MAX_CHARACTERS} characters, unique per agency`,
    ),
  claims: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      `Coded facts, never personal data: at most ${CLAIMS_MAX_BYTES} bytes of canonical JSON, ${CLAIMS_MAX_DEPTH} levels deep`,
    ),
  validFrom: z.string().meta({ format: 'date-time' }).optional().describe('RFC 3339 time'),
  validUntil: z.string().meta({ format: 'date-time' }).optional().describe('RFC 3339 time, not before validFrom'),
  supersedes: z
    .string()
    .regex(RECORD_ID_PATTERN)
    .optional()
    .describe(
      'The record of this agency that this one takes the place of: it is superseded by this one in the same commit, or neither is stored',
    ),
  agencySignature: agencySignatureSchema.optional(),
  blinded: z.literal(true).optional().describe('Present when the digests are alg(salt ‖ alg(document))'),
});
