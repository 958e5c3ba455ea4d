import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleLog } from '#gate/testing/gate-cases.js';
import { formatCode } from '#paper/codec.js';
import { pngOf, qrModules } from '#paper/image.js';
import { codeOfProof } from '#paper/of-proof.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { isInstalled } from '#setting/testing/programs.js';
import { builtPage } from './browser.js';
import { FixtureService } from './fixture-service.js';
import { pdfOf } from './pdf-of.js';

const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';

// By WebDriver BiDi, which a stock Firefox speaks: what drives the other tests asks it for what it does not have.
describe.skipIf(!isInstalled(existsSync(FIREFOX), 'Firefox', 'firefox-esr'))('in Firefox', () => {
  const service = new FixtureService(builtPage());
  let browser: Browser;
  let page: Page;
  let folder: string;
  let address: string;
  const faults: string[] = [];

  beforeAll(async () => {
    address = await service.start();
    folder = await mkdtemp(join(tmpdir(), 'sealroot-firefox-'));
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      extraPrefsFirefox: { 'intl.accept_languages': 'en-GB' },
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const keep = async (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const give = async (input: string, ...paths: string[]) => {
    const found = await page.waitForSelector(`${input}[type=file]`);
    await (found as NonNullable<Awaited<ReturnType<typeof page.$<'input'>>>>).uploadFile(...paths);
  };
  const text = (selector: string) => page.$eval(selector, (found) => found.textContent);

  it('a document that is chosen is verified, one that is dropped with the proof of another does not match', async () => {
    const sample = sampleProof();
    service.hold(sample);
    await page.goto(address);
    await give('#files', await keep('deed.txt', sample.document));
    await page.waitForSelector('[data-verdict=authentic]');
    expect(await text('.verdict h2')).toBe('Matches, but only a test chain shows the time');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('result-title');
    expect(service.receivedBytes).toBe(0);

    await page.evaluate((proof) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['another document'], 'dropped.txt'));
      transfer.items.add(new File([proof], 'dropped.txt.sealroot.json'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }, sample.text);
    await page.waitForSelector('[data-verdict=mismatch]');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });

  it('the printed code in a PDF of which nothing is recorded is found', async () => {
    const permit = 'Permit 7: Li Wei, until 2099';
    const sample = sampleProof({ blinded: true, document: new TextEncoder().encode(permit) });
    service.hold(sample);
    const modules = qrModules(formatCode(codeOfProof(sample.proof, 'landmark', permit)));
    const drawn = modules.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`${100 + 2 * x} ${700 - 2 * y} 2 2 re`] : [])),
    );
    await page.goto(address);
    await give('#files', await keep('permit.pdf', pdfOf(`${drawn.join(' ')} f`)));
    await page.waitForSelector('[data-verdict=authentic]');
    expect(await text('.paper-text')).toContain(permit);
    expect(faults).toEqual([]);
  });

  it('the page as one file compares a document with its proof, from disk, and says what it lacks', async () => {
    const sample = sampleProof();
    await page.goto(pathToFileURL(join(builtPage(), 'offline.html')).href);
    const proof = await keep('kept.txt.sealroot.json', sample.text);
    await give('#files', await keep('kept.txt', sample.document), proof);
    await page.waitForSelector('[data-verdict=unavailable]');
    expect(await text('[data-answer=content]')).toContain('Identical to the registered document');
    await page.reload();
    await give('#files', await keep('kept.txt', 'another document'), proof);
    await page.waitForSelector('[data-verdict=mismatch]');
    expect(faults).toEqual([]);
  });

  it('a permit is checked at a gate, from disk, by a picture of its code', async () => {
    const { log, pack, permits } = sampleLog();
    await page.evaluateOnNewDocument((at) => {
      const now = Date;
      globalThis.Date = class extends now {
        constructor(...given: []) {
          super(...(given.length > 0 ? given : ([at] as never)));
        }
        static override now = () => at;
      } as DateConstructor;
    }, log.at(10));
    await page.goto(pathToFileURL(join(builtPage(), 'gate.html')).href);
    await give('#setup input', await keep('key.txt', `${log.keyText}\n`));
    await page.waitForFunction((key) => document.body.innerText.includes(key), {}, log.keyText);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.headline')?.textContent === 'Ready');
    await give('#setup input', await keep('pack.sealroot-gate', pack));
    await page.waitForSelector('.strip[data-standing=fresh]');
    for (const [permit, answer] of [
      [permits.valid, 'Valid'],
      [permits.revoked, 'Revoked'],
    ] as const) {
      const code = pngOf(qrModules(log.code(permit, 'self-contained')), 4, { crc32, deflateSync });
      await give('#scan input', await keep('code.png', code));
      await page.waitForFunction((said) => document.querySelector('.headline')?.textContent === said, {}, answer);
    }
    expect(faults).toEqual([]);
  });
});
