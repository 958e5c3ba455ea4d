import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { hasChromium } from './browser.js';
import type { FixtureService } from './fixture-service.js';
import { PortalInChromium } from './portal-in-chromium.js';

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
      { name: 'a.txt.sealroot.json', bytes: new TextEncoder().encode(sealed.text) },
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
  const portal = new PortalInChromium();

  // Contrast is the scheme's and texts are the language's: each of both, and not each pair of them.
  describe.each([
    ['en-GB', 'light', Object.keys(VIEWS)],
    ['zh-CN', 'dark', Object.keys(VIEWS)],
    ['zh-TW', 'dark', Object.keys(VIEWS)],
  ] as const)('in %s, %s', (locale, colorScheme, views) => {
    it.each(views)('%s has no violation of WCAG 2.2 AA', async (name) => {
      const { arrange, files } = VIEWS[name]!;
      arrange(portal.service);
      // The page's animation fades text in; contrast is that of the text at rest. axe is brought in past the page's own policy.
      await portal.restart({ locale, colorScheme, reducedMotion: 'reduce', bypassCSP: true });
      const { page } = portal;
      await portal.open();
      if (files.length > 0) {
        await portal.give(...(await Promise.all(files.map(({ bytes, name }) => portal.keep(name, bytes)))));
        await page.locator('#result-title').waitFor();
        for (const summary of await page.locator('summary').all()) await summary.click();
      }
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
      expect(found).toEqual([]);
    });
  });
});
