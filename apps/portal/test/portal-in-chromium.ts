import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { builtPage, launchBrowser, watchForFaults } from './browser.js';
import { FixtureService } from './fixture-service.js';

/** The page at a service with made-up records, in a fresh profile of Chromium for each test; whatever it does that it must not fails the test. */
export class PortalInChromium {
  readonly service = new FixtureService(builtPage());
  browser!: Browser;
  page!: Page;
  /** Address of the page. */
  address = '';
  /** Folder for the files that are given to the page, and for those that it gives out. */
  files = '';
  #context: BrowserContext | undefined;
  #faults: string[] = [];

  /** Has the tests of the block that calls this start and stop it. */
  constructor() {
    beforeAll(async () => {
      this.address = await this.service.start();
      this.browser = await launchBrowser();
      this.files = await mkdtemp(join(tmpdir(), 'sealroot-files-'));
    });
    afterAll(async () => {
      await this.browser?.close();
      await this.service.stop();
      await rm(this.files, { recursive: true, force: true });
    });
    beforeEach(() => this.restart({ locale: 'en-GB' }));
    afterEach(() => this.#close());
  }

  /** Goes on in a fresh profile of these settings. */
  async restart(options: BrowserContextOptions): Promise<void> {
    await this.#close();
    this.#context = await this.browser.newContext({ acceptDownloads: true, ...options });
    this.#faults = watchForFaults(this.#context, () => this.address);
    this.#context.setDefaultTimeout(10_000);
    this.page = await this.#context.newPage();
  }

  /** Opens the page, and waits until it speaks. */
  async open(): Promise<void> {
    await this.page.goto(this.address);
    await this.page.locator('#files').waitFor({ state: 'attached' });
  }

  /** Writes a file; returns its path. */
  async keep(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(this.files, name);
    await writeFile(path, content);
    return path;
  }

  async give(...paths: string[]): Promise<void> {
    await this.page.setInputFiles('#files', paths);
  }

  /** Presses a button that downloads, and keeps the file; returns its path. */
  async save(button: string): Promise<string> {
    const downloading = this.page.waitForEvent('download');
    await this.page.locator(button).click();
    const download = await downloading;
    const path = join(this.files, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  /** The verdict, as soon as there is one. */
  async verdict(): Promise<string | null> {
    await this.page.locator('.verdict').waitFor();
    return this.page.locator('.verdict').getAttribute('data-verdict');
  }

  /** One of the three plain answers, with what it rests on. */
  answer(name: 'content' | 'who' | 'still'): Promise<string | null> {
    return this.page.locator(`[data-answer="${name}"]`).textContent();
  }

  /** How a check ended. */
  status(check: string): Promise<string | null> {
    return this.page.locator(`[data-code="${check}"]`).getAttribute('data-status');
  }

  /** Takes a fault that the test brings about off the list of those that fail it. */
  expectFault(fault: RegExp): void {
    const at = this.#faults.findIndex((found) => fault.test(found));
    expect(at, String(fault)).toBeGreaterThanOrEqual(0);
    this.#faults.splice(at, 1);
  }

  async #close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
    expect(this.#faults).toEqual([]);
  }
}
