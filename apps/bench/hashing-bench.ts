import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Figure } from './figure.js';
import type { Stage } from './service.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** The part of a progress bar that is looked at, in a browser. */
interface Bar {
  hasAttribute(name: string): boolean;
}

/** What hash-wasm leaves in a browser. */
interface HashWasm {
  hashwasm: { createSHA256(): Promise<{ update(data: Uint8Array): void }> };
}

/** A large document, in bytes: a file with nothing in it takes no room on the disk. */
const DOCUMENT_BYTES = 1_073_741_824;

/** Bytes that hash-wasm is given at a time, as the page gives them. */
const CHUNK_BYTES = 2_097_152;

const MEGABYTE = 1_000_000;

/** How fast the page hashes a document of a gigabyte, beside hash-wasm alone in the same browser, and for how long the page stands still meanwhile. */
export async function benchPageHashing({ serviceUrl }: Stage): Promise<Figure[]> {
  if (!existsSync(CHROMIUM)) {
    console.error(
      `Chromium is missing at ${CHROMIUM}, the page is not measured: apt-get install chromium (or set CHROMIUM)`,
    );
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-bench-'));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const path = join(folder, 'document.bin');
    const file = await open(path, 'w');
    await file.truncate(DOCUMENT_BYTES);
    await file.close();
    const page = await browser.newPage();
    await page.goto(serviceUrl);
    await page.locator('#files').waitFor({ state: 'attached' });
    const before = await hashAlone(page);
    const { longestMs, seconds } = await hashOnPage(page, path);
    // Before and after, so that whatever else the machine does weighs on both.
    const alone = (before + (await hashAlone(page))) / 2;
    const failures = 0;
    const rate = (took: number) => DOCUMENT_BYTES / MEGABYTE / took;
    return [
      {
        name: 'the page hashes a document of 1 GiB',
        unit: 'MB/s',
        ours: rate(seconds),
        raw: rate(alone),
        rawIs: 'hash-wasm alone, same browser',
        failures,
      },
      { name: 'longest that the page stands still meanwhile', unit: 'ms', ours: longestMs, failures },
    ];
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

/** Seconds that hash-wasm takes for as many bytes, which are in memory. */
async function hashAlone(page: Page): Promise<number> {
  const library = createRequire(import.meta.url).resolve('hash-wasm/dist/sha256.umd.min.js');
  await page.evaluate(await readFile(library, 'utf8'));
  return page.evaluate(
    async ([bytes, chunk]) => {
      const { hashwasm } = globalThis as unknown as HashWasm;
      const hasher = await hashwasm.createSHA256();
      const data = new Uint8Array(chunk);
      const started = performance.now();
      for (let at = 0; at < bytes; at += chunk) hasher.update(data);
      return (performance.now() - started) / 1000;
    },
    [DOCUMENT_BYTES, CHUNK_BYTES] as const,
  );
}

/** Seconds from the first progress to the end of hashing, and the longest pause between two turns of the page. */
async function hashOnPage(page: Page, path: string): Promise<{ seconds: number; longestMs: number }> {
  const measured = page.evaluate(
    () =>
      new Promise<{ seconds: number; longestMs: number }>((resolve) => {
        let started: number | undefined;
        let [last, longestMs] = [performance.now(), 0];
        const { document } = globalThis as unknown as { document: { querySelector(selector: string): Bar | null } };
        const look = () => {
          const now = performance.now();
          const bar = document.querySelector('.progress-card progress');
          if (started !== undefined) longestMs = Math.max(longestMs, now - last);
          // Before hashing and after it the bar has no value.
          const isHashing = bar !== null && bar.hasAttribute('value');
          if (isHashing) started ??= now;
          last = now;
          if (started !== undefined && !isHashing) resolve({ seconds: (now - started) / 1000, longestMs });
          else setTimeout(look, 0);
        };
        look();
      }),
  );
  await page.setInputFiles('#files', path);
  return measured;
}
