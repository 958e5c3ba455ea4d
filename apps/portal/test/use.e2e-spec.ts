import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formatCode } from '#paper/codec.js';
import { pngOf, qrModules } from '#paper/image.js';
import { makeCode } from '#paper/make.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { linkTo } from '../pasted.js';
import { hasChromium } from './browser.js';
import { PortalInChromium } from './portal-in-chromium.js';

describe.skipIf(!hasChromium())('the use of the page', () => {
  const portal = new PortalInChromium();

  it('says calmly that no record was found, and what may help', async () => {
    portal.service.hold();
    await portal.open();
    await portal.give(await portal.keep('unknown.txt', 'nobody registered this'));

    await portal.page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
    expect(await portal.page.locator('.notice').innerText()).toContain('drop it too');
    expect(await portal.page.locator('.verdict').count()).toBe(0);
    // Under each of the four algorithms; and of no digest more was sent than its first bits.
    const lookups = portal.service.asked.filter((line) => line.includes('/v1/candidates/page'));
    expect(lookups).toHaveLength(4);
    for (const lookup of lookups) expect(lookup).toMatch(/^GET \/v1\/candidates\/page\?prefix=[01]{4}$/);
  });

  it('verifies a blinded record when its proof file comes along', async () => {
    const sample = sampleProof({ blinded: true });
    portal.service.hold(sample);
    await portal.open();
    const document = await portal.keep('licence.txt', sample.document);
    await portal.give(document);
    await portal.page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
    await portal.give(await portal.keep('licence.txt.sealroot.json', sample.text));

    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.status('document')).toBe('passed');
  });

  it('finds a blinded record through its .ots file', async () => {
    const sample = sampleProof({ blinded: true });
    portal.service.hold(sample);
    await portal.open();
    const document = await portal.keep('card.txt', sample.document);
    await portal.give(document, await portal.keep('card.txt.sealroot.json', sample.text));
    expect(await portal.verdict()).toBe('authentic');
    await portal.page.locator('.details > summary').click();
    const downloading = portal.page.waitForEvent('download');
    await portal.page.locator('[data-download="ots"]').click();
    const ots = join(portal.files, 'card.txt.ots');
    await (await downloading).saveAs(ots);

    await portal.page.reload();
    await portal.give(document, ots);
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.page.locator('.given-file[data-role="ots"]').count()).toBe(1);
  });

  it.each(['sm3', 'sha512', 'sha3-256'] as const)('finds a record that has only %s', async (algorithm) => {
    const sample = sampleProof({ algorithms: [algorithm] });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep(`${algorithm}.txt`, sample.document));

    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.status('document')).toBe('passed');
  });

  it('lets the reader choose between several records', async () => {
    const first = sampleProof();
    const second = sampleProof({ statement: { agency: 'archive.example', receivedAt: '2026-02-01T08:00:00.000Z' } });
    portal.service.hold(second, first);
    await portal.open();
    await portal.give(await portal.keep('twice.txt', first.document));

    await portal.page.getByRole('heading', { name: 'This document was registered more than once' }).waitFor();
    await portal.page.getByRole('button', { name: /licences\.example/ }).click();
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.answer('who')).toContain('licences.example');
  });

  it('asks for the document when only the proof was given', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('alone.txt.sealroot.json', sample.text));
    await portal.page.getByRole('heading', { name: 'Now add the document' }).waitFor();
    await portal.give(await portal.keep('alone.txt', sample.document));

    expect(await portal.verdict()).toBe('authentic');
  });

  it('hashes a large document in chunks, shows progress and can be cancelled', async () => {
    const sample = sampleProof({ document: new Uint8Array(48 * 1024 * 1024).fill(0x5a) });
    portal.service.hold(sample);
    await portal.open();
    const large = await portal.keep('large.bin', sample.document);
    await portal.page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const bar = document.querySelector('progress');
        if (bar) seen.push(bar.value);
      }).observe(document.body, { childList: true, subtree: true, attributes: true });
    });
    await portal.give(large);
    expect(await portal.verdict()).toBe('authentic');
    const seen = await portal.page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    // It is told ten times a second, and how many of these a machine takes is its own.
    expect(new Set(seen).size).toBeGreaterThan(1);

    await portal.page.evaluate(() => {
      const cancel = new MutationObserver(() => {
        const button = document.querySelector<HTMLElement>('.progress-card button');
        if (!button) return;
        cancel.disconnect();
        button.click();
      });
      cancel.observe(document.body, { childList: true, subtree: true });
    });
    await portal.give(large);
    await portal.page.locator('.drop-area:not(.compact)').waitFor();
    expect(await portal.page.locator('.verdict, .progress-card, .given-file').count()).toBe(0);
  });

  it('shows words from a proof as text, never as markup', async () => {
    const agency = 'licences.example';
    const reference = '<img src=x onerror=alert(1)>';
    const sample = sampleProof({
      statement: { agency, reference, claims: { '<b>bold</b>': '<script>alert(2)</script>' } },
    });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('<i>name.txt'.replace(/[<>]/g, '_'), sample.document));

    expect(await portal.verdict()).toBe('authentic');
    await portal.page.locator('.details > summary').click();
    expect(await portal.page.locator('.time .facts').textContent()).toContain(reference);
    expect(await portal.page.locator('.details').innerText()).toContain('<script>alert(2)</script>');
    expect(await portal.page.locator('img, .verdict b, .verdict script').count()).toBe(0);
  });

  it('gives out proof files that lead to the same verdict', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    const document = await portal.keep('kept.txt', sample.document);
    await portal.give(document);
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    await portal.page.locator('.details > summary').click();
    const downloading = portal.page.waitForEvent('download');
    await portal.page.locator('[data-download="proof"]').click();
    const kept = await downloading;
    expect(kept.suggestedFilename()).toBe('kept.txt.sealroot.json');
    const path = join(portal.files, 'kept.txt.sealroot.json');
    await kept.saveAs(path);
    expect(await readFile(path, 'utf8')).toBe(sample.text);

    for (const [kind, start] of [
      ['record-in-batch', 'c2sp.org/tlog-proof@v1\n'],
      ['batch-in-log', 'c2sp.org/tlog-proof@v1\n'],
    ] as const) {
      const other = portal.page.waitForEvent('download');
      await portal.page.locator(`[data-download="${kind}"]`).click();
      const saved = join(portal.files, kind);
      await (await other).saveAs(saved);
      expect((await readFile(saved, 'utf8')).startsWith(start)).toBe(true);
    }
  });

  it('takes a pasted fingerprint, compares no document, and says so', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.page.locator('.paste summary').click();
    await portal.page.locator('#pasted').fill(Buffer.from(sample.digests.sha256!).toString('hex'));
    await portal.page.getByRole('button', { name: 'Check', exact: true }).click();
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.answer('content')).toContain('Not compared: no document was given');
  });

  it('takes a proof from the fragment of a link, which the service is not sent', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.page.goto(linkTo(sample.proof, portal.address));
    await portal.page.getByRole('heading', { name: 'Now add the document' }).waitFor();
    await portal.give(await portal.keep('linked.txt', sample.document));
    expect(await portal.verdict()).toBe('authentic');
    expect(portal.service.asked.join()).not.toContain('proof=');
  });

  it('speaks another language when the words of the wanted one cannot be fetched, and is never empty', async () => {
    portal.service.hold();
    const { page } = portal;
    await page.route(/language-en/, (route) => route.abort());
    await portal.open();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.route(/language-/, (route) => route.abort());
    const failed = page.waitForEvent('console', (message) => message.text().includes('could not be fetched'));
    await page.goto(portal.address);
    await failed;
    await page.getByText('it has not started').waitFor();
    expect(await page.getByRole('link', { name: 'look up a fingerprint without scripts' }).getAttribute('href')).toBe(
      './lookup?lang=en',
    );
    portal.expectFault(/expected the words of a language, got none/);
  });

  it('reads a code on paper from a picture, shows what it says, and checks that with its salt', async () => {
    const sample = sampleProof({ blinded: true, document: new TextEncoder().encode('Permit 7: Li Wei, until 2099') });
    portal.service.hold(sample);
    const { batch, log, salt, statement } = sample.proof;
    const [, size] = batch.checkpoint.split('\n');
    const code = makeCode(
      {
        statement,
        batch: { number: 3, size: Number(size) },
        index: batch.index,
        path: batch.path.map((hex) => Buffer.from(hex, 'hex')),
        checkpoint: batch.checkpoint,
        logKey: log.key,
      },
      'landmark',
      { text: 'Permit 7: Li Wei, until 2099', salt: Buffer.from(salt!, 'hex') },
    );
    await portal.open();
    const picture = await portal.keep('code.png', pngOf(qrModules(formatCode(code)), 6, zlib));
    await portal.page.setInputFiles('#picture', picture);
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.page.locator('.paper-text').innerText()).toContain('Permit 7: Li Wei, until 2099');
    expect(await portal.status('document')).toBe('passed');

    await portal.page.reload();
    await portal.page.setInputFiles('#picture', await portal.keep('blank.png', pngOf([[false]], 50, zlib)));
    await portal.page.locator('#files-refusal', { hasText: 'No QR code could be read' }).waitFor();
  });

  it('takes files that are dropped anywhere on the page', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.page.evaluate((bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.txt'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }, Array.from(sample.document));

    expect(await portal.verdict()).toBe('authentic');
  });

  it('checks many documents in a table, with a filter, as a CSV file, and one by one', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    const found = Array.from({ length: 60 }, (_, i) => portal.keep(`found-${i}.txt`, sample.document));
    const others = [
      portal.keep('=stranger.txt', 'nobody registered this'),
      portal.keep('wrong.txt', 'another document'),
      portal.keep('wrong.txt.sealroot.json', sample.text),
    ];
    await portal.give(...(await Promise.all([...found, ...others])));

    const { page } = portal;
    await expect.poll(() => page.locator('.many .progress-detail').innerText()).toBe('62 of 62 checked');
    await page.getByRole('button', { name: 'No match · 1' }).click();
    expect(await page.locator('.many tbody tr:visible').allInnerTexts()).toEqual([
      expect.stringContaining('wrong.txt'),
    ]);
    const lines = (await readFile(await portal.save('[data-keep="csv"]'), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(63);
    expect(lines.find((line) => line.includes('stranger'))).toMatch(/^'=stranger\.txt,,/);
    expect(lines.filter((line) => line.includes(',authentic,'))).toHaveLength(60);
    // The log's key is the same for all.
    expect(portal.service.asked.filter((line) => line.endsWith('/v1/log/key'))).toHaveLength(1);

    await page.getByRole('button', { name: 'wrong.txt' }).click();
    expect(await portal.verdict()).toBe('mismatch');
    await page.getByRole('button', { name: 'Back to the list' }).click();
    expect(await page.locator('.many tbody tr').count()).toBe(62);
  });

  it('speaks the browser’s language, switches, and remembers', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.restart({ locale: 'zh-CN' });
    await portal.open();
    expect(await portal.page.getByRole('heading', { level: 1 }).innerText()).toBe('文件核验');
    expect(await portal.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await portal.give(await portal.keep('zh.txt', sample.document));
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    expect(await portal.page.locator('.verdict h2').innerText()).toBe('核验一致，但时间仅由测试链证明');
    await portal.page.getByRole('button', { name: 'English' }).click();
    await expect.poll(() => portal.page.locator('.verdict h2').innerText()).toContain('Matches');
    expect(await portal.page.evaluate(() => (document.activeElement as HTMLElement).dataset['language'])).toBe('en');
    await portal.page.reload();
    expect(await portal.page.getByRole('heading', { level: 1 }).innerText()).toBe('Check a document');
  });

  it('fits a screen of 320 pixels without scrolling sideways', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.page.setViewportSize({ width: 320, height: 640 });
    await portal.open();
    await portal.give(await portal.keep(`${'a-long-file-name-'.repeat(8)}.txt`, sample.document));
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    await portal.page.locator('.details > summary').click();
    expect(await portal.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

    const proof = await portal.keep('other.txt.sealroot.json', sample.text);
    await portal.give(await portal.keep('other.txt', 'another document'), proof);
    await portal.page.locator('[data-verdict="mismatch"]').waitFor();
    await portal.page.locator('.checks > summary').click();
    const cut = portal.page.locator('.check-text, .verdict-note').filter({ visible: true });
    // The card hides what runs out of it, so the page's own width does not tell.
    expect(await cut.evaluateAll((texts) => texts.filter((text) => text.scrollWidth > text.clientWidth).length)).toBe(
      0,
    );
    expect(await cut.count()).toBeGreaterThan(10);
  });

  it.each(['en-GB', 'zh-CN'])('answers within the first two screens of a phone, in %s', async (locale) => {
    const sample = sampleProof({ statement: { reference: '京-2026-0001', validUntil: '2026-03-02T00:00:00.000Z' } });
    portal.service.hold(sample);
    await portal.restart({ locale, viewport: { width: 390, height: 844 } });
    await portal.open();
    await portal.give(await portal.keep('deed.pdf', sample.document));
    expect(await portal.verdict()).toBe('authentic-not-current');
    const bottomOf = (part: string) =>
      portal.page.locator(part).evaluate((found) => found.getBoundingClientRect().bottom + window.scrollY);
    expect(await bottomOf('.verdict-head')).toBeLessThan(844);
    expect(await bottomOf('.plain-checks')).toBeLessThan(1.5 * 844);
    expect(await bottomOf('.keep')).toBeLessThan(2 * 844);
  });
});
