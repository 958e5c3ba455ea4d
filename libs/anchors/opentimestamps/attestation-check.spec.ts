import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import { bitcoinCases } from '#source/testing/bitcoin-cases.js';
import { cannedSources } from '#source/testing/canned-source.js';
import { checkAttestations } from './attestation-check.js';
import { submissionDetail } from './detail.js';
import type { OpenTimestampsProgress } from './progress.js';

const HEIGHT = 12;
const merkleRoot = new Uint8Array(32).fill(7);
const pending = { type: 'pending', uri: 'https://calendar.example' } as const;
const timestamp = pathFrom(merkleRoot).end([pending, { type: 'bitcoin', height: HEIGHT }]);
const untouched: OpenTimestampsProgress = {
  version: 1,
  root: bytesToHex(merkleRoot),
  nonce: '00'.repeat(16),
  startedAt: '2026-03-01T08:00:00.000Z',
  submittedAt: '2026-03-01T08:00:01.000Z',
  submitRounds: 1,
  pollRounds: 0,
  calendars: [],
  polls: [],
  blocks: [],
  rejected: [],
};
// An attestation names no network of Bitcoin.
const table = bitcoinCases({ height: HEIGHT, merkleRoot }).filter(({ named }) => named !== true);
const STATES = {
  contradicted: 'disputed',
  absent: 'unknown',
  'no-answer': 'unchecked',
  'not-asked': 'unchecked',
} as const;

describe('an attestation is taken for what its sources come to', () => {
  it.each(table)('$outcome, when $when', async ({ outcome, sources, shownBy = [], finality }) => {
    const { bitcoin: blockSources } = cannedSources(sources);
    const chain = { blockSources, now: () => new Date('2026-04-01T00:00:00.000Z') };
    const checked = await checkAttestations(timestamp, untouched, chain);
    const kept = listAttestations(checked.timestamp).map(({ attestation }) => attestation.type);
    const { blocks, rejected } = checked.progress;
    expect(kept.toSorted()).toEqual(outcome === 'another' ? ['pending'] : ['bitcoin', 'pending']);
    expect(rejected).toHaveLength(outcome === 'another' ? 1 : 0);
    if (outcome === 'another') return expect(blocks).toEqual([]);
    const isShown = outcome === 'shown';
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toMatchObject({
      height: HEIGHT,
      message: bytesToHex(merkleRoot),
      sources: isShown ? shownBy.map((place) => blockSources[place]!.name) : [],
    });
    if (!isShown) expect(blocks[0]!.state).toBe(STATES[outcome]);
    else if (finality !== undefined) expect(blocks[0]!.state).toBe(finality === 'final' ? 'final' : 'confirmed');
  });

  it('says beside a block that is not called final how deep it is, or who could not tell', async () => {
    const told = await Promise.all(
      table.map(async ({ sources }) => {
        const { bitcoin: blockSources } = cannedSources(sources);
        const checked = await checkAttestations(timestamp, untouched, { blockSources, now: () => new Date(0) });
        const isConfirmed = checked.progress.blocks.some(({ state }) => state === 'confirmed');
        return isConfirmed ? submissionDetail('confirmed', checked.progress, 1, new Date(0)) : null;
      }),
    );
    const details = told.filter((detail) => detail !== null);
    const reason =
      /, (not final yet: \d+ blocks? deep|not called final: no header source .*|.* could not say what is final: .*)$/;
    for (const detail of details) expect(detail).toMatch(reason);
    expect(details.length).toBeGreaterThan(2);
  });
});
