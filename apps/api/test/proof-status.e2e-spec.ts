import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { formatProof, parseProof } from '#proof/proof.js';
import { readClock } from '#tlog/clock.js';
import { parseNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { verifyProof } from '#proof/verify.js';
import { sha256Hex } from './public-proof.js';
import { expectStatusShown } from './public-status.js';
import { startService, type TestService } from './service.js';

describe('the status in a proof', () => {
  let service: TestService;
  let other: string;
  beforeAll(async () => {
    service = await startService({ PROOF_STATUS_AGE_SECONDS: '0' });
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const agency = (await agencies.create('tax.example.gov', 'Tax Office'))!;
    other = (await agencies.createKey(agency.id, 'test')).key;
  });
  afterAll(() => service.stop());

  const post = async (url: string, payload: object) => {
    const headers = { authorization: `Bearer ${service.key}` };
    const answer = await service.app.inject({ method: 'POST', url, headers, payload });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.json<{ id: string; statement: Record<string, string> }>();
  };
  const lodge = async (document: string, profile = 'generic@1') => {
    const blinded = profile === 'generic@1' ? {} : { blinded: true };
    const { id } = await post('/v1/records', { digests: { sha256: sha256Hex(document) }, profile, ...blinded });
    await service.seal();
    return id;
  };
  const get = (id: string, status?: string, key?: string) =>
    service.app.inject({
      url: `/v1/records/${id}/proof${status === undefined ? '' : `?status=${encodeURIComponent(status)}`}`,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    });
  const proof = async (id: string, status?: string, key?: string) => {
    const answer = await get(id, status, key);
    expect(answer.statusCode, answer.body).toBe(200);
    const parsed = parseProof(answer.body);
    expect(formatProof(parsed)).toBe(answer.body);
    return parsed;
  };
  const shown = async (id: string, status?: string) => expectStatusShown(await proof(id, status)).statuses;
  const code = async (id: string, status: string, key?: string) =>
    (await get(id, status, key)).json<{ code: string }>().code;
  /** A time after everything that was sealed and before what will be. */
  const between = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const time = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return time;
  };

  it('is the newest one, and every event with the way that it stands in the log', async () => {
    const id = await lodge('licence', 'licence@1');
    const before = await between();
    expect(await shown(id)).toEqual([]);
    for (const to of ['suspended', 'active', 'revoked']) {
      await post(`/v1/records/${id}/status`, { to });
      await service.seal();
    }
    await lodge('another');
    expect(await shown(id)).toEqual(['revoked', 'active', 'suspended']);
    expect(await shown(id, before)).toEqual([]);
    const key = (await service.app.inject('/v1/log/key')).body.trim();
    const { findings } = await verifyProof({
      proof: (await get(id)).body,
      trustedKeys: [key],
      sources: { bitcoin: [], evm: [] },
      now: new Date(),
    });
    const checks = findings.filter(({ check }) => check.startsWith('status-'));
    expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual(
      expect.arrayContaining(['status-root passed', 'status-leaf passed', 'status-history passed']),
    );
    expect(findings.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('is as of any time, and then the answer is kept for ever once nothing can change it', async () => {
    const id = await lodge('as of a time');
    const first = await between();
    await post(`/v1/records/${id}/status`, { to: 'revoked' });
    await service.seal();
    const second = await between();
    expect(await shown(id, first)).toEqual([]);
    expect(await shown(id, second)).toEqual(['revoked']);
    expect(await shown(id, second.replace('Z', '+00:00'))).toEqual(['revoked']);
    expect(await code(id, '2026-01-01T00:00:00Z')).toBe('no-such-status');
    expect(await code(id, '9999-01-01T00:00:00Z')).toBe('bad-request');
    expect(await code(id, 'yesterday')).toBe('bad-request');
    const none = await get(id, 'none');
    expect(parseProof(none.body).status).toBeUndefined();
    expect((await get(id, 'latest')).headers['cache-control']).not.toContain('immutable');
  });

  it("carries the log's own clock where it is asked for, and says what is missing where no anchor has confirmed", async () => {
    const id = await lodge('cosigned');
    const before = Math.floor(Date.now() / 1000);
    const { status, log } = await proof(id, 'cosigned');
    const { name, publicKey } = parseVerifierKey(log.key);
    const clock = readClock(parseNote(status!.checkpoint.note), name, publicKey);
    expect(clock).toMatchObject({ status: 'shown', timestamp: expect.any(Number) as number });
    if (clock.status === 'shown') expect(clock.timestamp).toBeGreaterThanOrEqual(before);
    expectStatusShown(await proof(id, 'cosigned'));
    const anchored = await get(id, 'anchored');
    expect(anchored.json()).toMatchObject({ status: 404, code: 'no-such-status' });
    expect(anchored.headers['retry-after']).toBe('60');
  });

  it("carries the log's own clock unasked where nothing was sealed lately, so that a permit's status is not stale on a quiet log", async () => {
    const id = await lodge('quiet');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { body } = await get(id);
    const { findings, still } = await verifyProof({
      proof: body,
      trustedKeys: [(await service.app.inject('/v1/log/key')).body.trim()],
      sources: { bitcoin: [], evm: [] },
      now: new Date(),
      maxStatusAgeMs: 1100,
    });
    expect(findings.find(({ check }) => check === 'status-age')).toMatchObject({ outcome: 'passed' });
    expect(still).toMatchObject({ state: 'active' });
  });

  it('is shown to everybody, or to the lodging agency alone, as the profile says', async () => {
    const id = await lodge('title', 'title@1');
    for (let i = 0; i < 2; i++) {
      const own = await get(id, undefined, service.key);
      expectStatusShown(parseProof(own.body));
      expect(own.headers['cache-control']).toContain('private');
      for (const key of [undefined, other]) {
        const answer = await get(id, undefined, key);
        expect(parseProof(answer.body).status).toBeUndefined();
        expect(answer.headers['cache-control']).toContain('public');
        expect(await code(id, 'latest', key)).toBe('not-yours');
      }
    }
  });

  it('is no part of other formats', async () => {
    const id = await lodge('formats');
    const answer = await service.app.inject(`/v1/records/${id}/proof?format=tlog-proof&status=latest`);
    expect(answer.json()).toMatchObject({ code: 'bad-request', errors: [{ pointer: '/status' }] });
    expect((await service.app.inject(`/v1/records/${id}/proof?format=tlog-proof`)).statusCode).toBe(200);
  });

  it('is shown under one checkpoint for a while, but for a record that is newer than that', async () => {
    const slow = await startService({ PROOF_STATUS_AGE_SECONDS: '600' });
    try {
      const inSlow = async (document: string) => {
        const answer = await slow.app.inject({
          method: 'POST',
          url: '/v1/records',
          headers: { authorization: `Bearer ${slow.key}` },
          payload: { digests: { sha256: sha256Hex(document) }, profile: 'generic@1' },
        });
        await slow.seal();
        return answer.json<{ id: string }>().id;
      };
      const size = async (id: string) => {
        const answer = await slow.app.inject(`/v1/records/${id}/proof`);
        return expectStatusShown(parseProof(answer.body)).size;
      };
      const [first, second] = [await inSlow('first'), await inSlow('second')];
      expect(await size(first)).toBe(2);
      const third = await inSlow('third');
      expect(await size(first)).toBe(2);
      expect(await size(third)).toBe(3);
      expect(await size(second)).toBe(2);
      const [a, b] = [
        await slow.app.inject(`/v1/records/${first}/proof`),
        await slow.app.inject(`/v1/records/${first}/proof`),
      ];
      expect(a.headers['etag']).toBe(b.headers['etag']);
    } finally {
      await slow.stop();
    }
  });
});
