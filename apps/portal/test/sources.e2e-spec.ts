import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import type { Config } from '#config/config.js';
import { SAMPLE_GENESIS } from '#evm/testing/sample-chain.js';
import type { UndecidedReason } from '#proof/anchors/shown-facts.js';
import type { Finding } from '#proof/finding.js';
import { sampleProof, type SampleProof } from '#proof/testing/sample-proof.js';
import type { Answer } from '#source/answer.js';
import { bitcoinCases } from '#source/testing/bitcoin-cases.js';
import type { SourceCase } from '#source/testing/source-case.js';
import { CannedHttp } from '#source/testing/canned-http.js';
import { evmCases } from '#source/testing/evm-cases.js';
import { en } from '#words/en/index.js';
import { HeadersService } from '../../api/bitcoin/headers.service.js';
import { EvmBlocksService } from '../../api/evm/evm-blocks.service.js';
import { Problem } from '../../api/problems/problem.js';
import { run } from '../../cli/run.js';
import { fakeContext } from '../../cli/testing/fake-context.js';
import { hasChromium } from './browser.js';
import type { BlockServices } from './fixture-service.js';
import { PortalInChromium } from './portal-in-chromium.js';

const inBitcoin = sampleProof();
const [{ height, header }] = inBitcoin.blocks as [SampleProof['blocks'][number]];
const { merkleRoot, time } = parseBlockHeader(header);
// A proof names no network of Bitcoin; neither the command line nor the service is given more than one node.
const bitcoinTable = bitcoinCases({ height, merkleRoot, time }).filter(
  ({ named, sources }) => named !== true && sources.filter(({ kind }) => kind === 'node').length < 2,
);

const onChain = sampleProof({ checkpoints: [{ size: 5, attestations: ['evm'] }] });
const [evmBlock] = onChain.evmBlocks as [SampleProof['evmBlocks'][number]];
const { chainId } = evmBlock.attestation;
const evmTable = evmCases({
  chainId,
  genesis: SAMPLE_GENESIS,
  height: evmBlock.number,
  hash: evmBlock.hash,
  timeMs: evmBlock.timeMs,
});

/** What an outcome makes of a proof with one anchor. */
const VERDICTS: Record<Answer['outcome'], string> = {
  shown: 'authentic',
  another: 'mismatch',
  contradicted: 'unavailable',
  absent: 'unavailable',
  'no-answer': 'unavailable',
  'not-asked': 'unavailable',
};

/** What the service answers: it does not know which block is expected, and whom it asks is its own business. */
const PROBLEMS: Record<Answer['outcome'], string | null> = {
  shown: null,
  another: null,
  contradicted: 'sources-contradict',
  absent: 'no-such-block',
  'no-answer': 'source-unavailable',
  'not-asked': 'source-unavailable',
};

const OUTCOMES = { shown: 'passed', another: 'failed' } as Partial<Record<Answer['outcome'], string>>;

const TABLES = [
  ['Bitcoin', inBitcoin, bitcoinTable],
  ['an EVM chain', onChain, evmTable],
] as const;

const servers = new CannedHttp(3);
let folder: string;
beforeAll(async () => {
  await servers.start();
  folder = await mkdtemp(join(tmpdir(), 'sealroot-sources-'));
});
afterAll(async () => {
  await servers.stop();
  await rm(folder, { recursive: true });
});

const urlsOf = ({ sources }: SourceCase, wanted: string): string[] =>
  sources.flatMap(({ kind }, place) => (kind === wanted ? [servers.url(place)] : []));

/** The service's own asking, as its settings make it. */
function services(given: SourceCase): BlockServices {
  const [bitcoinRpcUrl] = urlsOf(given, 'node');
  const rpcUrls = urlsOf(given, 'evm');
  const chain = { chainId, genesis: `0x${SAMPLE_GENESIS}`, rpcUrls, finality: 'finalized' };
  const config = {
    bitcoinRpcUrl,
    esploraUrls: urlsOf(given, 'esplora'),
    headerTimeoutMs: 5000,
    evmTimeoutMs: 5000,
    evmChains: rpcUrls.length === 0 ? [] : [chain],
  } as unknown as Config;
  return { headers: new HeadersService(config), evmBlocks: new EvmBlocksService(config) };
}

