import { z } from 'zod';
import { BITCOIN_FINAL_BLOCKS } from '#source/bitcoin-witness.js';
import type { SettingProblem } from '#setting/config-error.js';
import { integer, type SettingsOf } from '#setting/setting.js';
import type { AnchorKind } from '../anchor-kind.js';
import { createBitcoinSources } from '../sources.js';
import type { SourceSettings } from '../source-settings.js';

/** Time for one call to the node; a wallet takes longer over signing than a node over a header. */
const CALL_TIMEOUT_MS = 10_000;

const settings = {
  BITCOIN_WALLET: z
    .string()
    .min(1)
    .optional()
    .describe('Wallet that pays for the anchor bitcoin; without it the only one that the node has loaded'),
  BITCOIN_MAX_FEE_SATS: integer(0, 100_000_000)
    .default(20_000)
    .describe('Most that one checkpoint may cost in the anchor bitcoin, in satoshis, raised fees included'),
  BITCOIN_MIN_FEE_RATE: integer(0, 10_000)
    .default(5)
    .describe(
      'Least that its transaction pays, in satoshis per virtual byte; what it begins with while the node estimates no fees',
    ),
  BITCOIN_CONF_TARGET: integer(1, 1008)
    .default(6)
    .describe('Blocks within which its transaction should confirm; after as many its fee is raised'),
  BITCOIN_FINAL_BLOCKS: integer(BITCOIN_FINAL_BLOCKS, 1000)
    .default(BITCOIN_FINAL_BLOCKS)
    .describe('Blocks, its own included, after which its transaction counts as final; verifiers ask for six'),
  BITCOIN_POLL_SECONDS: integer(1, 86_400).default(60).describe('Its transactions are looked at again after this time'),
  OTS_CALENDAR: z
    .enum(['on', 'off'], 'expected on or off')
    .default('off')
    .describe('Whether this service is an OpenTimestamps calendar for others; needs the anchor bitcoin and PUBLIC_URL'),
  OTS_CALENDAR_RATE: integer(1, 1_000_000)
    .default(120)
    .describe('Requests a minute that the calendar takes from one address'),
  OTS_CALENDAR_RATE_TOTAL: integer(1, 10_000_000)
    .default(6000)
    .describe('Digests a minute that the calendar takes in all, in each process'),
};

/** Transactions in Bitcoin, through a node of one's own; what they attest is written as OpenTimestamps. */
export const BITCOIN = {
  name: 'bitcoin',
  attestation: 'opentimestamps',
  isPaid: true,
  settings,
  anchors: () => ['bitcoin'],
  problems({ bitcoinRpcUrl, otsCalendar }, isWanted) {
    const problems: SettingProblem[] = [];
    if (isWanted && bitcoinRpcUrl === undefined)
      problems.push({ key: 'BITCOIN_RPC_URL', detail: 'expected a node for the anchor bitcoin, got none' });
    if (!isWanted && otsCalendar === 'on')
      problems.push({
        key: 'OTS_CALENDAR',
        detail: 'expected the anchor bitcoin in ANCHORS, which a calendar commits with',
      });
    return problems;
  },
  async create(_, config, { fetch, now }) {
    const [{ createBitcoinAnchor }, { cookieFetch }] = await Promise.all([
      import('./bitcoin.js'),
      import('../cookie-fetch.js'),
    ]);
    const { bitcoinRpcCookieFile: cookieFile } = config;
    return createBitcoinAnchor({
      // `problems` has told when there is none.
      url: config.bitcoinRpcUrl!,
      wallet: config.bitcoinWallet,
      network: config.bitcoinNetwork,
      maxFeeSats: config.bitcoinMaxFeeSats,
      minFeeRate: config.bitcoinMinFeeRate,
      targetBlocks: config.bitcoinConfTarget,
      finalBlocks: config.bitcoinFinalBlocks,
      otherSources: createBitcoinSources({ ...config, bitcoinRpcUrl: undefined }, fetch),
      pollSeconds: config.bitcoinPollSeconds,
      timeoutMs: CALL_TIMEOUT_MS,
      fetch: cookieFile === undefined ? fetch : cookieFetch(fetch, cookieFile),
      now,
    });
  },
} satisfies AnchorKind<SettingsOf<typeof settings> & SourceSettings>;
