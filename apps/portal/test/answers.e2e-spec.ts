import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { genesisHeader } from '#bitcoin/testing/genesis-header.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { hasChromium } from './browser.js';
import { PortalInChromium } from './portal-in-chromium.js';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

describe.skipIf(!hasChromium())('what the page answers', () => {
  const portal = new PortalInChromium();

  it('finds the record of a document and calls it authentic, without uploading the document', async () => {
    const sample = sampleProof({ statement: { reference: '京-2026-0001', claims: { kind: 'permit' } } });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('permit.txt', sample.document));

    expect(await portal.verdict()).toBe('authentic');
    await portal.page.getByRole('heading', { name: 'Matches, but only a test chain shows the time' }).waitFor();
    const text = await portal.page.locator('.verdict').textContent();
    expect(text).toContain('licences.example');
    expect(text).toContain('o later than 1 March 2026');
    expect(text).toContain('lock 120');
    expect(text).toContain('京-2026-0001');
    expect(await portal.status('document')).toBe('passed');
    expect(await portal.status('log-key')).toBe('passed');
    expect(await portal.page.evaluate(() => document.activeElement?.id)).toBe('result-title');
    expect(portal.service.receivedBytes).toBe(0);
    expect(portal.service.asked.every((line) => line.startsWith('GET '))).toBe(true);
  });

  it('prints on few pages, with a code that leads back to the page, where the record is looked up', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('printed.txt', sample.document));
    expect(await portal.verdict()).toBe('authentic');
    const code = portal.page.locator('.printed-code svg');
    await code.waitFor({ state: 'attached' });
    expect(await code.isVisible()).toBe(false);
    await portal.page.emulateMedia({ media: 'print' });
    const [read] = await readBarcodes(new Uint8Array(await code.screenshot()));
    expect(read?.text).toBe(`${portal.address}#digest=sha256:${bytesToHex(sample.digests.sha256!)}`);
    await portal.page.emulateMedia({ media: null });
    const paper = await portal.page.pdf({ format: 'A4' });
    expect(paper.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(3);
    await portal.page.goto('about:blank');
    await portal.page.goto(read!.text);
    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.answer('content')).toContain('Not compared');
  });

  it('calls an expired record authentic, but not current', async () => {
    const sample = sampleProof({ statement: { validUntil: '2026-03-02T00:00:00.000Z' } });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('expired.txt', sample.document));

    expect(await portal.verdict()).toBe('authentic-not-current');
    expect(await portal.answer('still')).toMatch(/xpired.*2 March 2026/);
    expect(await portal.answer('content')).toContain('Identical to the registered document');
    expect(await portal.page.locator('[data-answer="still"]').getAttribute('data-status')).toBe('failed');
  });

  it('refuses a tampered document and says that the document differs', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.give(
      await portal.keep('tampered.txt', 'Licence no. 4712\n'),
      await portal.keep('tampered.txt.sealroot.json', sample.text),
    );

    expect(await portal.verdict()).toBe('mismatch');
    expect(await portal.status('document')).toBe('failed');
    expect(await portal.page.locator('.verdict-text').innerText()).toContain('This file is not the one');
    await portal.page.getByRole('button', { name: 'Check this document without the proof' }).click();
    await portal.page.getByRole('heading', { name: 'No registration found for this file' }).waitFor();
  });

  it('refuses a tampered proof and says that the proof is broken', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    const broken = structuredClone(sample.proof);
    broken.batch.path[0] = broken.batch.path[0]!.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await portal.open();
    await portal.give(
      await portal.keep('whole.txt', sample.document),
      await portal.keep('whole.txt.sealroot.json', JSON.stringify(broken)),
    );

    expect(await portal.verdict()).toBe('mismatch');
    expect(await portal.status('batch-inclusion')).toBe('failed');
    expect(await portal.status('document')).toBe('passed');
    expect(await portal.page.locator('.verdict-text').innerText()).toContain('proof');
  });

  it('tells a proof that cannot be read as what it is, and says nothing of the document', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.give(
      await portal.keep('cut.txt', sample.document),
      await portal.keep('cut.txt.sealroot.json', sample.text.slice(0, -40)),
    );

    expect(await portal.verdict()).toBe('unreadable');
    expect(await portal.status('format')).toBe('failed');
    expect(await portal.page.locator('.verdict').innerText()).toContain('cut');
  });

  it('refuses a proof that another log signed', async () => {
    const sample = sampleProof();
    const stranger = sampleProof({ seed: new Uint8Array(32).fill(7) });
    portal.service.hold(sample);
    await portal.open();
    await portal.give(
      await portal.keep('stranger.txt', sample.document),
      await portal.keep('stranger.txt.sealroot.json', stranger.text),
    );

    expect(await portal.verdict()).toBe('mismatch');
    expect(await portal.status('log-key')).toBe('failed');
    expect(await portal.page.locator('.verdict-text').innerText()).toContain('signed');
  });

  it('waits for a record that is not sealed yet and then goes on by itself', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    portal.service.records[0]!.sealed = false;
    portal.service.delays = { sealing: { samples: 9, halfSeconds: 1, mostSeconds: 3 }, anchors: [] };
    await portal.open();
    await portal.give(await portal.keep('fresh.txt', sample.document));

    expect(await portal.verdict()).toBe('pending');
    expect(await portal.page.locator('.verdict-text').innerText()).toContain('about to be written into the log');
    expect(await portal.page.locator('.verdict-notes').innerText()).toContain('nine in ten within 3 seconds');
    portal.service.records[0]!.sealed = true;
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    await expect.poll(() => portal.page.locator('[role="status"]').innerText()).toContain('Matches');
  });

  it('shows a sealed record without a confirmed anchor as pending', async () => {
    const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    portal.service.hold(sample);
    portal.service.delays = {
      anchors: [{ anchor: 'opentimestamps', samples: 9, halfSeconds: 3600, mostSeconds: 7200 }],
    };
    await portal.open();
    await portal.give(await portal.keep('pending.txt', sample.document));

    expect(await portal.verdict()).toBe('pending');
    expect(await portal.page.locator('.verdict-notes').first().innerText()).toContain(
      'Confirmation by opentimestamps: half within 1 hour, nine in ten within 2 hours (latest 9 cases).',
    );
    expect(await portal.status('anchor')).toBe('pending');
    expect(await portal.status('log-checkpoint')).toBe('passed');
    expect(await portal.page.locator('.time > summary').innerText()).toMatch(/ot (?:yet )?shown/i);
  });

  it('fetches the newer proof when the given one is still pending', async () => {
    const early = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    const grown = sampleProof();
    portal.service.hold(grown);
    await portal.open();
    await portal.give(
      await portal.keep('grown.txt', early.document),
      await portal.keep('grown.txt.sealroot.json', early.text),
    );

    await portal.page.locator('[data-verdict="authentic"]').waitFor();
    expect(await portal.page.locator('.verdict').innerText()).toContain('The proof has grown');
  });

  it('calls a service that went away an outage, and recovers', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    portal.service.up = false;
    await portal.give(await portal.keep('outage.txt', sample.document));

    expect(await portal.verdict()).toBe('unavailable');
    expect(await portal.page.locator('.verdict').innerText()).toContain('nothing is known about this document yet');
    portal.service.up = true;
    await portal.page.getByRole('button', { name: 'Try again' }).click();
    await portal.page.locator('[data-verdict="authentic"]').waitFor();
  });

  it('checks a given proof as far as it can while the service is away', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    // Once the page is loaded, nothing of it may have to be fetched again.
    portal.service.up = false;
    await portal.give(
      await portal.keep('away.txt', sample.document),
      await portal.keep('away.txt.sealroot.json', sample.text),
    );

    expect(await portal.verdict()).toBe('unavailable');
    expect(await portal.status('document')).toBe('passed');
    expect(await portal.status('log-inclusion')).toBe('passed');
    expect(await portal.status('log-key')).toBe('unavailable');
    expect(await portal.page.locator('[data-code="log-key"]').textContent()).toContain('ot checked');
    expect(await portal.status('anchor')).toBe('unavailable');
  });

  it('never shows a missing block header as a failed proof', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    portal.service.headersUp = false;
    await portal.open();
    await portal.give(await portal.keep('headers.txt', sample.document));

    expect(await portal.verdict()).toBe('unavailable');
    expect(await portal.status('anchor')).toBe('unavailable');
    expect(await portal.page.locator('[data-status="failed"]').count()).toBe(0);
  });

  it('says loudly when the chain is only a test chain', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    await portal.open();
    await portal.give(await portal.keep('regtest.txt', sample.document));

    expect(await portal.verdict()).toBe('authentic');
    expect(await portal.page.locator('.verdict').innerText()).toContain('proves nothing outside a test');
    expect(await portal.page.locator('.verdict').getAttribute('data-standing')).toBe('test-only');
  });

  it('does not take a header without the work for one of the main chain', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    portal.service.headers.set(0, bytesToHex(genesisHeader('mainnet')));
    await portal.open();
    await portal.give(await portal.keep('mainnet.txt', sample.document));

    expect(await portal.verdict()).toBe('unavailable');
    expect(await portal.status('anchor')).toBe('unavailable');
  });

  it('decides nothing by a header whose chain cannot be told', async () => {
    const sample = sampleProof();
    portal.service.hold(sample);
    portal.service.headers.delete(0);
    await portal.open();
    await portal.give(await portal.keep('unknown-chain.txt', sample.document));

    expect(await portal.verdict()).toBe('unavailable');
    expect(await portal.status('anchor')).toBe('unavailable');
  });
});
