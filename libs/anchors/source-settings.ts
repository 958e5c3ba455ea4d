import { z } from 'zod';
import type { SettingProblem } from '#setting/config-error.js';
import { httpUrl, integer, list, MAY_BE_EMPTY, SECRET, type SettingsOf } from '#setting/setting.js';
import { evmChains } from './evm-chains.js';

/** The settings that name whom the service asks for blocks, and whose word on time-stamps it takes. Anchors use the same nodes. */
export const SOURCE_SETTINGS = {
  BEACON: z
    .string()
    .regex(/^(none|bitcoin|evm:[a-z0-9-]+)$/, 'expected none, bitcoin or evm:<name of a chain>')
    .default('bitcoin')
    .describe(
      'Chain whose newest block is named in every batch, which shows that the batch is not older: bitcoin, evm:<name> or none',
    ),
  BITCOIN_RPC_URL: httpUrl
    .optional()
    .describe(
      'Bitcoin Core RPC (http://user:password@host:port): source of block headers, and node of the anchor bitcoin',
    )
    .meta(SECRET),
  BITCOIN_RPC_COOKIE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('The cookie file of that node, instead of user and password'),
  BITCOIN_NETWORK: z
    .enum(
      ['mainnet', 'testnet', 'testnet4', 'signet', 'regtest'],
      'expected mainnet, testnet, testnet4, signet or regtest',
    )
    .optional()
    .describe(
      'Chain that header sources must serve, mainnet in production; without it any chain counts, and answers name it',
    ),
  ESPLORA_URLS: list(httpUrl)
    .default(['https://blockstream.info/api', 'https://mempool.space/api'])
    .describe('Esplora-type HTTP services as sources of block headers; empty for none')
    .meta(MAY_BE_EMPTY),
  HEADER_TIMEOUT_MS: integer(100, 60_000).default(5000).describe('Time allowed to one header request'),
  EVM_CHAINS: evmChains
    .default([])
    .describe('Chains of the anchor evm, a JSON array of objects; docker/anchoring.md describes their members')
    .meta(SECRET),
  EVM_TIMEOUT_MS: integer(100, 60_000).default(10_000).describe('Time allowed to one call of a chain'),
  TSA_ROOTS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'PEM file of the root certificates that time-stamps must lead to, and of issuers that their tokens leave out',
    ),
};

/** The same as the code sees them. */
export type SourceSettings = SettingsOf<typeof SOURCE_SETTINGS>;

/** What is wrong with them together. */
export function sourceProblems(settings: SourceSettings): readonly SettingProblem[] {
  const { beacon, bitcoinRpcCookieFile: cookieFile, bitcoinRpcUrl: node, evmChains: chains } = settings;
  const problems: SettingProblem[] = [];
  if (cookieFile !== undefined && node === undefined)
    problems.push({ key: 'BITCOIN_RPC_URL', detail: 'expected the node of BITCOIN_RPC_COOKIE_FILE, got none' });
  if (cookieFile !== undefined && node !== undefined && new URL(node).username !== '')
    problems.push({
      key: 'BITCOIN_RPC_COOKIE_FILE',
      detail: 'expected either a cookie file or a user in BITCOIN_RPC_URL, got both',
    });
  if (beacon.startsWith('evm:') && !chains.some(({ name }) => beacon === `evm:${name}`))
    problems.push({ key: 'BEACON', detail: `expected a chain of EVM_CHAINS, got ${beacon}` });
  return problems;
}
