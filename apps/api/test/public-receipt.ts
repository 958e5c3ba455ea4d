import { expect } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { parseReceipt } from '#receipt/receipt.js';
import { verifyReceipt } from '#receipt/verify.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';

/** Checks an answer's receipt against the published key of the log, as a holder would: it is over just `leaves` (hex), and promises what the answer says. */
export async function expectReceipt(
  app: NestFastifyApplication,
  answer: { receipt?: unknown; includeBy?: unknown },
  leaves: readonly string[],
): Promise<void> {
  const logKey = parseVerifierKey((await app.inject('/v1/log/key')).body.trim());
  const bytes = leaves.map((hex) => Buffer.from(hex, 'hex'));
  expect(verifyReceipt(parseReceipt(answer.receipt), bytes, logKey)).toMatchObject({ includeBy: answer.includeBy });
}
