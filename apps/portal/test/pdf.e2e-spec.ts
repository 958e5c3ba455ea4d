import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { embed } from '#embed/embed.js';
import { SMALL_PDF } from '#embed/testing/embed-cases.js';
import { formatCode } from '#paper/codec.js';
import { pngOf, PRINTED_MODULE_MM, qrModules, svgOf } from '#paper/image.js';
import { codeOfProof } from '#paper/of-proof.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { hasPrograms } from '#setting/testing/programs.js';
import { hasChromium } from './browser.js';
import { pdfOf } from './pdf-of.js';
import { PortalInChromium } from './portal-in-chromium.js';

const PERMIT = 'Permit 7: Li Wei, until 2099';

describe.skipIf(!hasChromium())('a PDF on the page', () => {
  const portal = new PortalInChromium();

  /** A PDF of pages with these contents, as Chromium prints it. */
  async function printed(...pages: string[]): Promise<Buffer> {
    const page = await portal.browser.newPage();
    try {
      await page.setContent(pages.map((content) => `<div style="break-after: page">${content}</div>`).join(''));
      return await page.pdf({ format: 'A4', printBackground: true });
    } finally {
      await page.close();
    }
  }

  const becomes = (verdict: string) => portal.page.locator(`[data-verdict="${verdict}"]`).waitFor();
  // To draw pages takes what a busy machine lets it take.
  const drawn = { timeout: 45_000 };
  const notFound = (pages: string) => portal.page.locator(`[data-pages="${pages}"]`).waitFor(drawn);

  it('puts the proof into a PDF, takes that one file alone, and says what was added to it', async () => {
    const sample = sampleProof({ document: SMALL_PDF });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('permit.pdf', sample.document));
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    const made = await portal.save('[data-keep="with-proof"]');
    expect(made).toMatch(/permit\.sealroot\.pdf$/);

    await portal.page.reload();
    portal.service.asked = [];
    await portal.give(made);
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.page.locator('.verdict-text').innerText()).toMatch(/^Apart from the proof inside it/);
    expect(await portal.page.locator('[data-keep="with-proof"]').count()).toBe(0);
    expect(portal.service.asked.filter((line) => line.includes('/v1/candidates/page'))).toEqual([]);

    const grown = await portal.keep('grown.pdf', Buffer.concat([await readFile(made), Buffer.from('one more page')]));
    await portal.give(grown);
    await portal.page.locator('[data-verdict="mismatch"]').waitFor();
    expect(await portal.page.locator('.verdict-notes').innerText()).toContain(
      `The registered version is the first ${SMALL_PDF.length} bytes of this file, the proof left out.`,
    );
    const registered = await portal.save('.verdict-actions button');
    expect(await readFile(registered)).toEqual(Buffer.from(SMALL_PDF));
  });

  it('puts a signed PDF and its proof into a container, says why, and takes that one file alone', async () => {
    const sample = sampleProof({ document: Buffer.from('%PDF-1.7\n/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF\n') });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('signed.pdf', sample.document));
    const container = await portal.save('[data-keep="with-proof"]');
    expect(basename(container)).toBe('signed.pdf.sealroot.zip');
    await expect
      .poll(() => portal.page.locator('.keep-refusal').innerText())
      .toMatch(/This PDF is signed.*one ZIP file/);

    portal.service.records = [];
    await portal.give(container);
    await portal.page.locator('.given-file', { hasText: 'signed.pdf.sealroot.zip' }).waitFor();
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.page.locator('[data-keep="with-proof"]').count()).toBe(0);
    await portal.give(await portal.keep('more.zip', Buffer.concat([await readFile(container), Buffer.from('x')])));
    await portal.page.locator('[data-verdict="mismatch"]').waitFor();
  });

  it('that another program saved anew is no forgery: its proof is gone, or does not match it, for innocent reasons', async () => {
    const original = await printed('<h1>Permit 7</h1>');
    const sample = sampleProof({ document: original });
    portal.service.hold(sample);
    await portal.open();
    const sealed = await portal.keep('issued.pdf', await embed(original, new TextEncoder().encode(sample.text)));
    const proof = await portal.keep('proof.sealroot.json', sample.text);
    const saved = [await portal.keep('chromium.pdf', await printed('<h1>Permit 7</h1>'))];
    if (hasPrograms({ qpdf: 'qpdf' })) {
      saved.push(join(portal.files, 'qpdf.pdf'));
      execFileSync('qpdf', [sealed, saved[1]!]);
    }
    for (const path of saved) {
      await portal.page.reload();
      await portal.give(path);
      await notFound('none');
      const calm = await portal.page.locator('.notice').innerText();
      expect(calm).toContain('That is no sign that the document is false.');
      await portal.give(path, proof);
      await becomes('mismatch');
      const said = await portal.page.locator('.verdict').innerText();
      expect(said.indexOf('Common reasons')).toBeGreaterThan(0);
      expect(said.indexOf('Common reasons')).toBeLessThan(said.indexOf('What does not match'));
      expect(said).toMatch(/saved again/);
      expect(calm + said).not.toMatch(/forge|fake|fraud|tamper/i);
    }
  });

  it('with a second proof in it, another length or further bytes does not match, and the registered part is handed out', async () => {
    const sample = sampleProof({ document: SMALL_PDF });
    portal.service.hold(sample);
    await portal.open();
    const proof = new TextEncoder().encode(sample.text);
    const once = Buffer.from(await embed(SMALL_PDF, proof));
    const tail = once.subarray(SMALL_PDF.length);
    const length = tail.indexOf(` ${SMALL_PDF.length}\n`);
    const otherLength = Buffer.from(once);
    otherLength[SMALL_PDF.length + length + 1]! ^= 1;
    const files = {
      'twice.pdf': Buffer.concat([once, tail]),
      'length.pdf': otherLength,
      'more.pdf': Buffer.concat([once, Buffer.from('one more page')]),
      'inside.pdf': Buffer.concat([SMALL_PDF, Buffer.from('% one more page\n'), tail]),
    };
    for (const [name, bytes] of Object.entries(files)) {
      await portal.page.reload();
      await portal.give(await portal.keep(name, bytes));
      expect([name, await portal.verdict()]).toEqual([name, 'mismatch']);
      expect(await portal.page.locator('.plain-checks').count()).toBe(0);
    }
  });

  it('of which nothing is recorded is searched for a printed code, and the answer is about that alone', async () => {
    const sample = sampleProof({ blinded: true, document: new TextEncoder().encode(PERMIT) });
    portal.service.hold(sample);
    const modules = qrModules(formatCode(codeOfProof(sample.proof, 'landmark', PERMIT)));
    const svg = svgOf(modules, { sizeMm: Math.round(modules.length * PRINTED_MODULE_MM), title: 'code' });
    const png = Buffer.from(pngOf(modules, 4, zlib)).toString('base64');
    const text = '<p>This permit is issued under section 7 of the act. </p>'.repeat(5);
    const stranger = svgOf(qrModules('HTTPS://OTHER.EXAMPLE/7'), { sizeMm: 30, title: 'other' });
    const vector = await portal.keep('vector.pdf', await printed(`${text}${stranger}${text}`, `${text}${svg}`, text));
    const picture = await portal.keep(
      'picture.pdf',
      await printed(`${text}<img style="width: 34mm" src="data:image/png;base64,${png}">`),
    );
    await portal.open();
    for (const [path, page] of [
      [vector, 2],
      [picture, 1],
    ] as const) {
      await portal.give(path);
      await portal.page.locator('.paper-text', { hasText: `page ${page}` }).waitFor(drawn);
      await becomes('authentic');
      const caption = await portal.page.locator('.paper-text').innerText();
      expect(caption).toContain('No registration was found for this file itself');
      expect(caption).toContain(PERMIT);
      expect(await portal.status('document')).toBe('passed');
    }

    portal.service.hold(sampleProof({ document: await readFile(vector) }));
    await portal.page.reload();
    await portal.give(vector);
    await becomes('authentic');
    expect(await portal.page.locator('.paper-text').count()).toBe(0);
    expect(portal.service.asked.join()).not.toContain('pdf');
  });

  it('that cannot be searched for a code says why, keeps the page awake, and can be cancelled', async () => {
    portal.service.hold();
    await portal.open();
    await portal.give(await portal.keep('damaged.pdf', '%PDF-1.7\n1 0 obj\n<<'));
    await notFound('unreadable');
    if (hasPrograms({ qpdf: 'qpdf' })) {
      const [open, encrypted] = [
        await portal.keep('open.pdf', await printed('<p>Permit 7</p>')),
        join(portal.files, 'encrypted.pdf'),
      ];
      execFileSync('qpdf', ['--encrypt', 'secret', 'owner', '256', '--', open, encrypted]);
      await portal.give(encrypted);
      await notFound('encrypted');
    }

    await portal.give(
      await portal.keep('endless.pdf', pdfOf('/F Do '.repeat(400), '0 0 m 600 800 l S '.repeat(20_000))),
    );
    await portal.page.getByText('0 of 1').waitFor(drawn);
    expect(portal.page.workers()).toHaveLength(2);
    await portal.page.getByRole('button', { name: 'Cancel' }).click();
    await portal.page.locator('.drop-area:not(.compact)').waitFor();
    await expect.poll(() => portal.page.workers().length).toBe(1);
  });
});
