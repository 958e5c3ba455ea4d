import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BlockSource } from '#source/block-source.js';
import { formatProof, parseProof, type Proof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import { verifyProof } from '#proof/verify.js';

/** SHA-256 of a text, hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Fetches a record's proof as anyone could, and verifies it against the document and the published key of the log. */
export async function verifyFromPublicData(
  app: NestFastifyApplication,
  id: string,
  document: string,
  blockSources: BlockSource[] = [],
): Promise<Verification & { proof: Proof }> {
  const answer = await app.inject(`/v1/records/${id}/proof`);
  expect(answer.statusCode, answer.body).toBe(200);
  // The service puts proofs together from text; it must be exactly what the library would write.
  expect(formatProof(parseProof(answer.body))).toBe(answer.body);
  const key = (await app.inject('/v1/log/key')).body.trim();
  const digests = { sha256: createHash('sha256').update(document).digest() };
  const sources = { bitcoin: blockSources, evm: [] };
  const result = await verifyProof({ proof: answer.body, digests, trustedKeys: [key], sources, now: new Date() });
  expect(result.findings.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(result.record?.id).toBe(id);
  return { ...result, proof: parseProof(answer.body) };
}

/** Changes the document: the proof must not hold any more. */
export async function expectMismatch(app: NestFastifyApplication, id: string): Promise<void> {
  const { body } = await app.inject(`/v1/records/${id}/proof`);
  const digests = { sha256: createHash('sha256').update('another document').digest() };
  expect((await verifyProof({ proof: body, digests, now: new Date() })).verdict).toBe('mismatch');
}
