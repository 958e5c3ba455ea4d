import type { MinedVersion, Observed, Refusal } from '../observed.js';
import type { Rules } from '../next.js';
import { type Progress, type Version, versionShape } from '../progress.js';
import { z } from 'zod';

/** A version of no chain in particular. */
export const sampleVersion = z.object(versionShape);

export const EARLY = '2026-03-01T09:00:00.000Z';
export const NOW = '2026-03-01T10:00:00.000Z';
export const ROOT = 'ab'.repeat(32);

/** A version that was signed and never sent. */
export const signed = (id: string, round = 0): Version => ({
  id,
  raw: id,
  cost: '1000',
  round,
  offeredAt: null,
  offeredHeight: null,
  accepted: false,
});

/** One that a node took at height 100. */
export const sent = (id: string, changed: Partial<Version> = {}): Version => ({
  ...signed(id),
  offeredAt: EARLY,
  offeredHeight: 100,
  accepted: true,
  ...changed,
});

export const progressOf = (changed: Partial<Progress<Version>> = {}): Progress<Version> => ({
  version: 1,
  chain: 'sample',
  root: ROOT,
  startedAt: EARLY,
  transactions: [],
  round: 0,
  block: null,
  usedSince: null,
  ...changed,
});

/** What is known at height 101, where no block holds a version; six blocks are final. */
export const knownWith = (changed: Partial<Observed<Version>> = {}): Observed<Version> => ({
  now: NOW,
  height: 101,
  finalHeight: 96,
  block: { kind: 'none' },
  remarks: [],
  ...changed,
});

/** A block at height 99 that holds a version. */
export const blockWith = (transaction: string): MinedVersion => ({
  number: 99,
  hash: 'b99',
  time: EARLY,
  transaction,
  paid: '900',
  attestation: Uint8Array.of(1),
});

export const refusal = (about: Refusal['about']): Refusal => ({ about, reason: `the node refuses it: ${about}` });

export const RULES: Rules<Version> = {
  patienceBlocks: 6,
  maxVersions: 4,
  yieldsClaim: true,
  claim: ({ id }) => `the claim of ${id}`,
};