describe.each(TABLES)('a block of %s on the command line', (_, sample, table) => {
  it.each(table)('is $outcome, when $when', async (given) => {
    const { outcome, shownBy = [], silent = {}, sources } = given;
    servers.serve(sources);
    const at = (name: string) => join(folder, name);
    await writeFile(at('doc'), sample.document);
    await writeFile(at('doc.sealroot.json'), sample.text);
    const options = [
      ...urlsOf(given, 'esplora').flatMap((url) => ['--esplora', url]),
      ...urlsOf(given, 'node').flatMap((url) => ['--bitcoin-rpc', url]),
      ...urlsOf(given, 'evm').flatMap((url) => ['--evm-rpc', url]),
    ];
    for (const source of sources) {
      if (source.kind !== 'pack') continue;
      await writeFile(at('pack'), formatHeaderPack(source.network, source.startHeight, source.headers));
      options.push('--headers', at('pack'), ...(source.pins ?? []).flatMap((pinned) => ['--pin-block', pinned]));
    }
    const context = fakeContext(fetch);
    await run(['verify', at('doc'), '--json', ...options], context);
    const { findings, verdict } = JSON.parse(context.stdout) as { verdict: string; findings: Finding[] };
    const anchor = findings.find((finding) => finding.check === 'anchor')!;
    expect(anchor).toMatchObject({
      outcome: OUTCOMES[outcome] ?? 'unavailable',
      ...(OUTCOMES[outcome] === undefined ? { reason: outcome } : {}),
      ...(outcome === 'shown' ? { sources: shownBy.map(() => expect.any(String) as string) } : {}),
    });
    const silences = 'silent' in anchor ? anchor.silent.map(({ reason }) => reason) : [];
    expect(silences.toSorted()).toEqual(Object.values(silent).toSorted());
    expect(verdict).toBe(VERDICTS[outcome]);
  });
});

describe.each(TABLES)('a block of %s at the service', (_, sample, table) => {
  // The service is given no header packs.
  it.each(table.filter(isServed))('is $outcome, when $when', async (given) => {
    servers.serve(given.sources);
    const { evmBlocks, headers } = services(given);
    const asked = async () => (sample === inBitcoin ? headers.find(height) : evmBlocks.find(chainId, evmBlock.number));
    const problem = await asked().then(
      () => null,
      (error: unknown) => {
        if (error instanceof Problem) return error.code.replace(/^(header|evm)-(?=source-unavailable)/, '');
        throw error;
      },
    );
    const isUnknown = sample === onChain && given.sources.length === 0;
    expect(problem).toBe(isUnknown ? 'no-such-chain' : PROBLEMS[given.outcome]);
  });
});

describe.skipIf(!hasChromium())('the page', () => {
  const portal = new PortalInChromium();

  describe.each(TABLES)('at a service that is asked about a block of %s', (_, sample, table) => {
    it.each(firstOfEachKind(table.filter(isServed)))('says that it is $outcome, when $when', async (given) => {
      const { outcome, sources } = given;
      servers.serve(sources);
      portal.service.hold(sample);
      portal.service.blocks = services(given);
      await portal.open();
      await portal.give(await portal.keep('doc', sample.document));
      expect(await portal.verdict()).toBe(VERDICTS[outcome]);
      expect(await portal.status('anchor')).toBe(OUTCOMES[outcome] ?? 'unavailable');
      if (OUTCOMES[outcome] !== undefined) return;
      // That the service has nobody to ask about a chain that it serves is, for the page, that the service gives no answer.
      const isChainServed = sample === inBitcoin || sources.length > 0;
      const told = outcome === 'not-asked' && isChainServed ? 'no-answer' : (outcome as UndecidedReason);
      expect(await portal.page.locator('[data-code="anchor"]').textContent()).toContain(en.chains.undecided[told]);
    });
  });
});

function isServed({ sources }: SourceCase): boolean {
  return sources.every(({ kind }) => kind !== 'pack');
}

/** Of cases in which the same comes of the same kinds of silence, the first: the page hears no more than that. */
function firstOfEachKind(table: readonly SourceCase[]): SourceCase[] {
  const kind = ({ outcome, silent = {}, sources }: SourceCase) =>
    JSON.stringify([outcome, sources.length, Object.values(silent).toSorted()]);
  return [...new Map(table.toReversed().map((given) => [kind(given), given])).values()].toReversed();
}
