import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminToken, loadAdminToken } from './admin-token.js';
import { ensureSigningKeyFile, loadSigningKey, type SigningKeyError, signingKeyFromPem } from './signing-key.js';

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-keys-'));
  path = join(folder, 'signing-key.pem');
  await ensureSigningKeyFile(path);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the signing key', () => {
  it('is made once, in a file for its owner alone', async () => {
    const pem = await readFile(path, 'utf8');
    await ensureSigningKeyFile(path);
    expect(await readFile(path, 'utf8')).toBe(pem);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('signs JWTs that its published JWK verifies', async () => {
    const key = await loadSigningKey({ signingKeyFile: path });
    const jwt = await key.signJwt('statuslist+jwt', { count: 1 });
    const [head, payload, signature] = jwt.split('.') as [string, string, string];
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: 'statuslist+jwt',
      kid: key.kid,
    });
    const publicKey = createPublicKey({ key: { ...key.jwk() }, format: 'jwk' });
    expect(verify(null, Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('is the same from a file and from text, also with escaped line ends', async () => {
    const pem = await readFile(path, 'utf8');
    const fromFile = await loadSigningKey({ signingKeyFile: path });
    expect((await loadSigningKey({ signingKey: pem })).kid).toBe(fromFile.kid);
    expect((await loadSigningKey({ signingKey: pem.trim().replaceAll('\n', '\\n') })).kid).toBe(fromFile.kid);
  });

  it('says what is wrong with it and never quotes it', async () => {
    await expect(loadSigningKey({})).rejects.toMatchObject({ code: 'missing' } satisfies Partial<SigningKeyError>);
    await expect(loadSigningKey({ signingKeyFile: join(folder, 'none') })).rejects.toMatchObject({
      code: 'unreadable',
    });
    const broken = join(folder, 'broken.pem');
    await writeFile(broken, '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n');
    const error = await loadSigningKey({ signingKeyFile: broken }).catch((caught: unknown) => caught as Error);
    expect(JSON.stringify([(error as Error).message, (error as Error).cause])).not.toContain('c2VjcmV0');
    expect(() => signingKeyFromPem('', 'the test')).toThrow(/Ed25519/);
  });

  it('does not show its private half when printed', async () => {
    const key = await loadSigningKey({ signingKeyFile: path });
    expect(JSON.stringify(key)).not.toMatch(/"d"|PRIVATE/);
  });
});

describe('the admin token', () => {
  it('matches itself alone, and nothing when none is configured', () => {
    const token = new AdminToken('a'.repeat(32));
    expect(token.matches('a'.repeat(32))).toBe(true);
    expect(token.matches('a'.repeat(31))).toBe(false);
    expect(new AdminToken(undefined).matches('')).toBe(false);
    expect(new AdminToken(undefined).enabled).toBe(false);
  });

  it('is read from its file, which must hold one as long as the setting asks for', async () => {
    const adminTokenFile = join(folder, 'admin-token');
    await writeFile(adminTokenFile, `${'a'.repeat(24)}\n`);
    expect((await loadAdminToken({ adminTokenFile })).matches('a'.repeat(24))).toBe(true);
    await writeFile(adminTokenFile, `${'a'.repeat(23)}\n`);
    await expect(loadAdminToken({ adminTokenFile })).rejects.toThrow(
      `ADMIN_TOKEN_FILE: expected at least 24 characters in ${adminTokenFile}, got 23`,
    );
    await writeFile(adminTokenFile, '');
    await expect(loadAdminToken({ adminTokenFile })).rejects.toThrow('got 0');
    await expect(loadAdminToken({ adminTokenFile: join(folder, 'none') })).rejects.toThrow(
      'ADMIN_TOKEN_FILE: expected a file that can be read, got ENOENT',
    );
  });
});
