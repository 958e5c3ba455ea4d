import { z } from 'zod';
import { progressReader } from '../stored-progress.js';

const time = z.iso.datetime();

/** How the last request to one place went. */
const attemptSchema = z.object({
  /** Its name as it may be shown. */
  name: z.string(),
  at: time,
  failure: z.string(),
});

const progressSchema = z.object({
  version: z.literal(1),
  /** Root of the checkpoint, hex, and the signed text that the token is about. */
  root: z.string().regex(/^[0-9a-f]{64}$/),
  text: z.string(),
  startedAt: time,
  /** Rounds of asking all authorities, and of asking for revocation lists. Waiting grows with them. */
  rounds: z.number().int().nonnegative(),
  listRounds: z.number().int().nonnegative(),
  /** Authorities that gave nothing usable in the last round, in their order. */
  failures: z.array(attemptSchema),
  /** Names of authorities whose certificate turned out to be revoked: they are not asked again for this checkpoint. */
  revoked: z.array(z.string()),
  /** The token that was accepted; null until then. */
  token: z
    .object({
      /** The authority by its host, and by its certificate. */
      from: z.string(),
      authority: z.string(),
      genTime: time,
      accuracyMs: z.number().nonnegative().nullable(),
      serial: z.string(),
      expiresAt: time,
    })
    .nullable(),
  /** What the kept revocation lists and OCSP answers say: `none-named` when not all of the certificates name a list or a responder. */
  revocation: z.enum(['unknown', 'good', 'none-named', 'given-up']),
  /** Lists and answers that could not be had in the last round. */
  listFailures: z.array(attemptSchema),
});

/** What the RFC 3161 adapter remembers of a submission. Times are RFC 3339. */
export type Rfc3161Progress = z.output<typeof progressSchema>;

/** Reads what a database gave back. @throws AnchorError `bad-submission` */
export const parseProgress = progressReader(progressSchema);
