import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProof, parseProof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { startService, type TestService } from './service.js';

describe('the record routes', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('takes a record and hands out a proof', async () => {
    const digests = { sha256: createHash('sha256').update('a document').digest('hex') };
    const made = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: { digests, profile: 'generic@1' },
    });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json<{ id: string }>();
    const early = await service.app.inject(`/v1/records/${id}/proof`);
    expect(early.statusCode).toBe(404);
    expect(early.json()).toMatchObject({ code: 'proof-not-ready' });
    await service.seal();
    const proof = await service.app.inject(`/v1/records/${id}/proof`);
    expect(proof.statusCode, proof.body).toBe(200);
    expect(formatProof(parseProof(proof.body))).toBe(proof.body);
    const result = await verifyProof({ proof: proof.body, digests: { sha256: createHash('sha256').update('a document').digest() }, now: new Date() });
    expect(result.verdict).toBe('pending');
  });
});
