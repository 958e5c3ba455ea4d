import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasPrograms } from '#setting/testing/programs.js';
import { SignatureNonceRepository } from '#database/signature-nonce.repository.js';
import { createApi } from '../create-api.js';
import { verifyFromPublicData } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

const BODY_LIMIT = 64 * 1024;
const NDJSON = 'application/x-ndjson';

interface Signed {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  payload: string;
}

const sha256 = (text: string) => createHash('sha256').update(text);
const recordOf = (name: string) =>
  JSON.stringify({ profile: 'generic@1', digests: { sha256: sha256(name).digest('hex') } });

describe('a signed request', () => {
  let service: TestService;
  /** Another process on the same database, which others reach by another address. */
  let other: NestFastifyApplication;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const x = publicKey.export({ format: 'jwk' }).x!;
  let keyid: string;

  beforeAll(async () => {
    service = await startService({ BODY_LIMIT_BYTES: String(BODY_LIMIT) });
    other = await createApi({ ...service.config, publicUrl: 'https://notary.example.gov/seal' });
    keyid = (await register({ label: 'signer' })).prefix;
  });
  afterAll(async () => {
    await other.close();
    await service.stop();
  });

  const administer = (method: 'POST' | 'PATCH' | 'DELETE' | 'GET', path: string, payload?: object) =>
    service.app.inject({
      method,
      url: `/v1/agencies/records.example.gov/keys${path}`,
      headers: { authorization: `Bearer ${ADMIN}` },
      ...(payload ? { payload } : {}),
    });
  const register = async (terms: object) => {
    const made = await administer('POST', '', { publicKey: x, ...terms });
    expect(made.statusCode, made.body).toBe(201);
    return made.json<{ prefix: string; key?: string }>();
  };

  /** A request as a client signs it; `as` is the address under which he knows the service. */
  const request = (
    method: 'GET' | 'POST',
    url: string,
    payload = '',
    {
      id = keyid,
      key = privateKey,
      as = 'localhost:80',
      type = 'application/json',
      prefix = '',
    }: { id?: string; key?: KeyObject; as?: string; type?: string; prefix?: string } = {},
  ): Signed => {
    const [path, query] = url.split('?');
    const parts: Record<string, string> = {
      '@method': method,
      '@authority': as.replace(/:80$/, ''),
      '@path': prefix + path!,
      '@query': `?${query ?? ''}`,
    };
    const headers: Record<string, string> = {};
    if (payload !== '') {
      headers['content-digest'] = `sha-256=:${sha256(payload).digest('base64')}:`;
      headers['content-type'] = type;
      Object.assign(parts, headers);
    }
    const created = Math.floor(Date.now() / 1000);
    const list = `(${Object.keys(parts)
      .map((name) => `"${name}"`)
      .join(' ')})`;
    const params = `${list};created=${created};expires=${created + 60};nonce="${randomUUID()}";keyid="${id}";alg="ed25519";tag="sealroot-submit"`;
    const base = [...Object.entries(parts), ['@signature-params', params]].map(
      ([name, value]) => `"${name}": ${value}`,
    );
    headers['signature-input'] = `sig1=${params}`;
    headers['signature'] = `sig1=:${sign(null, Buffer.from(base.join('\n')), key).toString('base64')}:`;
    return { method, url, headers, payload };
  };
  const send = async ({ method, url, headers, payload }: Signed, app = service.app, remoteAddress = '127.0.0.1') => {
    const answer = await app.inject({ method, url, headers, remoteAddress, ...(payload === '' ? {} : { payload }) });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      ...answer.json<{ code?: string; detail?: string; id: string }>(),
    };
  };
  const stored = async () =>
    (await service.database.pool.query<{ n: number }>('SELECT count(*)::integer AS n FROM "record"')).rows[0]!.n;

  it.skipIf(!hasPrograms({ python3: 'python3', openssl: 'openssl' }))(
    'that another program signs lodges a record, once in either process, and the record is proved like any other',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sealroot-sign-'));
      const keyFile = join(folder, 'key.pem');
      await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const payload = recordOf('signed by python');
      const input = {
        method: 'POST',
        url: 'http://localhost/v1/records',
        body: Buffer.from(payload).toString('base64'),
        contentType: 'application/json',
        keyid,
        keyFile,
        created: Math.floor(Date.now() / 1000),
        nonce: randomUUID(),
      };
      const script = new URL('sign_request.py', import.meta.url).pathname;
      const headers = JSON.parse(
        execFileSync('python3', [script], { input: JSON.stringify(input), encoding: 'utf8' }),
      ) as Signed['headers'];
      await rm(folder, { recursive: true });
      const signed: Signed = { method: 'POST', url: '/v1/records', headers, payload };
      const lodged = await send(signed);
      expect(lodged.status, lodged.detail).toBe(201);
      expect(await send(signed)).toMatchObject({ status: 401, detail: expect.stringContaining('nonce') });
      await service.seal();
      const { record } = await verifyFromPublicData(service.app, lodged.id, 'signed by python');
      expect(record?.agency).toBe('records.example.gov');
    },
  );

  it('is known by the public address where the service has one, and its nonce is used up in every process', async () => {
    const at = { as: 'notary.example.gov', prefix: '/seal' };
    const signed = request('POST', '/v1/records', recordOf('other'), at);
    expect((await send(signed, other)).status).toBe(201);
    expect(await send(signed, other)).toMatchObject({ status: 401, detail: expect.stringContaining('nonce') });
    expect((await send(request('POST', '/v1/records', recordOf('o')), other)).status).toBe(401);
    expect((await send(request('POST', '/v1/records', recordOf('o'), at))).status).toBe(401);
    // The very signature that one process took, at the other: addresses apart, its nonce is gone.
    const plain = request('GET', '/v1/records?reference=x');
    const twin = await createApi(service.config);
    try {
      expect((await send(plain)).status).toBe(200);
      expect(await send(plain, twin)).toMatchObject({ status: 401, detail: expect.stringContaining('nonce') });
    } finally {
      await twin.close();
    }
  });

  it('is refused when anything that it covers is changed, and nothing is stored', async () => {
    const before = await stored();
    const signed = () => request('POST', '/v1/records', recordOf('changed'));
    const read = () => request('GET', '/v1/records?reference=x');
    const changed = (one: Signed, change: Partial<Signed>, headers: object = {}): Signed => ({
      ...one,
      ...change,
      headers: { ...one.headers, ...headers },
    });
    const otherDigest = `sha-256=:${sha256('x').digest('base64')}:`;
    const wrong: [string, Signed][] = [
      ['method', changed(request('GET', '/v1/records'), { method: 'POST', payload: '{}' })],
      ['path', changed(signed(), { url: '/v1/imports' })],
      ['query', changed(read(), { url: '/v1/records?reference=y' })],
      ['no query', changed(signed(), { url: '/v1/records?' + 'x=1' })],
      ['authority', changed(signed(), {}, { host: 'other.example' })],
      ['type', changed(signed(), {}, { 'content-type': 'application/json; charset=utf-8' })],
      ['digest and body', changed(signed(), { payload: 'x' }, { 'content-digest': otherDigest })],
      ['signature', changed(signed(), {}, { signature: request('GET', '/').headers['signature'] })],
      ['key', request('POST', '/v1/records', recordOf('k'), { key: generateKeyPairSync('ed25519').privateKey })],
      ['unknown key', request('POST', '/v1/records', recordOf('k'), { id: 'sr_nosuchke' })],
      ['a key that is sent', request('POST', '/v1/records', recordOf('k'), { id: service.keyPrefix })],
      ['bearer beside', changed(signed(), {}, { authorization: `Bearer ${service.key}` })],
    ];
    for (const [what, one] of wrong) expect(await send(one), what).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(await send(changed(signed(), { payload: recordOf('swapped') }))).toMatchObject({
      status: 400,
      code: 'digest-mismatch',
    });
    const emptied = changed(signed(), { payload: '' });
    expect((await send(emptied)).code).toBe('digest-mismatch');
    expect(await stored()).toBe(before);
    const refusal = await send(wrong[0]![1]);
    expect(refusal.headers['accept-signature']).toContain('tag="sealroot-submit"');
  });

  it('brings lines of which none is stored unless all are those that were signed', async () => {
    const opened = await send(request('POST', '/v1/imports'));
    const url = `/v1/imports/${opened.id}/lines?offset=0`;
    const lines = ['l1', 'l2', 'l3'].map((name) => `${recordOf(name)}\n`).join('');
    const before = await stored();
    const wrong = request('POST', url, lines, { type: NDJSON });
    expect(await send({ ...wrong, payload: lines.replace(/.\n$/, ' \n') })).toMatchObject({ code: 'digest-mismatch' });
    expect((await send(request('POST', url, 'x'.repeat(BODY_LIMIT + 1), { type: NDJSON }))).code).toBe(
      'body-too-large',
    );
    expect(await stored()).toBe(before);
    const right = request('POST', url, lines, { type: NDJSON });
    const answer = await service.app.inject({ ...right, payload: lines });
    expect(
      answer.body
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { line: number }).line),
    ).toEqual([0, 1, 2]);
    expect(await stored()).toBe(before + 3);
  });

  it('may use what its key is for, from its networks, until it is changed or revoked, in the other process too', async () => {
    const { prefix: id, key } = await register({ scopes: ['read'], networks: ['10.1.0.0/16'] });
    expect(key).toBeUndefined();
    const read = () => request('GET', '/v1/events', '', { id });
    expect((await send(read(), service.app, '10.1.2.3')).status).toBe(200);
    expect((await send(read())).code).toBe('address-not-allowed');
    expect((await send(request('POST', '/v1/imports', '', { id }), service.app, '10.1.2.3')).code).toBe(
      'insufficient-scope',
    );
    const listed = (await administer('GET', '')).json<{ keys: object[] }>().keys;
    expect(listed).toContainEqual(expect.objectContaining({ prefix: id, publicKey: x, scopes: ['read'] }));
    const there = () =>
      send(request('GET', '/v1/events', '', { id, as: 'notary.example.gov', prefix: '/seal' }), other, '10.1.2.3');
    expect((await there()).status).toBe(200);
    expect((await administer('DELETE', `/${id}`)).statusCode).toBe(204);
    // By this clock nothing that is remembered grows old.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    await expect.poll(async () => (await there()).status, { interval: 5 }).toBe(401);
    clock.mockRestore();
  });

  it('never makes the name of its key a key that can be sent', async () => {
    expect((await send(request('GET', '/v1/events'))).status).toBe(200);
    for (const token of [keyid, `${keyid}_`, `${keyid}_${x}`]) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await service.app.inject({ url: '/v1/events', headers })).statusCode, token).toBe(401);
    }
  });

  it('is repeated under its Idempotency-Key with a signature of its own', async () => {
    const once = () => {
      const one = request('POST', '/v1/records', recordOf('idempotent'));
      return service.app.inject({ ...one, headers: { ...one.headers, 'idempotency-key': '"k1"' } });
    };
    const [first, second] = [await once(), await once()];
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body).toBe(first.body);
  });

  it('is signed by no key that several could sign for, or that is none', async () => {
    const small = Buffer.alloc(32);
    small[0] = 1;
    for (const publicKey of [small.toString('base64url'), Buffer.alloc(31).toString('base64url'), `${x}=`, 'x', '', 1])
      expect((await administer('POST', '', { publicKey })).json(), String(publicKey)).toMatchObject({
        code: 'invalid-body',
      });
  });

  it('has a nonce that may come again after ten minutes, and is kept no longer', async () => {
    const { pool } = service.database;
    expect((await send(request('GET', '/v1/events'))).status).toBe(200);
    await pool.query(`UPDATE "signature_nonce" SET "seen_at" = "seen_at" - interval '10 minutes'`);
    const nonces = service.app.get(SignatureNonceRepository, { strict: false });
    const { rows } = await pool.query<{ prefix: string; nonce: string }>(
      'SELECT "key_prefix" AS "prefix", "nonce" FROM "signature_nonce" LIMIT 1',
    );
    const { prefix, nonce } = rows[0]!;
    expect([await nonces.take(prefix, nonce), await nonces.take(prefix, nonce)]).toEqual([true, false]);
    while (await nonces.purge());
    expect((await pool.query('SELECT FROM "signature_nonce"')).rowCount).toBe(1);
  });
});
