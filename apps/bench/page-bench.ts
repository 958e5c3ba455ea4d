import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
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

/** A large document, in bytes, and how much of it is written at a time. It is in the memory of the system afterwards, as one that was just received. */
const DOCUMENT_BYTES = 2 * 1_073_741_824;
const WRITE_BYTES = 67_108_864;

/** Bytes that hash-wasm is given at a time, as the page gives them. */
const CHUNK_BYTES = 2_097_152;

const MEGABYTE = 1_000_000;

/** Documents that are given at once, and bytes of each. */
const DOCUMENTS = 1000;
const SMALL_BYTES = 100_000;

/** Longest that the page may take for all of them. */
const MANY_TIMEOUT_MS = 120_000;

/** How fast the page hashes a document of two gigabytes, beside hash-wasm alone in the same browser, for how long the page stands still meanwhile, and how many
 * documents it checks in a second, each looked up and verified. */
export async function benchPage(stage: Stage): Promise<Figure[]> {
  const { serviceUrl } = stage;
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
    const content = randomBytes(WRITE_BYTES);
    for (let at = 0; at < DOCUMENT_BYTES; at += WRITE_BYTES) await file.write(content);
    await file.close();
    const page = await browser.newPage();
    await page.goto(serviceUrl);
    await page.locator('#files').waitFor({ state: 'attached' });
    const before = await hashAlone(page);
    const { longestMs, seconds } = await hashOnPage(page, path);
    // Before and after, so that whatever else the machine does weighs on both.
    const alone = (before + (await hashAlone(page))) / 2;
    const paths = await submitDocuments(stage, folder);
    await page.reload();
    const checkedIn = await checkMany(page, paths);
    const failures = 0;
    const rate = (took: number) => DOCUMENT_BYTES / MEGABYTE / took;
    return [
      {
        name: 'the page hashes a document of 2 GiB',
        unit: 'MB/s',
        ours: rate(seconds),
        raw: rate(alone),
        rawIs: 'hash-wasm alone, same browser',
        failures,
      },
      { name: 'longest that the page stands still meanwhile', unit: 'ms', ours: longestMs, failures },
      {
        name: `the page checks ${DOCUMENTS} documents of ${SMALL_BYTES / 1000} kB, given at once`,
        unit: 'documents/s',
        ours: DOCUMENTS / checkedIn,
        failures,
      },
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

/** Makes documents, has their digests notarised and waits for the log. @returns their paths */
async function submitDocuments({ apiKey, service, serviceUrl }: Stage, folder: string): Promise<string[]> {
  const documents = Array.from({ length: DOCUMENTS }, (_, i) => ({
    path: join(folder, `document-${i}.bin`),
    content: randomBytes(SMALL_BYTES),
  }));
  await Promise.all(documents.map(({ content, path }) => writeFile(path, content)));
  const records = documents.map(({ content }) => ({
    profile: 'generic@1',
    digests: { sha256: createHash('sha256').update(content).digest('hex') },
  }));
  const answer = await fetch(`${serviceUrl}/v1/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
  if (!answer.ok) throw new Error(`submitting documents: expected 200, got ${answer.status}`);
  const waiting = 'SELECT EXISTS (SELECT FROM "chunk" WHERE "batch_number" IS NULL) AS "waiting"';
  while ((await service.query<{ waiting: boolean }>(waiting)).rows[0]!.waiting)
    await new Promise((done) => setTimeout(done, 100));
  return documents.map(({ path }) => path);
}

/** Seconds from giving the documents until the last of them is checked. */
async function checkMany(page: Page, paths: string[]): Promise<number> {
  await page.locator('#files').waitFor({ state: 'attached' });
  const began = performance.now();
  await page.setInputFiles('#files', paths);
  // An answer in each row; one that stands for an error is one of those that `standing` says.
  await page.locator(`.many:not(:has(tbody tr:not([data-standing])))`).waitFor({ timeout: MANY_TIMEOUT_MS });
  const seconds = (performance.now() - began) / 1000;
  const kinds = await page.locator('.many-filter').allInnerTexts();
  console.error(`the page says: ${kinds.join(', ')}`);
  return seconds;
}
