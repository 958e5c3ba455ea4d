import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { hasPrograms } from '#setting/testing/programs.js';
import { hasChromium } from './browser.js';
import { PortalInChromium } from './portal-in-chromium.js';

/** A thousand and twenty-four pixels, four times as large: what is left of an ordinary screen at 400 %. */
const ZOOMED = { width: 320, height: 256 };

describe.skipIf(!hasChromium())('the page is for everyone', () => {
  const portal = new PortalInChromium();

  /** What has the focus, and whether a reader sees that. */
  const focused = () =>
    portal.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      // What is chosen files with is seen as its label.
      const seen = element.matches('input[type=file]') ? element.nextElementSibling! : element;
      const { height, width } = seen.getBoundingClientRect();
      return {
        name: element.dataset['filter'] ?? element.id ?? '',
        tag: element.tagName.toLowerCase(),
        classes: element.className,
        text: (element.textContent ?? '').trim(),
        isSeen: width > 0 && height > 0 && getComputedStyle(seen).outlineStyle !== 'none',
      };
    });
  const press = async (key: string) => {
    await portal.page.keyboard.press(key);
    return focused();
  };
  /** Goes on with a key until the focus is where it is wanted. @throws Error when it never comes there, or is not seen on the way */
  const goTo = async (what: string, isThere: (at: Awaited<ReturnType<typeof focused>>) => boolean, key = 'Tab') => {
    for (let stops = 0; stops < 60; stops++) {
      const at = await press(key);
      if (!at.isSeen) throw new Error(`going to ${what}: expected a focus that is seen, got ${JSON.stringify(at)}`);
      if (isThere(at)) return at;
    }
    throw new Error(`going to ${what}: expected it within 60 stops`);
  };
  /** Chooses files as the keyboard does. */
  const choose = async (...paths: string[]) => {
    const chooser = portal.page.waitForEvent('filechooser');
    // The answer to this shows that Chromium has been told to hand choosers over.
    await portal.page.evaluate(() => undefined);
    await portal.page.keyboard.press('Space');
    await (await chooser).setFiles(paths);
  };

  it('is used with the keyboard alone, from the document to the last fold; the focus is seen and never lost', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    expect(await press('Tab')).toMatchObject({ classes: 'skip', isSeen: true });
    await portal.page.keyboard.press('Enter');
    await goTo('the files', ({ name }) => name === 'files');
    const input = portal.page.getByLabel(/Document and, if you have it, its proof/);
    expect(await input.evaluate((named) => named === document.activeElement)).toBe(true);
    await choose(await portal.keep('deed.txt', sample.document));
    expect(await portal.verdict()).toBe('authentic');
    expect((await focused()).name).toBe('result-title');

    let opened = 0;
    await goTo('the footer', ({ tag, classes }) => {
      if (tag === 'summary') opened++;
      return classes === '' && tag === 'a';
    });
    expect(opened).toBeGreaterThanOrEqual(6);
    await goTo('the last fold', ({ tag }) => tag === 'summary', 'Shift+Tab');
    await portal.page.keyboard.press('Enter');
    const last = portal.page.locator('.details');
    expect(await last.evaluate((details: HTMLDetailsElement) => details.open)).toBe(true);
    await goTo('a command to copy', ({ classes }) => classes.includes('copy'));

    await goTo('the button that takes the file away', ({ classes }) => classes === 'icon-button', 'Shift+Tab');
    await portal.page.keyboard.press('Enter');
    expect((await focused()).name).toBe('files');
    expect(await portal.page.locator('.verdict').count()).toBe(0);
  });

  it('filters a table of documents with the keyboard, opens one of them and comes back', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await goTo('the files', ({ name }) => name === 'files');
    await choose(
      await portal.keep('good.txt', sample.document),
      await portal.keep('stranger.txt', 'nobody registered this'),
      await portal.keep('wrong.txt', 'another document'),
      await portal.keep('wrong.txt.sealroot.json', sample.text),
    );
    const rows = portal.page.locator('.many tbody tr:visible');
    await expect.poll(() => portal.page.locator('.progress-detail').textContent()).toBe('3 of 3 checked');
    await goTo('the filter', ({ text }) => text === 'No match · 1');
    await portal.page.keyboard.press('Enter');
    expect(await focused()).toMatchObject({ text: 'No match · 1', isSeen: true });
    expect(await rows.count()).toBe(1);
    await goTo('the document', ({ text }) => text === 'wrong.txt');
    await portal.page.keyboard.press('Enter');
    expect(await portal.verdict()).toBe('mismatch');
    await expect.poll(async () => (await focused()).name).toBe('result-title');
    await goTo('the way back', ({ text }) => text === 'Back to the list', 'Shift+Tab');
    await portal.page.keyboard.press('Enter');
    expect((await focused()).name).toBe('result-title');
    expect(await rows.count()).toBe(3);
  });

  it('says to who does not see it what it is doing, and what came of it', async () => {
    const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    const anchored = sampleProof();
    portal.service.hold(sample);
    await portal.page.clock.install();
    await portal.open();
    const said: string[] = [];
    await portal.page.exposeFunction('heard', (text: string) => said.push(text));
    await portal.page.evaluate(() => {
      const live = document.querySelector('[role=status]')!;
      new MutationObserver(() =>
        (globalThis as unknown as { heard: (text: string) => void }).heard(live.textContent ?? ''),
      ).observe(live, { childList: true });
    });
    await portal.give(await portal.keep('deed.txt', sample.document));
    expect(await portal.verdict()).toBe('pending');
    expect(said).toEqual(expect.arrayContaining(['Computing the fingerprint on your device', 'Verifying the proof']));
    // The answer itself is read out because it has the focus; what it becomes later must be said.
    portal.service.hold(anchored);
    await portal.page.clock.fastForward('00:31');
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    await expect.poll(() => said.at(-1)).toBe('Matches, but only a test chain shows the time');
  });

  it('shows on a slow line what can be done, before it has come', async () => {
    portal.service.hold();
    const session = await portal.page.context().newCDPSession(portal.page);
    await session.send('Network.enable');
    const slow = { offline: false, latency: 300, downloadThroughput: 60_000, uploadThroughput: 60_000 };
    await session.send('Network.emulateNetworkConditions', slow);
    await portal.page.goto(portal.address, { waitUntil: 'commit' });
    const instead = portal.page.locator('.without-script p[lang=en]');
    await instead.waitFor({ state: 'visible' });
    expect(await instead.innerText()).toContain('look up a fingerprint without scripts');
    expect(await portal.page.locator('#files').count()).toBe(0);
    await portal.page.locator('#files').waitFor({ state: 'attached' });
    expect(await instead.count()).toBe(0);
  });

  it('keeps what was proved when the service is gone, and says which part could not be asked', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    portal.service.up = false;
    await portal.give(
      await portal.keep('deed.txt', sample.document),
      await portal.keep('deed.txt.sealroot.json', sample.text),
    );
    expect(await portal.verdict()).toBe('unavailable');
    expect(await portal.page.locator('[data-answer=content]').getAttribute('data-status')).toBe('passed');
    expect(await portal.page.locator('.decisive').innerText()).toContain(new URL(portal.address).host);
    expect(await portal.status('log-inclusion')).toBe('passed');
    expect(await portal.page.locator('[data-status=failed]').count()).toBe(0);
    portal.service.up = true;
    await portal.page.getByRole('button', { name: 'Try again' }).click();
    await portal.page.locator('[data-verdict=authentic]').waitFor();
  });

  it('fits a screen at 400 %, and letters of twice the size', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.restart({ locale: 'en-GB', bypassCSP: true, viewport: ZOOMED });
    await portal.open();
    const document = await portal.keep('deed.txt', sample.document);
    const wrong = await portal.keep('wrong.txt', 'another document');
    const proof = await portal.keep('wrong.txt.sealroot.json', sample.text);
    const overhang = () => portal.page.evaluate(() => window.document.documentElement.scrollWidth - window.innerWidth);
    for (const files of [[document], [wrong, proof], [document, wrong, proof]]) {
      await portal.give(...files);
      await portal.page
        .locator(files.length > 2 ? '.many td:not(:empty)' : '.verdict')
        .first()
        .waitFor();
      for (const summary of await portal.page.locator('summary:visible').all()) await summary.press('Enter');
      expect(await overhang(), files.join()).toBeLessThanOrEqual(0);
    }
    await portal.page.addStyleTag({ content: 'html { font-size: 200% }' });
    await portal.page.setViewportSize({ width: 640, height: 512 });
    await portal.give(document);
    await portal.page.locator('.verdict').waitFor();
    expect(await overhang()).toBeLessThanOrEqual(0);
  });

  it.skipIf(!hasPrograms({ pdftotext: 'poppler-utils' }))(
    'has everything open on paper, with its address and the time, and closed again on the screen',
    async () => {
      const sample = sampleProof();
      portal.service.hold(sample);
      await portal.restart({ locale: 'en-GB', bypassCSP: true, colorScheme: 'dark' });
      await portal.open();
      // Printed while the answer still appears.
      await portal.page.addStyleTag({ content: '.result > .card { animation-duration: 600s !important }' });
      await portal.page.evaluate(() => history.replaceState(null, '', '#kept-to-oneself'));
      await portal.give(await portal.keep('deed.txt', sample.document));
      expect(await portal.verdict()).toBe('authentic');
      const path = join(portal.files, 'printed.pdf');
      await writeFile(path, await portal.page.pdf());
      const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
      expect(text).toContain('What was checked');
      expect(text).toContain('The record is in its batch');
      expect(text).toContain('Repeat this without us');
      expect(text).toMatch(new RegExp(`${portal.address}, printed on .* UTC`));
      expect(text).not.toContain('kept-to-oneself');
      expect(text).not.toContain('Check another document');
      expect(await portal.page.locator('.fold[open]').count()).toBe(0);
    },
  );
});
