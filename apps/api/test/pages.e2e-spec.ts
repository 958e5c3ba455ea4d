import { AxeBuilder } from '@axe-core/playwright';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { hasChromium, launchBrowser } from '../../portal/test/browser.js';
import { SITE_POLICY } from '../pages/site.js';
import { startService, type TestService } from './service.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const HOSTILE = `"><script>document.title='x'</script><img src=x>`;
const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the pages that need no script', () => {
  let service: TestService;
  let root: string;
  let ids: string[];
  let incidents: string;
  beforeAll(async () => {
    incidents = join(tmpdir(), `sealroot-incidents-${process.pid}.json`);
    await writeFile(
      incidents,
      JSON.stringify([
        { from: '2026-01-02T03:04:05Z', until: '2026-01-02T04:00:00Z', title: HOSTILE, text: 'Calendars were slow.' },
        { from: '2026-02-02T03:04:05Z', title: 'Sealing paused' },
      ]),
    );
    service = await startService({
      OPERATOR_NAME: HOSTILE,
      OPERATOR_URL: 'https://a.example/',
      INCIDENTS_FILE: incidents,
    });
    await service.app.get(AgencyRepository, { strict: false }).create('hostile.example.gov', HOSTILE);
    ids = [];
    for (let batch = 0; batch < 6; batch++) {
      const answer = await service.app.inject({
        method: 'POST',
        url: '/v1/records',
        headers: { authorization: `Bearer ${service.key}` },
        payload: [0, 1].map((i) => ({
          digests: { sha256: sha256Hex(`${batch} ${i}`) },
          profile: 'generic@1',
          reference: `R-${batch}-${i}`,
        })),
      });
      ids.push(...answer.json<{ records: { id: string }[] }>().records.map(({ id }) => id));
      await service.seal();
    }
    await service.app.inject({
      method: 'POST',
      url: `/v1/records/${ids[0]}/status`,
      headers: { authorization: `Bearer ${service.key}` },
      payload: { to: 'revoked' },
    });
    await service.app.listen(0, '127.0.0.1');
    root = await service.app.getUrl();
  });
  afterAll(() => service.stop());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await service.app.inject({ url: path, headers });
    return { status: answer.statusCode, text: answer.body, headers: answer.headers };
  };
  const paths = () => [
    '/lookup',
    `/lookup?digest=${sha256Hex('0 0')}`,
    `/lookup?digest=${sha256Hex('nobody')}`,
    '/explorer/batches',
    '/explorer/batches/0',
    '/explorer/checkpoints',
    '/explorer/anchors',
    '/explorer/agencies',
    `/explorer/records/${ids[0]}`,
    '/operator',
    '/explorer/batches/999',
  ];

  it('load nothing but a style, hold no script, and escape what others wrote', async () => {
    for (const path of paths()) {
      const { headers, text } = await get(path);
      expect(headers['content-type'], path).toBe('text/html; charset=utf-8');
      expect(headers['content-security-policy']).toBe(SITE_POLICY);
      expect(text, path).not.toMatch(/<script|<img(?! class="brand-mark")|\sstyle=|\son[a-z]+=/);
      expect(text, path).toContain('lang="en"');
    }
    expect((await get('/operator')).text).toContain('&quot;&gt;&lt;script&gt;');
    expect((await get(`/lookup?digest=${encodeURIComponent(HOSTILE)}`)).text).toContain(
      'value="&quot;&gt;&lt;script&gt;',
    );
    expect((await get('/explorer/agencies')).text).toContain('hostile.example.gov');
  });

  it('list every agency once, page after page', async () => {
    const agencies = service.app.get(AgencyRepository, { strict: false });
    await Promise.all(Array.from({ length: 120 }, (_, i) => agencies.create(`office-${i}.example.gov`, `Office ${i}`)));
    const seen: string[] = [];
    let next: string | undefined = 'agencies?lang=en';
    for (let page = 0; next !== undefined && page < 5; page++) {
      const { text } = await get(`/explorer/${next}`);
      seen.push(...[...text.matchAll(/<bdi>([a-z0-9.-]+\.example\.gov)<\/bdi>/g)].map(([, domain]) => domain!));
      next = /rel="next" href="[^"]*?explorer\/(agencies[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    const all = (await agencies.list()).map(({ domain }) => domain);
    expect(all.length).toBeGreaterThan(120);
    expect(seen.toSorted()).toEqual(all.toSorted());
    expect((await get('/explorer/agencies?after=%00')).status).toBe(200);
  });

  it('speak the language of the address, else the one that the browser wants best', async () => {
    const tag = async (path: string, wanted?: string) =>
      /<html lang="([^"]+)"/.exec(
        (await get(path, wanted === undefined ? {} : { 'accept-language': wanted })).text,
      )?.[1];
    expect(await tag('/operator', 'fr;q=0.9, zh-TW;q=0.8, en;q=0.1')).toBe('zh-TW');
    expect(await tag('/operator?lang=zh-CN', 'zh-TW')).toBe('zh-CN');
    expect(await tag('/operator?lang=nonsense', 'zh-HK')).toBe('zh-TW');
    expect(await tag('/operator', `${'x,'.repeat(5000)}en`)).toBe('en');
    // Who chose a language goes on in it.
    expect((await get('/explorer/batches/1?lang=zh-CN')).text).toContain('href="../../operator?lang=zh-CN"');
  });

  it('find the records of a digest, of whichever case, and a record by its number; and say what their answer is worth', async () => {
    const found = await get(`/lookup?digest=%20${sha256Hex('0 0').toUpperCase()}`);
    expect(found.text).toContain(`href="./explorer/records/${ids[0]}"`);
    expect(found.text).toContain('It is no proof');
    expect((await get(`/lookup?digest=${ids[1]}`)).text).toContain(ids[1]);
    expect((await get(`/lookup?digest=${sha256Hex('nobody')}`)).text).toContain('No registration found');
    expect((await get('/lookup?digest=abc')).text).toContain('neither a fingerprint');
    const record = (await get(`/explorer/records/${ids[0]}`)).text;
    expect(record).toContain('Revoked');
    expect(record).toContain('aria-label="Timeline with 4 points');
    // Neither digest nor reference is anybody's to see.
    expect(record).not.toMatch(/R-0-0|[0-9a-f]{64}/);
  });

  it('answer what is not there, or no address, with a page that says so', async () => {
    expect(await get('/explorer/batches/999')).toMatchObject({ status: 404 });
    expect(await get('/explorer/records/00000000-0000-7000-8000-000000000000')).toMatchObject({ status: 404 });
    for (const path of ['/explorer/batches/x', '/explorer/batches?before=-1', '/explorer/checkpoints?before=1e9'])
      expect(await get(path), path).toMatchObject({ status: 400 });
    expect((await get(`/lookup?digest=${ids[0]!.replace(/.$/, '0')}`)).status).toBeLessThan(500);
  });

  it('show what the operator says of itself, and how long sealing took as measured', async () => {
    const { text } = await get('/operator');
    expect(text.indexOf('Sealing paused')).toBeLessThan(text.indexOf('Calendars were slow.'));
    expect(text).toContain('From receipt to the log');
    const delays = (await service.app.inject('/v1/delays')).json<{ sealing: { samples: number } }>();
    expect(delays).toMatchObject({ sealing: { samples: 6 }, anchors: [] });
    await writeFile(incidents, '{"not": "a list"}');
    const poll = expect.poll(async () => (await get('/operator')).text, { timeout: 5000 });
    await poll.toContain('The list of incidents could not be read.');
  });

  describe.skipIf(!hasChromium())('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => (browser = await launchBrowser()));
    afterAll(() => browser?.close());

    it('work with scripts off, from the form to the record', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
      const page = await context.newPage();
      await page.goto(`${root}/lookup?lang=zh-CN`);
      await page.fill('#digest', sha256Hex('1 0'));
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: ids[2]! }).click();
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
      expect(await page.locator('h1').innerText()).toBe('记录');
      await context.close();
    });

    it.each([
      ['en-GB', 'light', 1280],
      ['zh-CN', 'dark', 320],
      ['zh-TW', 'light', 390],
    ] as const)(
      'have no violation of WCAG 2.2 AA in %s, %s, at %d px, and no sideways scrolling',
      async (locale, colorScheme, width) => {
        const context = await browser.newContext({
          locale,
          colorScheme,
          bypassCSP: true,
          viewport: { width, height: 800 },
        });
        const page = await context.newPage();
        for (const path of paths()) {
          await page.goto(root + path);
          const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
          expect(
            violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${path} ${id}: ${html.slice(0, 200)}`)),
          ).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(width);
          const folder = process.env['SCREENSHOTS'];
          if (folder)
            await page.screenshot({
              path: join(folder, `${path.replace(/\W+/g, '-').slice(0, 30)}-${width}.png`),
              fullPage: true,
            });
        }
        await context.close();
      },
    );
  });
});
