import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '#database/project-root.js';
import { anchorSettings, startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { startService, type ServiceProcess } from '../../sandbox/service-process.js';
import { hasChromium, launchBrowser, watchForFaults } from './browser.js';

/** The page looks again by itself after this time. */
const LOOKS_AGAIN = '00:31';

describe.skipIf(!hasChromium())('the page at the real service', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    const built = join(projectRoot(), 'dist', 'apps', 'portal', 'index.html');
    if (!existsSync(built)) throw new Error(`testing the page: expected ${built}; "npm run build" makes it`);
    sandbox = await startSandbox();
    service = sandbox.service;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await sandbox?.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-GB', acceptDownloads: true });
    context.setDefaultTimeout(60_000);
    faults = watchForFaults(context, () => service.url);
    page = await context.newPage();
    await page.goto(service.url);
  });
  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });

  const startAgain = async (settings: Record<string, string>) => {
    const anchors = anchorSettings(sandbox.node, sandbox.calendars);
    service = await startService(join(sandbox.folder, 'data'), { ...anchors, ...settings });
  };
  const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
  /** Records a document as an agency does; returns the record's id. */
  const record = async (content: string, more: Record<string, unknown> = {}): Promise<string> => {
    const answer = await fetch(`${service.url}/v1/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ digests: { sha256: sha256(content) }, profile: 'generic@1', ...more }),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  };
  const eventually = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    for (let attempt = 0; attempt < 900; attempt++) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`expected ${what} within 90 seconds, got nothing`);
  };
  const proofOf = (id: string) =>
    eventually(`a proof of ${id}`, async () => {
      const answer = await fetch(`${service.url}/v1/records/${id}/proof`);
      return answer.ok ? answer.text() : undefined;
    });
  const stageOf = async (id: string) => {
    const answer = await fetch(`${service.url}/v1/records/${id}`);
    return ((await answer.json()) as { stage: string }).stage;
  };
  /** Has the calendars' commitments mined until the record is anchored. */
  const anchor = async (id: string) => {
    const handedOver = async () =>
      (await (await fetch(`${service.url}/v1/records/${id}/proof`)).text()).includes('"opentimestamps"')
        ? true
        : undefined;
    await eventually(`${id} at the calendars`, handedOver);
    await Promise.all(sandbox.calendars.map((calendar) => calendar.commit()));
    await sandbox.node.mine(1);
    await eventually(`${id} anchored`, async () =>
      ['anchored', 'final'].includes(await stageOf(id)) ? true : undefined,
    );
  };
  const give = (...files: [name: string, content: string][]) =>
    page.setInputFiles(
      '#files',
      files.map(([name, content]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })),
    );
  const verdict = async () => {
    await page.locator('.verdict').waitFor();
    return page.locator('.verdict').getAttribute('data-verdict');
  };
  const status = (code: string) => page.locator(`[data-code="${code}"]`).first().getAttribute('data-status');

  it('shows a fresh record as pending and goes on to authentic by itself', async () => {
    const content = 'deed of 2026\n';
    const id = await record(content, { reference: '不动产 2026-17' });
    await page.clock.install();
    await give(['deed.txt', content]);
    expect(await verdict()).toBe('pending');

    await anchor(id);
    await page.clock.fastForward(LOOKS_AGAIN);
    await page.locator('[data-verdict="authentic"]').waitFor();
    expect(await status('document')).toBe('passed');
    expect(await status('log-key')).toBe('passed');
    expect(await page.locator('.facts').textContent()).toContain('不动产 2026-17');
    expect(await page.locator('.verdict').innerText()).toContain('proves nothing outside a test');
  });

  it('refuses a tampered document and a tampered proof of an anchored record', async () => {
    const content = 'permit 4711\n';
    const id = await record(content);
    await anchor(id);
    const proof = await proofOf(id);
    await give(['permit.txt', 'permit 4712\n'], ['permit.txt.sealroot.json', proof]);
    expect(await verdict()).toBe('mismatch');
    expect(await status('document')).toBe('failed');

    const broken = proof.replace(/"nonce":"(.)/, (_, digit: string) => `"nonce":"${digit === '0' ? '1' : '0'}`);
    expect(broken).not.toBe(proof);
    await page.reload();
    await give(['permit.txt', content], ['permit.txt.sealroot.json', broken]);
    expect(await verdict()).toBe('mismatch');
    expect(await status('batch-inclusion')).toBe('failed');

    await page.reload();
    await give(['permit.txt', content], ['permit.txt.sealroot.json', proof]);
    expect(await verdict()).toBe('authentic');
  });

  it('finds nothing for a document that nobody recorded', async () => {
    await give(['stranger.txt', 'nobody recorded this']);
    await page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
  });

  it('never calls an unreachable chain or service a forgery', async () => {
    const content = 'licence of the outage\n';
    const id = await record(content);
    await anchor(id);
    const proof = await proofOf(id);
    await service.stop();
    await give(['outage.txt', content], ['outage.txt.sealroot.json', proof]);
    expect(await verdict()).toBe('unavailable');
    expect(await status('log-inclusion')).toBe('passed');
    expect(await page.locator('[data-status="failed"]').count()).toBe(0);

    await startAgain({ BITCOIN_RPC_URL: 'http://127.0.0.1:1' });
    await page.goto(service.url);
    await give(['outage.txt', content]);
    expect(await verdict()).toBe('unavailable');
    expect(await page.locator('[data-code="anchor"][data-status="unavailable"]').count()).toBeGreaterThan(0);
    expect(await page.locator('[data-status="failed"]').count()).toBe(0);
  });
});
