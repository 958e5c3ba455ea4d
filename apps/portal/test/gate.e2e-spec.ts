import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleLog } from '#gate/testing/gate-cases.js';
import { pngOf, qrModules } from '#paper/image.js';
import { scan } from '#paper/testing/scan.js';
import { builtPage, CHROMIUM, CHROMIUM_FLAGS, hasChromium, watchForFaults } from './browser.js';
import { FixtureService } from './fixture-service.js';

const { log, before, pack, changes, permits } = sampleLog();

describe.skipIf(!hasChromium())('the page of a gate, opened from disk', () => {
  let browser: Browser;
  let folder: string;
  let context: BrowserContext;
  let page: Page;
  const asked: string[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealroot-gate-'));
    await writeFile(join(folder, 'pack.sealroot-gate'), pack);
    await writeFile(join(folder, 'changes.sealroot-gate'), changes);
    await writeFile(join(folder, 'older.sealroot-gate'), before);
    await writeFile(join(folder, 'key.txt'), `${log.keyText}\n`);
    const image = pngOf(qrModules(log.code(permits.revoked, 'self-contained')), 4, { crc32, deflateSync });
    await writeFile(join(folder, 'code.png'), image);
    await writeFile(join(folder, 'camera.y4m'), video(log.code(permits.suspended, 'self-contained')));
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...CHROMIUM_FLAGS,
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${join(folder, 'camera.y4m')}`,
      ],
    });
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, offline: true });
    context.on('request', (request) => asked.push(request.url()));
    context.on('weberror', (error) => faults.push(error.error().message));
    context.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page = await context.newPage();
    await page.clock.setFixedTime(log.at(10));
    await page.goto(pathToFileURL(join(builtPage(), 'gate.html')).href);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const headline = () => page.locator('.headline').textContent();
  /** A hand scanner: types wherever the focus is, and ends with Enter. */
  async function scanner(code: string) {
    await page.keyboard.insertText(code);
    await page.keyboard.press('Enter');
  }

  it('asks for the key of the log, shows it to be compared, and goes by it once it is trusted', async () => {
    expect(await headline()).toBe('Setup');
    await page.locator('#setup input[type=file]').setInputFiles(join(folder, 'pack.sealroot-gate'));
    await page.getByText('First trust the key of the log.').waitFor();
    await page.locator('#setup input[type=file]').setInputFiles(join(folder, 'key.txt'));
    await page.getByText(log.keyText).waitFor();
    expect(await headline()).toBe('Setup');
    await page.keyboard.press('Enter');
    await page.getByText('Ready', { exact: true }).waitFor();
  });

  it('without a pack says that it was genuine when issued, and never more', async () => {
    await page.locator('#code').focus();
    await scanner(log.code(permits.valid, 'self-contained'));
    expect(await headline()).toBe('Genuine when issued');
    await scanner(log.code(permits.valid, 'landmark'));
    expect(await headline()).toBe('Not known here');
  });

  it('with a pack says of each code what is known, scan after scan without a touch', async () => {
    await page.locator('#setup input[type=file]').setInputFiles(join(folder, 'pack.sealroot-gate'));
    await page.locator('.strip[data-standing=fresh]').waitFor();
    await page.locator('#code').focus();
    const said: Record<string, string | null> = {};
    for (const [name, permit] of Object.entries(permits)) {
      await scanner(log.code(permit, 'landmark'));
      said[name] = await headline();
    }
    expect(said).toEqual({
      valid: 'Valid',
      revoked: 'Revoked',
      suspended: 'Suspended',
      again: 'Valid',
      consumed: 'Already used',
      superseded: 'Replaced',
      early: 'Not valid yet',
      late: 'Expired',
      last: 'Valid',
      single: 'Valid',
      newer: 'Not known here',
    });
    await scanner('https://example.gov/permit/1');
    expect(await headline()).toBe('No permit code');
    const genuine = log.code(permits.valid, 'self-contained');
    await scanner(`${genuine.slice(0, -1)}${genuine.endsWith('0') ? '1' : '0'}`);
    expect(await headline()).toBe('Does not match');
    expect(await page.locator('.permit').count()).toBe(0);
    await scanner(genuine);
    expect(await page.locator('.permit').textContent()).toContain('GATE PERMIT 0/3');
    expect(await page.locator('[role=status]').textContent()).toContain('Valid');
  });

  it('reads a code from an image, and from the camera without a touch', async () => {
    await page.locator('#scan input[type=file]').setInputFiles(join(folder, 'code.png'));
    await page.getByRole('heading', { name: 'Revoked' }).waitFor();
    await page.getByRole('button', { name: 'Start the camera' }).click();
    await page.getByRole('heading', { name: 'Suspended' }).waitFor();
    await page.getByRole('button', { name: 'Stop the camera' }).click();
  });

  it('reads the code on the page of the service too, from the camera, and looks its record up', async () => {
    const service = new FixtureService(builtPage());
    const address = await service.start();
    const other = await browser.newContext({ locale: 'en-GB' });
    try {
      const problems = watchForFaults(other, () => address);
      const portal = await other.newPage();
      await portal.goto(address);
      await portal.getByRole('button', { name: 'Scan with the camera' }).click();
      await portal.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
      expect(await portal.locator('.paper-text').innerText()).toContain('GATE PERMIT');
      expect(await portal.locator('video').count()).toBe(0);
      // Where the browser says no, the page says what else can be done.
      await portal.reload();
      await portal.evaluate(() => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      });
      await portal.getByRole('button', { name: 'Scan with the camera' }).click();
      await portal.getByText('The browser does not allow the camera.').waitFor();
      expect(problems).toEqual([]);
    } finally {
      await other.close();
      await service.stop();
    }
  });

  it('keeps key and pack on the device, and says when the pack has become too old', async () => {
    await page.clock.setFixedTime(log.at(70));
    await page.reload();
    await page.locator('.strip[data-standing=old]').waitFor();
    await scanner(log.code(permits.valid, 'landmark'));
    expect(await headline()).toBe('Genuine when issued');
    expect(await page.locator('.sentence').textContent()).toContain('Load a newer one');
    await scanner(log.code(permits.revoked, 'landmark'));
    expect(await headline()).toBe('Revoked');
    await page.locator('summary').click();
    await page.locator('#setup input[type=file]').setInputFiles(join(folder, 'changes.sealroot-gate'));
    await page.getByText('holds changes alone').waitFor();
    await page.locator('#setup input[type=file]').setInputFiles(join(folder, 'older.sealroot-gate'));
    await page.getByText('older than the one that is loaded').waitFor();
  });

  it('has no fault that axe finds, in light and dark, and fits 320 pixels', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it('reaches no network, and its policy lets it reach none', async () => {
    const refused = await page.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      ),
    );
    expect(refused).toBe('refused');
    expect(asked.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    // What was tried last is what its policy said no to.
    expect(faults.filter((fault) => !fault.includes('example.com'))).toEqual([]);
    expect(faults.some((fault) => fault.includes("connect-src 'none'"))).toBe(true);
  });
});

/** A film of one printed code, as a camera before it sees it: YUV4MPEG2, 4:2:0, a few frames. */
function video(code: string): Uint8Array {
  const { side, grey } = scan(qrModules(code), { pixels: 5, degrees: 4, blur: 0.7 });
  const width = side + (side % 2);
  const luma = new Uint8Array(width * width).fill(235);
  for (let y = 0; y < side; y++) luma.set(grey.subarray(y * side, (y + 1) * side), y * width);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * width) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${width} F10:1 Ip A1:1 C420jpeg\n`), frame, frame, frame]);
}
