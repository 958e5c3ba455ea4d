import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { buildPage, hasChromium, launchBrowser, watchForFaults } from './browser.js';
import { FixtureService, MAINNET_GENESIS_HEADER } from './fixture-service.js';

/** Most JavaScript the page may send, gzip-compressed: a phone on a slow line loads it in about a second. */
const JAVASCRIPT_BUDGET_BYTES = 150_000;

/** Most that it sends before anything is checked. */
const FIRST_LOAD_BUDGET_BYTES = 110_000;

describe('the built page', () => {
  let built: Awaited<ReturnType<typeof buildPage>>;
  beforeAll(async () => {
    built = await buildPage();
  });
  afterAll(() => built.remove());

  it('loads what reads time-stamps only for a proof that has one', async () => {
    const assets = join(built.folder, 'assets');
    const html = await readFile(join(built.folder, 'index.html'), 'utf8');
    const first = new Set([...html.matchAll(/assets\/([\w.-]+\.js)/g)].map((match) => match[1]!));
    // What the entry imports at once comes with it.
    for (const name of first) {
      const text = await readFile(join(assets, name), 'utf8');
      for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) first.add(other!);
    }
    const scripts = await Promise.all([...first].map(async (name) => readFile(join(assets, name), 'utf8')));
    const size = scripts.reduce((sum, text) => sum + gzipSync(text).length, 0);
    console.info(`the page's first load: ${size} bytes gzip in ${scripts.length} files`);
    expect(size).toBeLessThan(FIRST_LOAD_BUDGET_BYTES);
    for (const text of scripts) expect(text).not.toContain('Verifying a token');
  });

  it('sends less JavaScript than its budget', async () => {
    const assets = join(built.folder, 'assets');
    const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    const sizes = await Promise.all(scripts.map(async (name) => gzipSync(await readFile(join(assets, name))).length));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.info(`the page's JavaScript: ${total} bytes gzip in ${scripts.length} files`);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(JAVASCRIPT_BUDGET_BYTES);
  });

  it('holds no inline script, style or foreign address', async () => {
    const html = await readFile(join(built.folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
    expect(html).not.toMatch(/https?:\/\//);
  });
});

describe.skipIf(!hasChromium())('the page in Chromium', () => {
  let built: Awaited<ReturnType<typeof buildPage>>;
  let service: FixtureService;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let address: string;
  let files: string;
  let faults: string[];

  beforeAll(async () => {
    built = await buildPage();
    service = new FixtureService(built.folder);
    address = await service.start();
    browser = await launchBrowser();
    files = await mkdtemp(join(tmpdir(), 'sealroot-files-'));
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await built.remove();
    await rm(files, { recursive: true, force: true });
  });

  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-GB', acceptDownloads: true });
    faults = watchForFaults(context, () => address);
    context.setDefaultTimeout(10_000);
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });

  async function keep(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(files, name);
    await writeFile(path, content);
    return path;
  }

  const give = (...paths: string[]) => page.setInputFiles('#files', paths);
  const verdict = async () => {
    await page.locator('.verdict').waitFor();
    return page.locator('.verdict').getAttribute('data-verdict');
  };
  const status = (code: string) => page.locator(`[data-code="${code}"]`).getAttribute('data-status');

  it('finds the record of a document and calls it authentic, without uploading the document', async () => {
    const sample = sampleProof({ statement: { reference: '京-2026-0001', claims: { kind: 'permit' } } });
    service.hold(sample);
    await page.goto(address);
    await give(await keep('permit.txt', sample.document));

    expect(await verdict()).toBe('authentic');
    await page.getByRole('heading', { name: 'Matches, but only a chain for tests shows the time' }).waitFor();
    const text = await page.locator('.verdict').innerText();
    expect(text).toContain('licences.example');
    expect(text).toContain('o later than 1 March 2026');
    expect(text).toContain('lock 120');
    expect(text).toContain('京-2026-0001');
    expect(await status('document')).toBe('passed');
    expect(await status('log-key')).toBe('passed');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('result-title');
    expect(service.receivedBytes).toBe(0);
    expect(service.asked.every((line) => line.startsWith('GET '))).toBe(true);
  });

  it('calls an expired record authentic, but not current', async () => {
    const sample = sampleProof({ statement: { validUntil: '2026-03-02T00:00:00.000Z' } });
    service.hold(sample);
    await page.goto(address);
    await give(await keep('expired.txt', sample.document));

    expect(await verdict()).toBe('authentic-not-current');
    expect(await page.locator('.facts').innerText()).toMatch(/xpired.*2 March 2026/);
  });

  it('refuses a tampered document and says that the document differs', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    await give(await keep('tampered.txt', 'Licence no. 4712\n'), await keep('tampered.txt.proof.json', sample.text));

    expect(await verdict()).toBe('mismatch');
    expect(await status('document')).toBe('failed');
    expect(await page.locator('.verdict-text').innerText()).toContain('This file is not the one');
    await page.getByRole('button', { name: 'Check this document without the proof' }).click();
    await page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
  });

  it('refuses a tampered proof and says that the proof is broken', async () => {
    const sample = sampleProof();
    service.hold(sample);
    const broken = structuredClone(sample.proof);
    broken.batch.path[0] = broken.batch.path[0]!.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await page.goto(address);
    await give(await keep('whole.txt', sample.document), await keep('whole.txt.proof.json', JSON.stringify(broken)));

    expect(await verdict()).toBe('mismatch');
    expect(await status('batch-inclusion')).toBe('failed');
    expect(await status('document')).toBe('passed');
    expect(await page.locator('.verdict-text').innerText()).toContain('proof');
  });

  it('tells a proof that cannot be read as what it is, and says nothing of the document', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    await give(await keep('cut.txt', sample.document), await keep('cut.txt.proof.json', sample.text.slice(0, -40)));

    expect(await verdict()).toBe('unreadable');
    expect(await status('format')).toBe('failed');
    expect(await page.locator('.verdict').innerText()).toContain('cut');
  });

  it('refuses a proof that another log signed', async () => {
    const sample = sampleProof();
    const stranger = sampleProof({ seed: new Uint8Array(32).fill(7) });
    service.hold(sample);
    await page.goto(address);
    await give(await keep('stranger.txt', sample.document), await keep('stranger.txt.proof.json', stranger.text));

    expect(await verdict()).toBe('mismatch');
    expect(await status('log-key')).toBe('failed');
    expect(await page.locator('.verdict-text').innerText()).toContain('signed');
  });

  it('waits for a record that is not sealed yet and then goes on by itself', async () => {
    const sample = sampleProof();
    service.hold(sample);
    service.records[0]!.sealed = false;
    await page.goto(address);
    await give(await keep('fresh.txt', sample.document));

    expect(await verdict()).toBe('pending');
    expect(await page.locator('.verdict-text').innerText()).toContain('about to be written into the log');
    service.records[0]!.sealed = true;
    await page.locator('[data-verdict="authentic"]').waitFor();
    await expect.poll(() => page.locator('[role="status"]').innerText()).toContain('Matches');
  });

  it('shows a sealed record without a confirmed anchor as pending', async () => {
    const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    service.hold(sample);
    await page.goto(address);
    await give(await keep('pending.txt', sample.document));

    expect(await verdict()).toBe('pending');
    expect(await status('anchor')).toBe('pending');
    expect(await status('log-checkpoint')).toBe('passed');
    expect(await page.locator('.facts').innerText()).toMatch(/ot (?:yet )?shown|anchor/i);
  });

  it('fetches the newer proof when the given one is still pending', async () => {
    const early = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    const grown = sampleProof();
    service.hold(grown);
    await page.goto(address);
    await give(await keep('grown.txt', early.document), await keep('grown.txt.proof.json', early.text));

    await page.locator('[data-verdict="authentic"]').waitFor();
    expect(await page.locator('.verdict').innerText()).toContain('The proof has grown');
  });

  it('says calmly that no record was found, and what may help', async () => {
    service.hold();
    await page.goto(address);
    await give(await keep('unknown.txt', 'nobody registered this'));

    await page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
    expect(await page.locator('.notice').innerText()).toContain('drop it too');
    expect(await page.locator('.verdict').count()).toBe(0);
    expect(service.asked).toContainEqual(expect.stringMatching(/^GET \/v1\/lookup\/sm3\/[0-9a-f]{64}$/));
  });

  it('verifies a blinded record when its proof file comes along', async () => {
    const sample = sampleProof({ blinded: true });
    service.hold(sample);
    await page.goto(address);
    const document = await keep('licence.txt', sample.document);
    await give(document);
    await page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
    await give(await keep('licence.txt.proof.json', sample.text));

    expect(await verdict()).toBe('authentic');
    expect(await status('document')).toBe('passed');
  });

  it('finds a blinded record through its .ots file', async () => {
    const sample = sampleProof({ blinded: true });
    service.hold(sample);
    await page.goto(address);
    const document = await keep('card.txt', sample.document);
    await give(document, await keep('card.txt.proof.json', sample.text));
    expect(await verdict()).toBe('authentic');
    await page.locator('.details > summary').click();
    const downloading = page.waitForEvent('download');
    await page.locator('[data-download="ots"]').click();
    const ots = join(files, 'card.txt.ots');
    await (await downloading).saveAs(ots);

    await page.reload();
    await give(document, ots);
    expect(await verdict()).toBe('authentic');
    expect(await page.locator('.given-file[data-role="ots"]').count()).toBe(1);
  });

  it.each(['sm3', 'sha512', 'sha3-256'] as const)('finds a record that has only %s', async (algorithm) => {
    const sample = sampleProof({ algorithms: [algorithm] });
    service.hold(sample);
    await page.goto(address);
    await give(await keep(`${algorithm}.txt`, sample.document));

    expect(await verdict()).toBe('authentic');
    expect(await status('document')).toBe('passed');
  });

  it('lets the reader choose between several records', async () => {
    const first = sampleProof();
    const second = sampleProof({ statement: { agency: 'archive.example', receivedAt: '2026-02-01T08:00:00.000Z' } });
    service.hold(second, first);
    await page.goto(address);
    await give(await keep('twice.txt', first.document));

    await page.getByRole('heading', { name: 'This document was registered more than once' }).waitFor();
    await page.getByRole('button', { name: /licences\.example/ }).click();
    expect(await verdict()).toBe('authentic');
    expect(await page.locator('.facts').innerText()).toContain('licences.example');
  });

  it('asks for the document when only the proof was given', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    await give(await keep('alone.txt.proof.json', sample.text));
    await page.getByRole('heading', { name: 'Now add the document' }).waitFor();
    await give(await keep('alone.txt', sample.document));

    expect(await verdict()).toBe('authentic');
  });

  it('calls a service that went away an outage, and recovers', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    service.up = false;
    await give(await keep('outage.txt', sample.document));

    expect(await verdict()).toBe('unavailable');
    expect(await page.locator('.verdict').innerText()).toContain('nothing is known about this document yet');
    service.up = true;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-verdict="authentic"]').waitFor();
  });

  it('checks a given proof as far as it can while the service is away', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    // Once the page is loaded, nothing of it may have to be fetched again.
    service.up = false;
    await give(await keep('away.txt', sample.document), await keep('away.txt.proof.json', sample.text));

    expect(await verdict()).toBe('unavailable');
    expect(await status('document')).toBe('passed');
    expect(await status('log-inclusion')).toBe('passed');
    expect(await status('log-key')).toBe('unavailable');
    expect(await page.locator('[data-code="log-key"]').textContent()).toContain('ot checked');
    expect(await status('anchor')).toBe('unavailable');
  });

  it('never shows a missing block header as a failed proof', async () => {
    const sample = sampleProof();
    service.hold(sample);
    service.headersUp = false;
    await page.goto(address);
    await give(await keep('headers.txt', sample.document));

    expect(await verdict()).toBe('unavailable');
    expect(await status('anchor')).toBe('unavailable');
    expect(await page.locator('[data-status="failed"]').count()).toBe(0);
  });

  it('says loudly when the chain is only a test chain', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    await give(await keep('regtest.txt', sample.document));

    expect(await verdict()).toBe('authentic');
    expect(await page.locator('.verdict').innerText()).toContain('proves nothing outside a test');
  });

  it('does not take a header without the work for one of the main chain', async () => {
    const sample = sampleProof();
    service.hold(sample);
    service.headers.set(0, MAINNET_GENESIS_HEADER);
    await page.goto(address);
    await give(await keep('mainnet.txt', sample.document));

    expect(await verdict()).toBe('unavailable');
    expect(await status('anchor')).toBe('unavailable');
  });

  it('decides nothing by a header whose chain cannot be told', async () => {
    const sample = sampleProof();
    service.hold(sample);
    service.headers.delete(0);
    await page.goto(address);
    await give(await keep('unknown-chain.txt', sample.document));

    expect(await verdict()).toBe('unavailable');
    expect(await status('anchor')).toBe('unavailable');
  });

  it('hashes a large document in chunks, shows progress and can be cancelled', async () => {
    const sample = sampleProof({ document: new Uint8Array(48 * 1024 * 1024).fill(0x5a) });
    service.hold(sample);
    await page.goto(address);
    const large = await keep('large.bin', sample.document);
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const bar = document.querySelector('progress');
        if (bar) seen.push(bar.value);
      }).observe(document.body, { childList: true, subtree: true, attributes: true });
    });
    await give(large);
    expect(await verdict()).toBe('authentic');
    const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    expect(new Set(seen).size).toBeGreaterThan(5);

    await page.evaluate(() => {
      const cancel = new MutationObserver(() => {
        const button = document.querySelector<HTMLElement>('.progress-card button');
        if (!button) return;
        cancel.disconnect();
        button.click();
      });
      cancel.observe(document.body, { childList: true, subtree: true });
    });
    await give(large);
    await page.locator('.drop-area:not(.compact)').waitFor();
    expect(await page.locator('.verdict, .progress-card, .given-file').count()).toBe(0);
  });

  it('shows words from a proof as text, never as markup', async () => {
    const agency = 'licences.example';
    const reference = '<img src=x onerror=alert(1)>';
    const sample = sampleProof({
      statement: { agency, reference, claims: { '<b>bold</b>': '<script>alert(2)</script>' } },
    });
    service.hold(sample);
    await page.goto(address);
    await give(await keep('<i>name.txt'.replace(/[<>]/g, '_'), sample.document));

    expect(await verdict()).toBe('authentic');
    await page.locator('.details > summary').click();
    expect(await page.locator('.facts').innerText()).toContain(reference);
    expect(await page.locator('.details').innerText()).toContain('<script>alert(2)</script>');
    expect(await page.locator('img, .verdict b, .verdict script').count()).toBe(0);
  });

  it('gives out proof files that lead to the same verdict', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    const document = await keep('kept.txt', sample.document);
    await give(document);
    await page.locator('[data-verdict="authentic"]').waitFor();
    await page.locator('.details > summary').click();
    const downloading = page.waitForEvent('download');
    await page.locator('[data-download="proof"]').click();
    const kept = await downloading;
    expect(kept.suggestedFilename()).toBe('kept.txt.sealroot.json');
    const path = join(files, 'kept.txt.sealroot.json');
    await kept.saveAs(path);
    expect(await readFile(path, 'utf8')).toBe(sample.text);

    for (const [kind, start] of [
      ['record-in-batch', 'c2sp.org/tlog-proof@v1\n'],
      ['batch-in-log', 'c2sp.org/tlog-proof@v1\n'],
    ] as const) {
      const other = page.waitForEvent('download');
      await page.locator(`[data-download="${kind}"]`).click();
      const saved = join(files, kind);
      await (await other).saveAs(saved);
      expect((await readFile(saved, 'utf8')).startsWith(start)).toBe(true);
    }
  });

  it('takes files that are dropped anywhere on the page', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    await page.evaluate((bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.txt'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }, Array.from(sample.document));

    expect(await verdict()).toBe('authentic');
  });

  it('refuses two documents at once and says why', async () => {
    service.hold();
    await page.goto(address);
    await give(await keep('one.txt', 'one'), await keep('two.txt', 'two'));

    await page.locator('.refusal').waitFor();
    expect(await page.locator('.refusal').innerText()).toContain('one document at a time');
  });

  it('works with the keyboard alone and names its file input', async () => {
    service.hold();
    await page.goto(address);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    const input = page.getByLabel(/Document and, if you have it, its proof/);
    await input.focus();
    const chooser = page.waitForEvent('filechooser');
    // The answer to this shows that Chromium has been told to hand choosers over.
    await page.evaluate(() => undefined);
    await page.keyboard.press('Space');
    expect((await chooser).isMultiple()).toBe(true);
  });

  it('speaks the browser’s language, switches, and remembers', async () => {
    const sample = sampleProof();
    service.hold(sample);
    const chinese = await browser.newContext({ locale: 'zh-CN' });
    const chineseFaults = watchForFaults(chinese, () => address);
    try {
      page = await chinese.newPage();
      await page.goto(address);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('文件核验');
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
      await give(await keep('zh.txt', sample.document));
      await page.locator('[data-verdict="authentic"]').waitFor();
      expect(await page.locator('.verdict h2').innerText()).toBe('核验一致，但时间仅由测试链证明');
      await page.getByRole('button', { name: 'English' }).click();
      expect(await page.locator('.verdict h2').innerText()).toContain('Matches');
      expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['language'])).toBe('en');
      await page.reload();
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Check a document');
    } finally {
      await chinese.close();
    }
    expect(chineseFaults).toEqual([]);
  });

  it('fits a screen of 320 pixels without scrolling sideways', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(address);
    await give(await keep(`${'a-long-file-name-'.repeat(8)}.txt`, sample.document));
    await page.locator('[data-verdict="authentic"]').waitFor();
    await page.locator('.details > summary').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
