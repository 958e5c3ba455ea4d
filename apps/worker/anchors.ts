import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import type { Anchor } from '#anchors/anchor.js';
import type { AnchorMeans } from '#anchors/anchor-kind.js';
import { kindOfAnchor } from '#anchors/kinds.js';
import { readTimeStampRoots } from '#anchors/time-stamp-roots.js';
import type { Config } from '#config/config.js';
import { createAccountLock } from './account-lock.js';

/** Nest injection token of the configured anchors ({@link Anchor} by name). */
export const ANCHORS = Symbol('ANCHORS');

/** The configured anchors, by name. */
export type Anchors = ReadonlyMap<string, Anchor>;

/** Sets up the anchors that the configuration names, with the process's network, clock and randomness.
 * `pool`: the database that keeps the locks of accounts on chains. @throws ConfigError when a key or the roots cannot be read */
export async function createAnchors(config: Config, pool: Pick<pg.Pool, 'options'>): Promise<Anchors> {
  const logger = new Logger('anchors');
  const means: AnchorMeans = {
    fetch,
    now: () => new Date(),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    exclusively: createAccountLock(pool),
    warn: (sentence) => logger.warn(sentence),
  };
  const anchors = await Promise.all(config.anchors.map((name) => kindOf(name).create(name, config, means)));
  return new Map(anchors.map((anchor) => [anchor.name, anchor]));
}

/** Reads the files that the configured anchors need, and the roots that verifiers are given, to find out whether they can be read.
 * @throws ConfigError */
export function checkAnchorFiles(config: Config): void {
  readTimeStampRoots(config);
  for (const kind of new Set(config.anchors.map(kindOf))) kind.checkFiles?.(config);
}

function kindOf(anchor: string): NonNullable<ReturnType<typeof kindOfAnchor>> {
  const kind = kindOfAnchor(anchor);
  if (kind === undefined) throw new Error(`Setting up the anchors: expected a kind that is known here, got ${anchor}`);
  return kind;
}
