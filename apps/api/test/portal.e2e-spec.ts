import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#database/project-root.js';
import { PublishedPages } from '../portal/published-pages.service.js';
import { startService, type TestService } from './service.js';

const offline = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; worker-src blob:" />`;

describe('the page', () => {
  let service: TestService;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealroot-portal-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(folder, 'assets', 'main-1a2b3c.js'), 'export {};');
    const policy = `default-src 'none'; script-src 'sha256-abc='; connect-src 'none'`;
    await writeFile(join(folder, 'gate.html'), `<meta http-equiv="Content-Security-Policy" content="${policy}" />`);
    await writeFile(join(folder, 'offline.html'), offline);
    service = await startService({}, { portalFolder: folder });
  });
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it('is served at /, may run its own code and WebAssembly only, and is never cached stale', async () => {
    const page = await service.app.inject('/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['cache-control']).toBe('no-cache');
    const policy = page.headers['content-security-policy'] as string;
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    // What the page's manual says is what is sent.
    const manual = await readFile(join(projectRoot(), 'apps', 'portal', 'README.md'), 'utf8');
    const [, described = ''] = /`(default-src 'none';[^`]*)`/.exec(manual) ?? [];
    for (const directive of described.split('; ')) expect(policy.split('; ')).toContain(directive);
    expect(described.split('; ').length).toBeGreaterThan(5);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(policy).not.toMatch(/https?:|unsafe-inline/);
  });

  it('serves the page of a gate under its own policy, with the camera and without any network', async () => {
    const { headers } = await service.app.inject('/gate.html');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'sha256-abc='; connect-src 'none'; frame-ancestors 'none'",
    );
    expect(headers['permissions-policy']).toContain('camera=(self)');
    expect((await service.app.inject('/')).headers['permissions-policy']).toContain('camera=(self)');
  });

  it('hands out the page as one file with its digest, and has that digest notarised once', async () => {
    const { body, headers } = await service.app.inject('/offline.html');
    const digest = createHash('sha256').update(offline).digest();
    expect(body).toBe(offline);
    expect(headers['content-security-policy']).toBe("default-src 'none'; worker-src blob:; frame-ancestors 'none'");
    expect(headers['content-disposition']).toBe('attachment; filename="offline.html"');
    expect(headers['repr-digest']).toBe(`sha-256=:${digest.toString('base64')}:`);
    expect(headers['permissions-policy']).toContain('camera=(self)');
    interface Said {
      pages: { name: string; sha256: string; record: string | null }[];
    }
    const said = async () => (await service.app.inject('/.well-known/sealroot.json')).json<Said>().pages;
    expect(await said()).toMatchObject([
      { name: 'offline.html', sha256: digest.toString('hex'), record: null },
      { name: 'gate.html', record: null },
    ]);

    const published = service.app.get(PublishedPages, { strict: false });
    await Promise.all([published.notarise(), published.notarise()]);
    await published.notarise();
    const { rows } = await service.database.pool.query('SELECT FROM "record"');
    expect(rows).toHaveLength(2);
    await service.seal();
    await expect.poll(async () => (await said())[0]!.record, { timeout: 5000 }).not.toBeNull();
    const [{ record, sha256 }] = (await said()) as [Said['pages'][0]];
    const found = (await service.app.inject(`/v1/lookup/sha256/${sha256}`)).json<{
      records: { id: string; agency: string }[];
    }>();
    expect(found.records).toMatchObject([{ id: record, agency: 'registrar.test.example' }]);
    expect((await service.app.inject(`/v1/records/${record}/proof`)).statusCode).toBe(200);
    const operator = (await service.app.inject('/operator?lang=en')).body;
    expect(operator).toContain(sha256);
    expect(operator).toContain(`explorer/records/${record}`);
  });

  it('is sent packed to who takes it so, each way under a tag of its own, and not again to who has it', async () => {
    const ask = (headers: Record<string, string>) => service.app.inject({ url: '/', headers });
    const plain = await ask({});
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.headers['vary']).toBe('accept-encoding');
    const tags = new Set([plain.headers['etag']]);
    for (const [wanted, encoding, unpack] of [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ] as const) {
      const packed = await ask({ 'accept-encoding': wanted });
      expect(packed.headers['content-encoding']).toBe(encoding);
      expect(unpack(packed.rawPayload)).toEqual(plain.rawPayload);
      const etag = packed.headers['etag'] as string;
      tags.add(etag);
      const again = await ask({ 'accept-encoding': wanted, 'if-none-match': `"other", W/${etag}` });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      expect((await ask({ 'if-none-match': etag })).statusCode).toBe(200);
    }
    expect(tags.size).toBe(3);
    const kept = await service.app.inject({ url: '/offline.html', headers: { 'accept-encoding': 'br' } });
    expect(kept.headers).not.toHaveProperty('content-encoding');
    const head = await service.app.inject({ method: 'HEAD', url: '/' });
    expect([head.statusCode, head.body]).toEqual([200, '']);
  });

  it('has assets that are kept for ever, and no others', async () => {
    const asset = await service.app.inject('/assets/main-1a2b3c.js');
    expect(asset.headers['content-type']).toMatch(/javascript/);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await service.app.inject('/assets/other.js')).json()).toMatchObject({ status: 404, code: 'not-found' });
    expect((await service.app.inject('/../package.json')).statusCode).toBe(404);
  });
});
