import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SampleProof, sampleProof } from '#proof/testing/sample-proof.js';
import type { ProofAttestation } from '#proof/anchors/kinds.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';
import {
  attestByAuthority,
  attestInChain,
  checkpointIn,
  proofText,
  withAttestations,
} from '../../sandbox/testing/anchored-proof.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '#anchors/rfc3161/testing/time-stamp-authority.js';
import { hasChromium } from './browser.js';
import { PortalInChromium } from './portal-in-chromium.js';

const run = promisify(execFile);
const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);

describe.skipIf(!hasChromium() || !withOpenssl)('anchors on the page', () => {
  const portal = new PortalInChromium();
  let node: EvmNode;
  let foreign: EvmNode;
  let authority: TimeStampAuthority;
  let brief: TimeStampAuthority;
  let sample: SampleProof;
  let evm: ProofAttestation & { type: 'evm' };
  let stamp: ProofAttestation;
  let briefStamp: ProofAttestation;
  let consortium: ProofAttestation;

  beforeAll(async () => {
    node = await startEvmNode({ slotsInAnEpoch: 2 });
    foreign = await startEvmNode({ chainId: 4711 });
    await node.mine(3);
    const { hash } = (await node.block(2))!;
    sample = sampleProof({ beacon: `evm-31337 2 ${hash.slice(2)}` });
    evm = await attestInChain(sample.proof, node);
    consortium = await attestInChain(sample.proof, foreign);
    authority = await startTimeStampAuthority({ name: 'Lasting' });
    stamp = await attestByAuthority(checkpointIn(sample.proof), authority);
    // Its certificate has expired when the page looks, whose clock the test sets.
    brief = await startTimeStampAuthority({ name: 'Brief', validUntil: new Date(Date.now() + 3_600_000) });
    briefStamp = await attestByAuthority(checkpointIn(sample.proof), brief);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([node?.stop(), foreign?.stop(), authority?.stop(), brief?.stop()]);
  });

  /** Makes the service hold the sample with these attestations, all sources up. */
  const hold = (...attestations: ProofAttestation[]) => {
    const proof = withAttestations(sample.proof, attestations);
    portal.service.hold({ ...sample, proof, text: proofText(proof) });
    portal.service.evmNodes.set(31_337, node).set(4711, foreign);
    portal.service.timeStampRoots = authority.root.pem + brief.root.pem;
  };
  const check = async () => {
    if (portal.page.url() === 'about:blank') await portal.open();
    await portal.give(await portal.keep('deed.txt', sample.document));
    return portal.verdict();
  };
  const anchorTexts = () => portal.page.locator('[data-code="anchor"]').allTextContents();
  const openDetails = () => portal.page.locator('details.details > summary').click();
  const bitcoin = () => sample.proof.log.checkpoints[0]!.attestations[0]!;

  it('names each kind of anchor, how final it is, and the interval', async () => {
    hold(bitcoin(), evm, stamp);
    await node.mine(10);
    expect(await check()).toBe('authentic');
    const [first, second, third] = await anchorTexts();
    expect(first).toContain('regtest');
    expect(first).toContain('That block counts as final');
    expect(first).toMatch(/existed no later than 1 March 2026 /);
    expect(second).toContain('31337');
    expect(second).toMatch(/existed no later than /);
    expect(third).toContain('The time is signed by a time-stamp authority');
    expect(third).toMatch(/CN=Lasting time-stamp signer.* 20\d\d/);
    const facts = await portal.page.locator('.time').textContent();
    expect(facts).toMatch(/no earlier than /i);
    expect(await portal.page.locator('[data-code="beacon"]').getAttribute('data-status')).toBe('passed');
    await openDetails();
    const details = await portal.page.locator('.details-body').innerText();
    expect(details).toContain(`0x${evm.block}`);
    expect(details).toContain(`0x${evm.genesis}`);
    for (const line of ['ots verify', 'cast block ', 'openssl ts -verify -data deed.txt.checkpoint.txt']) {
      expect(details).toContain(line);
    }
    expect(details).toContain('--bitcoin-rpc URL --evm-rpc URL --tsa-root ROOT.pem');
  });

  it('says that a block is not final yet, and that the chain is only for tests', async () => {
    hold(evm);
    await node.reorg(1);
    evm = await attestInChain(sample.proof, node);
    hold(evm);
    expect(await check()).toBe('authentic');
    expect((await anchorTexts())[0]).toContain('not final yet');
    const text = await portal.page.locator('.verdict').innerText();
    expect(text).toMatch(/31337.*proves nothing outside a test/);
    expect(text).toMatch(/not final|may still/);
  });

  it('does not speak for a chain that it does not know', async () => {
    hold(consortium);
    expect(await check()).toBe('authentic');
    expect(await portal.page.locator('.verdict').innerText()).toContain(
      'The time comes from chain 4711, which is not known here',
    );
  });

  it('calls a chain without a node, an outage and a missing root undecided, and shows what to compare', async () => {
    hold(evm);
    portal.service.evmNodes.clear();
    expect(await check()).toBe('unavailable');
    expect((await anchorTexts())[0]).toContain('was not decided');
    await openDetails();
    expect(await portal.page.locator('.details-body').innerText()).toContain(`0x${evm.block}`);

    hold(stamp);
    portal.service.timeStampRoots = undefined;
    await portal.page.reload();
    expect(await check()).toBe('unavailable');
    expect((await anchorTexts())[0]).toMatch(/trusted|root/);
    const { stdout } = await run('openssl', ['x509', '-noout', '-fingerprint', '-sha256', '-in', await rootFile()]);
    const fingerprint = stdout.trim().split('=')[1]!.replaceAll(':', '').toLowerCase();
    await openDetails();
    expect(await portal.page.locator('.details-body').innerText()).toContain(fingerprint);
  });

  it('does not say that an authority is not trusted when the list of those trusted could not be had', async () => {
    hold(stamp);
    await portal.page.route('**/v1/time-stamp-roots', (route) => route.abort());
    expect(await check()).toBe('unavailable');
    const [text] = await anchorTexts();
    expect(text).toMatch(/could not be (?:fetched|reached|had)/);
    expect(text).not.toMatch(/not trusted/);
  });

  it('shows a block that several calendars used once, with its Merkle root to compare', async () => {
    hold(bitcoin(), bitcoin(), evm);
    await portal.page.route('**/v1/bitcoin/**', (route) => route.abort());
    await portal.page.route('**/v1/evm/**', (route) => route.abort());
    expect(await check()).toBe('unavailable');
    const [twice, ...others] = await anchorTexts();
    expect(twice).toContain('2 attestations come to this.');
    expect(others).toHaveLength(1);
    await openDetails();
    const details = await portal.page.locator('.details-body').innerText();
    const root = Buffer.from(sample.blocks[0]!.header.slice(36, 68)).reverse().toString('hex');
    expect(details.split(root)).toHaveLength(2);
    expect(details.match(/Compare the Merkle root of Bitcoin block 120/g)).toHaveLength(1);
  });

  it('calls a proof whose block was lost in a reorganisation refused', async () => {
    const lost = await attestInChain(sample.proof, foreign);
    await foreign.reorg(1);
    hold(lost);
    expect(await check()).toBe('mismatch');
    expect((await anchorTexts())[0]).toContain('lost when the chain was reorganised');
  });

  it('takes a time-stamp whose certificate has expired since, says so, and gives files that openssl accepts', async () => {
    hold(briefStamp);
    const later = new Date(Date.now() + 2 * 3_600_000);
    await portal.page.clock.install({ time: later });
    expect(await check()).toBe('authentic');
    expect((await anchorTexts())[0]).toContain('The authority’s certificate has expired since');
    await openDetails();
    const commands = await portal.page.locator('.command code').allInnerTexts();
    const command = commands.find((line) => line.startsWith('openssl ts -verify'))!;
    expect(command).toMatch(/ -attime \d{10}$/);
    const folder = await mkdtemp(join(tmpdir(), 'sealroot-page-'));
    try {
      for (const kind of ['checkpoint', 'time-stamp', 'time-stamp-chain']) {
        const [download] = await Promise.all([
          portal.page.waitForEvent('download'),
          portal.page.locator(`[data-download="${kind}"]`).click(),
        ]);
        await download.saveAs(join(folder, download.suggestedFilename()));
      }
      await writeFile(join(folder, 'ROOT.pem'), brief.root.pem);
      expect(await readFile(join(folder, 'deed.txt.checkpoint.txt'), 'utf8')).toMatch(/^log\.example\/sealroot\n5\n/);
      const [program, ...args] = command.split(' ');
      expect((await run(program!, args, { cwd: folder })).stdout).toContain('Verification: OK');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('never takes a service that went away for a forgery, whatever of the page is not loaded yet', async () => {
    hold(stamp);
    const { text } = portal.service.records[0]!.sample;
    await portal.open();
    await portal.page.waitForLoadState('networkidle');
    portal.service.up = false;
    await portal.give(
      await portal.keep('deed.txt', sample.document),
      await portal.keep('deed.txt.sealroot.json', text),
    );
    expect(await portal.verdict()).toBe('unavailable');
    expect((await anchorTexts())[0]).toMatch(/could not be (?:loaded|fetched)/);
  });

  it.each([
    ['zh-CN', 'light', 320],
    ['en-GB', 'dark', 1280],
  ] as const)('is accessible and fits, in %s, %s, %i pixels wide', async (locale, colorScheme, width) => {
    hold(bitcoin(), evm, stamp);
    await portal.restart({
      locale,
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      bypassCSP: true,
    });
    expect(await check()).toBe('authentic');
    for (const summary of await portal.page.locator('summary').all()) await summary.click();
    const { violations } = await new AxeBuilder({ page: portal.page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
    expect(await portal.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  async function rootFile(): Promise<string> {
    return portal.keep('root.pem', authority.root.pem);
  }
});
