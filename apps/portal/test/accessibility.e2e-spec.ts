import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { buildPage, hasChromium, launchBrowser } from './browser.js';
import { FixtureService } from './fixture-service.js';

/** Everything that WCAG 2.2 AA asks and a program can check, and axe's own good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const sealed = sampleProof({
  statement: { reference: 'A-1', claims: { kind: 'permit' }, validUntil: '2099-01-01T00:00:00.000Z' },
});
const expired = sampleProof({ statement: { validUntil: '2026-03-02T00:00:00.000Z' } });
const unanchored = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
const other = sampleProof({ statement: { agency: 'archive.example' } });

/** Each thing that the page can show: what the service holds, and what is given. */
const VIEWS: Record<
  string,
  { arrange: (service: FixtureService) => void; files: { name: string; bytes: Uint8Array }[] }
> = {
  'the empty page': { arrange: (service) => service.hold(), files: [] },
  authentic: { arrange: (service) => service.hold(sealed), files: [{ name: 'a.txt', bytes: sealed.document }] },
  'authentic-not-current': {
    arrange: (service) => service.hold(expired),
    files: [{ name: 'a.txt', bytes: expired.document }],
  },
  pending: { arrange: (service) => service.hold(unanchored), files: [{ name: 'a.txt', bytes: unanchored.document }] },
  mismatch: {
    arrange: (service) => service.hold(sealed),
    files: [
      { name: 'a.txt', bytes: Uint8Array.of(1) },
      { name: 'a.txt.proof.json', bytes: new TextEncoder().encode(sealed.text) },
    ],
  },
  unavailable: {
    arrange: (service) => {
      service.hold(sealed);
      service.headersUp = false;
    },
    files: [{ name: 'a.txt', bytes: sealed.document }],
  },
  'not found': { arrange: (service) => service.hold(), files: [{ name: 'a.txt', bytes: sealed.document }] },
  'several records': {
    arrange: (service) => service.hold(sealed, other),
    files: [{ name: 'a.txt', bytes: sealed.document }],
  },
};

describe.skipIf(!hasChromium())('accessibility of the page', () => {
  let built: Awaited<ReturnType<typeof buildPage>>;
  let service: FixtureService;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    built = await buildPage();
    service = new FixtureService(built.folder);
    address = await service.start();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await built.remove();
  });

  describe.each([
    ['en-GB', 'light'],
    ['en-GB', 'dark'],
    ['zh-CN', 'light'],
    ['zh-CN', 'dark'],
  ] as const)('in %s, %s', (locale, colorScheme) => {
    it.each(Object.keys(VIEWS))('%s has no violation of WCAG 2.2 AA', async (name) => {
      const { arrange, files } = VIEWS[name]!;
      arrange(service);
      // The page's animation fades text in; contrast is that of the text at rest. axe is brought in past the page's own policy.
      const context = await browser.newContext({ locale, colorScheme, reducedMotion: 'reduce', bypassCSP: true });
      try {
        const page = await context.newPage();
        await page.goto(address);
        if (files.length > 0) {
          const given = files.map((file) => ({
            name: file.name,
            mimeType: 'text/plain',
            buffer: Buffer.from(file.bytes),
          }));
          await page.setInputFiles('#files', given);
          await page.locator('#result-title').waitFor();
          for (const summary of await page.locator('summary').all()) await summary.click();
        }
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
        );
        expect(found).toEqual([]);
      } finally {
        await context.close();
      }
    });
  });
});
