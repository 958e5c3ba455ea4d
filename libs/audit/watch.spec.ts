import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { SampleLog, type SampleRecord } from '#proof/testing/sample-log.js';
import { parseStatusEntry } from '#statement/status-entry.js';
import { emptyAudit } from './audit.js';
import { auditAll } from './testing/sample-source.js';
import { formatState, parseState } from './kept-state.js';
import { type SentEvent, watch } from './watch.js';

const NOW = new Date('2026-03-01T09:00:00.000Z');

/** A log in which one record was suspended and revoked, and a range over another. */
async function replayed() {
  const log = new SampleLog();
  const made = log.seal({ records: [{}, {}, {}] });
  log.seal({ changes: [{ of: made[0]!, to: 'suspended' }] });
  log.seal({ changes: [{ of: made[0]!, to: 'revoked' }] });
  log.seal({ changes: [{ of: { first: 1, count: 2 }, to: 'revoked' }] });
  const { state } = await auditAll(log, undefined, emptyAudit(undefined, true));
  const hashOf = (batch: number) => bytesToHex(leafHash(log.publicEntries(batch)[0]!));
  const statementOf = (batch: number) => bytesToHex(parseStatusEntry(log.publicEntries(batch)[0]!).statementHash);
  // As the next run finds it.
  return { made, hashOf, statementOf, replay: parseState(formatState(state, null)).state.replay };
}

const watched = (records: SampleRecord[]) => records.map(({ id, ordinal }) => ({ record: id, ordinal }));
const sent = (leafHashes: string[]): SentEvent[] =>
  leafHashes.map((hash) => ({ hash, state: null, record: null, includeBy: '2026-03-01T08:30:00.000Z' }));

describe('watching records', () => {
  it('is quiet where every event about them was sent', async () => {
    const { hashOf, made, replay } = await replayed();
    const events = sent([hashOf(1), hashOf(2), hashOf(3)]);
    expect([...watch(replay, watched(made), events, NOW)]).toEqual([]);
  });

  it('names each event that was not sent, also an earlier one and one over a range', async () => {
    const { hashOf, made, replay } = await replayed();
    expect([...watch(replay, watched(made), sent([hashOf(2)]), NOW)]).toMatchObject([
      { check: 'unsent-event', record: made[0]!.id, ordinal: 0, event: 3, state: 2, leafHash: hashOf(1) },
      { check: 'unsent-event', record: made[1]!.id, ordinal: 1, event: 5, state: 1 },
      { check: 'unsent-event', record: made[2]!.id, ordinal: 2, event: 5, state: 1 },
    ]);
    expect([...watch(replay, watched([made[1]!]), sent([hashOf(3)]), NOW)]).toEqual([]);
  });

  it('takes an event for sent only as it was sent: by its statement, with its status, about its record', async () => {
    const { made, replay, statementOf } = await replayed();
    const events = (change: Partial<SentEvent>) => [
      { ...sent([statementOf(1)])[0]!, state: 2 as const, record: made[0]!.id, ...change },
      ...sent([statementOf(2)]),
    ];
    const found = (change: Partial<SentEvent>) => [...watch(replay, watched([made[0]!]), events(change), NOW)];
    expect(found({})).toEqual([]);
    expect(found({ state: 1 })).toMatchObject([{ check: 'unsent-event', event: 3 }]);
    expect(found({ record: made[1]!.id })).toMatchObject([{ check: 'unsent-event', event: 3 }]);
    // Called by its ordinal, a record has no id to compare.
    expect([...watch(replay, [{ record: '0', ordinal: 0 }], events({}), NOW)]).toEqual([]);
  });

  it('misses an event that was promised, once the time is over by more than clocks may be off', async () => {
    const { replay } = await replayed();
    const [lost] = sent(['ab'.repeat(32)]) as [SentEvent];
    const at = (time: string) => [...watch(replay, [], [lost], new Date(time))];
    expect(at('2026-03-01T08:34:59.999Z')).toEqual([]);
    expect(at('2026-03-01T08:35:00.000Z')).toEqual([
      { check: 'missing-event', record: null, hash: lost.hash, includeBy: lost.includeBy },
    ]);
    expect([...watch(replay, [], [{ ...lost, includeBy: null }], NOW)]).toEqual([]);
  });
});
