import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import type { Anchor } from '#anchors/anchor.js';
import { createBitcoinAnchor } from '#anchors/bitcoin/bitcoin.js';
import { cookieFetch } from '#anchors/bitcoin/cookie-fetch.js';
import { createEvmAnchor } from '#anchors/evm/evm.js';
import { createOpenTimestampsAnchor } from '#anchors/opentimestamps/opentimestamps.js';
import { createRfc3161Anchor } from '#anchors/rfc3161/rfc3161.js';
import { createBitcoinSources } from '#anchors/sources.js';
import type { Config } from '#config/config.js';
import { readTimeStampRoots } from '#config/time-stamp-roots.js';
import { createAccountLock } from './account-lock.js';
import { readEvmKey } from './evm-key.js';

/** Time for one call to the Bitcoin node of one's own; a wallet takes longer over signing than a node over a header. */
const BITCOIN_CALL_TIMEOUT_MS = 10_000;

/** Nest injection token of the configured anchors ({@link Anchor} by name). */
export const ANCHORS = Symbol('ANCHORS');

/** The configured anchors, by name. */
export type Anchors = ReadonlyMap<string, Anchor>;

/** Sets up the anchors that the configuration names, with the process's network, clock and randomness.
 * `pool`: the database that keeps the locks of accounts on chains. @throws ConfigError when a key or the roots cannot be read */
export function createAnchors(config: Config, pool: Pick<pg.Pool, 'options'>): Anchors {
  const exclusively = createAccountLock(pool);
  const anchors = config.anchors.map((name): Anchor => {
    switch (name) {
      case 'opentimestamps':
        return createOpenTimestampsAnchor({
          calendars: config.otsCalendars,
          allow: config.otsCalendarAllow,
          quorum: config.otsQuorum,
          timeoutMs: config.otsTimeoutMs,
          pollSeconds: config.otsPollSeconds,
          blockSources: createBitcoinSources(config),
          fetch,
          now: () => new Date(),
          randomBytes: (length) => new Uint8Array(randomBytes(length)),
        });
      case 'bitcoin':
        return createBitcoinAnchor({
          // The configuration has checked that there is one.
          url: config.bitcoinRpcUrl!,
          wallet: config.bitcoinWallet,
          network: config.bitcoinNetwork,
          maxFeeSats: config.bitcoinMaxFeeSats,
          minFeeRate: config.bitcoinMinFeeRate,
          targetBlocks: config.bitcoinConfTarget,
          finalBlocks: config.bitcoinFinalBlocks,
          pollSeconds: config.bitcoinPollSeconds,
          timeoutMs: BITCOIN_CALL_TIMEOUT_MS,
          fetch: config.bitcoinRpcCookieFile === undefined ? fetch : cookieFetch(fetch, config.bitcoinRpcCookieFile),
          now: () => new Date(),
        });
      case 'rfc3161':
        return createRfc3161Anchor({
          urls: config.tsaUrls,
          roots: readTimeStampRoots(config, (sentence) => new Logger('Anchors').warn(sentence)),
          timeoutMs: config.tsaTimeoutMs,
          fetch,
          now: () => new Date(),
          randomBytes: (length) => new Uint8Array(randomBytes(length)),
          subtle: globalThis.crypto.subtle,
        });
      default: {
        const chain = config.evmChains.find((one) => name === `evm:${one.name}`);
        if (chain === undefined)
          throw new Error(
            `Setting up the anchors: expected opentimestamps, bitcoin, rfc3161 or evm:<chain>, got ${name}`,
          );
        return createEvmAnchor({
          ...chain,
          name,
          privateKey: readEvmKey(config),
          timeoutMs: config.evmTimeoutMs,
          fetch,
          now: () => new Date(),
          exclusively,
        });
      }
    }
  });
  return new Map(anchors.map((anchor) => [anchor.name, anchor]));
}

/** Reads the files that the configured anchors need, to find out whether they can be read. @throws ConfigError */
export function checkAnchorFiles(config: Config): void {
  if (config.anchors.some((name) => name.startsWith('evm:'))) readEvmKey(config);
  readTimeStampRoots(config);
}
