import zlib from 'node:zlib';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import { mineChain, mineHeader } from '#bitcoin/testing/mined-header.js';
import { embed } from '#embed/embed.js';
import { SMALL_PDF } from '#embed/testing/embed-cases.js';
import { formatCode } from '#paper/codec.js';
import { pngOf, qrModules } from '#paper/image.js';
import { makeCode } from '#paper/make.js';
import { otsFile } from '#proof/ots-file.js';
import { formatProof } from '#proof/proof.js';
import { sampleProof, type SampleProof } from '#proof/testing/sample-proof.js';
import { proofOf, recordLog } from '#proof/testing/status-vector.js';
import { digestOf } from '#statement/blinding.js';
import { LANGUAGES } from '#words/languages.js';
import { OFFLINE_WORDS } from '#words/offline.js';
import { hasChromium } from './browser.js';
import { PageFromDisk } from './page-from-disk.js';

const NOW = new Date('2026-04-01T00:00:00.000Z');
const sample = sampleProof({});
const inside = sampleProof({ document: SMALL_PDF });
const PERMIT = 'Permit 7: Li Wei, until 2099';
const permit = sampleProof({ document: new TextEncoder().encode(PERMIT) });

describe.skipIf(!hasChromium())('the page as one file, opened from disk', () => {
  const disk = new PageFromDisk('offline.html', async (files) => {
    await files.keep('log.vkey', `${sample.key}\n`);
    await files.keep('headers.bin', headersOf(sample));
    await files.keep('doc.txt', sample.document);
    await files.keep('doc.txt.sealroot.json', sample.text);
    await files.keep('doc.txt.ots', otsFile(sample.proof));
    await files.keep('inside.pdf', await embed(SMALL_PDF, new TextEncoder().encode(inside.text)));
  });
  const open = async (...options: [object?]) => {
    await disk.open(NOW, ...options);
    await disk.page.locator('#files').waitFor({ state: 'attached' });
  };
  const give = (...names: string[]) =>
    disk.page.setInputFiles(
      '#files',
      names.map((name) => disk.at(name)),
    );
  const goBy = (...names: string[]) =>
    disk.page.setInputFiles(
      '#basis-files',
      names.map((name) => disk.at(name)),
    );
  const trust = () => disk.page.locator('[data-trust]').click();
  const verdict = async () => {
    await disk.page.locator('.verdict').waitFor();
    return disk.page.locator('.verdict').getAttribute('data-verdict');
  };
  /** Waits for a verdict that comes in the place of another. */
  const becomes = (value: string) => disk.page.locator(`.verdict[data-verdict="${value}"]`).waitFor();
  const status = (check: string) => disk.page.locator(`[data-code="${check}"]`).first().getAttribute('data-status');

  it('says what is missing, says it better with each file that it is given, and trusts no key before the reader does', async () => {
    await open();
    await give('doc.txt');
    await disk.page.getByRole('heading', { name: 'Now add the proof' }).waitFor();
    await give('doc.txt.sealroot.json');
    expect(await verdict()).toBe('unavailable');
    expect(await status('anchor')).toBe('unavailable');
    expect(await disk.page.locator('[data-code="anchor"]').innerText()).toContain('“What this page goes by”');
    expect(await status('log-key')).toBe('not-applicable');

    await goBy('headers.bin');
    await becomes('authentic');
    expect(await status('anchor')).toBe('passed');
    expect(await disk.page.locator('[data-kind="headers"] .given-file').innerText()).toContain('blocks 0 to 120');
    await goBy('log.vkey');
    await disk.page.locator('.basis-offer', { hasText: sample.key }).waitFor();
    expect(await status('log-key')).toBe('not-applicable');
    await trust();
    await disk.page.locator('[data-code="log-key"][data-status="passed"]').waitFor({ state: 'attached' });
    expect(await disk.page.locator('[data-answer="who"]').getAttribute('data-status')).toBe('passed');

    await disk.page.locator('[data-kind="headers"] .icon-button').click();
    await becomes('unavailable');
    expect(await disk.page.getByText('Refreshes automatically').count()).toBe(0);
    expect(await disk.page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect(await disk.page.locator('[data-keep="link"]').count()).toBe(0);
  });

  it('says the same of the same files as the page of a service: mismatch, pending, revoked', async () => {
    await open();
    await disk.keep('other.txt', 'Licence no. 4712\n');
    await give('other.txt', 'doc.txt.sealroot.json');
    expect(await verdict()).toBe('mismatch');

    const pending = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    await disk.keep('pending.txt', pending.document);
    await disk.keep('pending.txt.sealroot.json', pending.text);
    await give('pending.txt', 'pending.txt.sealroot.json');
    await becomes('pending');

    const document = new TextEncoder().encode('Licence no. 4713\n');
    const digests = { sha256: bytesToHex(digestOf('sha256', document)) };
    const revoked = proofOf(
      recordLog([(record) => [{ of: record, to: 'revoked', reason: 'court-order' }]], { digests }),
    );
    await disk.keep('revoked.txt', document);
    await disk.keep('revoked.txt.sealroot.json', formatProof(revoked));
    await give('revoked.txt', 'revoked.txt.sealroot.json');
    await becomes('authentic-not-current');
    expect(await disk.page.locator('[data-answer="still"]').innerText()).toMatch(/revoked/i);
  });

  it('verifies a proof inside a document, an OpenTimestamps file alone, a code on paper, and many documents', async () => {
    await open();
    await goBy('headers.bin');
    await disk.page.locator('[data-kind="headers"] .given-file').waitFor();
    await give('doc.txt', 'doc.txt.ots');
    expect(await verdict()).toBe('authentic');

    await open();
    await disk.keep('headers-inside.bin', headersOf(inside));
    await goBy('headers-inside.bin');
    await disk.page.locator('[data-kind="headers"] .given-file').waitFor();
    await give('inside.pdf');
    expect(await verdict()).toBe('authentic');

    await open();
    await disk.keep('code.png', pngOf(qrModules(codeOf(permit)), 6, zlib));
    await disk.keep('permit.sealroot.json', permit.text);
    await disk.page.setInputFiles('#picture', disk.at('code.png'));
    await disk.page.getByRole('heading', { name: 'Now add the proof' }).waitFor();
    expect(await disk.page.locator('.paper-text').innerText()).toContain(PERMIT);
    await give('permit.sealroot.json');
    await disk.page.locator('[data-code="document"][data-status="passed"]').waitFor({ state: 'attached' });

    await open();
    await goBy('headers.bin');
    await disk.page.locator('[data-kind="headers"] .given-file').waitFor();
    await disk.keep('lone.txt', 'nobody knows');
    await give('doc.txt', 'doc.txt.sealroot.json', 'lone.txt');
    await disk.page.locator('tbody tr').nth(1).waitFor();
    await expect
      .poll(() => disk.page.locator('tbody').innerText())
      .toMatch(/doc\.txt[\s\S]*licences\.example[\s\S]*lone\.txt[\s\S]*proof/);
  });

  it('refuses what is nothing to go by, and says so', async () => {
    await open();
    await goBy('doc.txt');
    await disk.page.getByText('doc.txt is neither a log’s key').waitFor();
    const broken = headersOf(sample);
    broken[broken.length - 100]! ^= 1;
    await disk.keep('broken.bin', broken);
    await goBy('broken.bin');
    await disk.page.getByText('The block headers in broken.bin are damaged').waitFor();
  });

  it.each(LANGUAGES)('speaks $tag, from the one file', async ({ badges, tag }) => {
    await open({ locale: tag });
    const words = OFFLINE_WORDS[tag]!;
    await disk.page.getByRole('heading', { name: words.basis.heading }).waitFor();
    expect(await disk.page.title()).toBe(words.page.title);
    await goBy('headers.bin', 'log.vkey');
    await trust();
    await give('doc.txt', 'doc.txt.sealroot.json');
    await disk.page.getByText(badges['test-only']).first().waitFor();
    expect(await verdict()).toBe('authentic');
  });

  it('has no fault that axe finds, in light and dark, and fits 320 pixels', async () => {
    await goBy('log.vkey');
    await disk.page.locator('[data-trust]').waitFor();
    await disk.expectAccessible();
  });

  it('reaches no network, and its policy lets it reach none', () => disk.expectNoNetwork());
});

/** Headers from block 0 of regtest to the one that attests a sample. */
function headersOf({ blocks: [block] }: SampleProof): Uint8Array {
  const { merkleRoot, time } = parseBlockHeader(block!.header);
  const chain = mineChain(Array.from({ length: block!.height - 1 }, () => new Uint8Array(32)));
  chain.push(mineHeader({ merkleRoot, time, previousHash: parseBlockHeader(chain.at(-1)!).hash }));
  return formatHeaderPack('regtest', 0, chain);
}

/** A code on paper that carries a sample's text. */
function codeOf({ proof: { batch, log, statement } }: SampleProof): string {
  const [, size] = batch.checkpoint.split('\n');
  const path = batch.path.map((hex) => Buffer.from(hex, 'hex'));
  const place = { batch: { number: 3, size: Number(size) }, index: batch.index, path };
  const what = { statement, ...place, checkpoint: batch.checkpoint, logKey: log.key };
  return formatCode(makeCode(what, 'landmark', { text: PERMIT, salt: undefined }));
}
