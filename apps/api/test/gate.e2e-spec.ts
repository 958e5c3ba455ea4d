import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { decide } from '#gate/decide.js';
import { openGatePack, type OpenPack } from '#gate/open.js';
import { parseCode } from '#paper/codec.js';
import { checkSignature } from '#paper/verify.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { startService, type TestService } from './service.js';

const TEXT = 'GATE PERMIT 4711\nHarbour zone B';
const sha256 = (...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

let service: TestService;
let key: string;
const folder = mkdtempSync(join(tmpdir(), 'sealroot-gate-'));
beforeAll(async () => {
  service = await startService();
  key = (await get('/v1/log/key')).body.trim();
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ method: 'GET', url, headers });
const post = (url: string, payload: object, authorization: string | null = `Bearer ${service.key}`) =>
  service.app.inject({ method: 'POST', url, payload, headers: authorization === null ? {} : { authorization } });

async function permit(more: object = {}) {
  const salt = randomBytes(32);
  const digests = { sha256: sha256(salt, sha256(TEXT)).toString('hex') };
  const answer = await post('/v1/records', { profile: 'permit@1', blinded: true, digests, ...more });
  expect(answer.statusCode).toBe(201);
  return { id: answer.json<{ id: string }>().id, salt };
}

it('a permit is sealed, printed as a code, and told at a gate from a pack alone, until it is revoked', async () => {
  const [valid, lost, early] = await Promise.all([permit(), permit(), permit({ validFrom: '2999-01-01T00:00:00Z' })]);
  expect((await get(`/v1/records/${valid.id}/qr`)).json()).toMatchObject({ code: 'proof-not-ready' });
  await service.seal();

  // What everybody may know: which record it is.
  const named = await get(`/v1/records/${valid.id}/qr?format=text&form=landmark`);
  expect(named.headers['cache-control']).toContain('immutable');
  expect(parseCode(named.body.trimEnd())).toMatchObject({ form: 'landmark', document: undefined, batch: 0, size: 3 });

  const codeOf = async ({ id, salt }: { id: string; salt: Buffer }, form: string) => {
    const answer = await post(`/v1/records/${id}/qr?format=text&form=${form}`, {
      text: TEXT,
      salt: salt.toString('hex'),
    });
    expect(answer.headers['cache-control']).toBe('private, no-store');
    return answer.body.trimEnd();
  };
  const logKey = parseVerifierKey(key);
  const codes = { valid: '', lost: '', early: '' };
  for (const form of ['self-contained', 'landmark']) {
    const code = parseCode(await codeOf(valid, form));
    expect(code.document?.text).toBe(TEXT);
    expect(checkSignature(code, logKey)).toBe(form === 'landmark' ? 'none' : 'signed');
  }
  codes.valid = await codeOf(valid, 'landmark');
  codes.lost = await codeOf(lost, 'self-contained');
  codes.early = await codeOf(early, 'landmark');

  const first = await get('/v1/gate-pack');
  expect(first.headers).toMatchObject({ 'sealroot-batch': '0', 'cache-control': 'public, max-age=60' });
  const pack = openGatePack(new Uint8Array(first.rawPayload), logKey);
  const say = (code: string, open: OpenPack) => decide(code, { key: logKey, pack: open, nowMs: Date.now() }).answer;
  expect([say(codes.valid, pack), say(codes.lost, pack), say(codes.early, pack)]).toEqual([
    'valid',
    'valid',
    'not-yet-valid',
  ]);
  expect((await get('/v1/gate-pack', { 'if-none-match': first.headers['etag'] as string })).statusCode).toBe(304);

  await post(`/v1/records/${lost.id}/status`, { to: 'revoked', reason: 'lost' });
  await service.seal();
  // The log's clock speaks once a second.
  const second = () => Math.floor(Date.now() / 1000);
  const before = second();
  await expect.poll(second).not.toBe(before);
  const changes = await get('/v1/gate-pack?since=0', { 'accept-encoding': 'gzip' });
  expect(changes.headers).toMatchObject({ 'sealroot-batch': '1', 'content-encoding': 'gzip' });
  const plain = (await get('/v1/gate-pack?since=0')).rawPayload;
  const newer = openGatePack(new Uint8Array(plain), logKey, pack);
  expect([say(codes.valid, newer), say(codes.lost, newer)]).toEqual(['valid', 'revoked']);

  if (!hasPython()) return;
  const file = join(folder, 'pack');
  writeFileSync(file, first.rawPayload);
  const script = fileURLToPath(new URL('../../../libs/gate/testing/gate.py', import.meta.url));
  expect(execFileSync('python3', [script, key, file, codes.valid], { encoding: 'utf8' })).toBe('valid\n');
});

it('draws codes as SVG and PNG, as Accept or format say', async () => {
  const { id } = await permit();
  await service.seal();
  const svg = await get(`/v1/records/${id}/qr`);
  expect(svg.headers['content-type']).toBe('image/svg+xml');
  expect(svg.body).toMatch(/^<svg [^>]*width="\d+mm"/);
  expect(svg.body).toContain(`<title>${id}</title>`);
  const png = await get(`/v1/records/${id}/qr`, { accept: 'image/png, image/svg+xml' });
  expect(png.rawPayload.subarray(1, 4).toString()).toBe('PNG');
  expect((await get(`/v1/records/${id}/qr?format=text`, { accept: 'image/png' })).body).toMatch(/^SR1:/);
});

it('a code is made of nothing but the document that was sealed, which no answer repeats', async () => {
  const { id, salt } = await permit();
  await service.seal();
  const url = `/v1/records/${id}/qr`;
  const secret = 'NAME OF A PERSON';
  for (const body of [
    { text: secret, salt: salt.toString('hex') },
    { text: secret },
    { text: TEXT, salt: '00'.repeat(32) },
    { text: `${secret}\t`, salt: salt.toString('hex') },
    { text: 'X'.repeat(1001) },
    { text: TEXT, salt: 'AB' },
  ]) {
    const answer = await post(url, body);
    expect(answer.statusCode, answer.body).toBe(422);
    expect(answer.body).not.toContain(secret);
    expect(answer.body).not.toContain(salt.toString('hex'));
  }
  expect((await post(url, { text: TEXT }, null)).statusCode).toBe(401);
  expect((await get(`${url}?form=other`)).statusCode).toBe(400);
  expect((await get('/v1/records/019ca868-447b-7000-8000-000000000000/qr')).statusCode).toBe(404);
  expect((await get('/v1/gate-pack?since=999999')).statusCode).toBe(404);
  expect((await get('/v1/gate-pack?since=-1')).statusCode).toBe(400);
});
