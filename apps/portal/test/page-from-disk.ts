import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { builtPage, CHROMIUM, CHROMIUM_FLAGS } from './browser.js';

/** A page that is one file, opened from disk in Chromium without a network, and the files that it is given. */
export class PageFromDisk {
  page!: Page;
  folder = '';
  readonly #asked: string[] = [];
  readonly #faults: string[] = [];
  #browser: Browser | undefined;
  #context: BrowserContext | undefined;

  /** Has the tests of the block that calls this start and stop it. `prepare` writes files into the folder, and may name flags of the browser. */
  constructor(
    private readonly file: string,
    prepare: (disk: PageFromDisk) => Promise<string[] | void>,
  ) {
    beforeAll(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'sealroot-disk-'));
      const flags = (await prepare(this)) ?? [];
      this.#browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS, ...flags] });
    });
    afterAll(async () => {
      await this.#browser?.close();
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** Opens the page in a fresh profile, as of a time. */
  async open(now: Date, options: BrowserContextOptions = {}): Promise<void> {
    await this.#context?.close();
    this.#context = await this.#browser!.newContext({
      locale: 'en-GB',
      viewport: { width: 390, height: 844 },
      offline: true,
      ...options,
    });
    this.#context.setDefaultTimeout(10_000);
    this.#context.on('request', (request) => this.#asked.push(request.url()));
    this.#context.on('weberror', (error) => this.#faults.push(error.error().message));
    this.#context.on('console', (message) => message.type() === 'error' && this.#faults.push(message.text()));
    this.page = await this.#context.newPage();
    await this.page.clock.setFixedTime(now);
    await this.page.goto(pathToFileURL(join(builtPage(), this.file)).href);
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file; returns its path. */
  async keep(name: string, content: Uint8Array | string): Promise<string> {
    await writeFile(this.at(name), content);
    return this.at(name);
  }

  /** What axe has against the page in light and dark, and whether it fits 320 pixels. */
  async expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page: this.page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    }
    await this.page.setViewportSize({ width: 320, height: 640 });
    expect(await this.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }

  /** That the page asked nobody so far, met no fault, and that its own policy refuses what is tried now. */
  async expectNoNetwork(): Promise<void> {
    const refused = await this.page.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      ),
    );
    expect(refused).toBe('refused');
    expect(this.#asked.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    // What was tried last is what its policy said no to.
    expect(this.#faults.filter((fault) => !fault.includes('example.com'))).toEqual([]);
    expect(this.#faults.some((fault) => fault.includes("connect-src 'none'"))).toBe(true);
  }
}
