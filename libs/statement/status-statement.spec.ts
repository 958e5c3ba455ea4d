import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_MAX_COUNT, eventProblem } from '#status/event.js';
import { isEventState } from '#status/state.js';
import { StatementError } from './error.js';
import { formatRelianceEntry, parseRelianceEntry } from './reliance-entry.js';
import { formatRelianceStatement, parseRelianceStatement } from './reliance-statement.js';
import { CHANGED_STATUSES, type ChangedState } from './status-change.js';
import { formatStatusEntry, parseStatusEntry, STATUS_ENTRY_BYTES, type StatusEntry } from './status-entry.js';
import { formatStatusStatement, parseStatusStatement, statusEntryProblem } from './status-statement.js';
import vectors from './vectors/status.json' with { type: 'json' };

function pointers(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof StatementError && error.code === 'bad-statement')
      return error.problems.map(({ pointer }) => pointer);
    throw error;
  }
  return ['accepted'];
}

const refusedStatusEntry = expect.objectContaining({ name: 'StatementError', code: 'bad-status-entry' });
const refusedRelianceEntry = expect.objectContaining({ name: 'StatementError', code: 'bad-reliance-entry' });

describe('status and reliance vectors', () => {
  it('are what we write and read', () => {
    for (const { statement, jcs, hash, entry, bytes } of vectors.statusStatements) {
      const read = parseStatusStatement(statement);
      expect(formatStatusStatement(read)).toBe(jcs);
      expect(bytesToHex(sha256(utf8ToBytes(jcs)))).toBe(hash);
      const whole = { ...entry, state: entry.state as ChangedState, statementHash: hexToBytes(hash) };
      expect(bytesToHex(formatStatusEntry(whole))).toBe(bytes);
      expect(parseStatusEntry(hexToBytes(bytes))).toEqual(whole);
      expect(statusEntryProblem(read, whole)).toBeNull();
    }
    for (const { statement, jcs, hash, bytes } of vectors.relianceStatements) {
      expect(formatRelianceStatement(parseRelianceStatement(statement))).toBe(jcs);
      expect(bytesToHex(sha256(utf8ToBytes(jcs)))).toBe(hash);
      expect(bytesToHex(formatRelianceEntry(hexToBytes(hash)))).toBe(bytes);
      expect(bytesToHex(parseRelianceEntry(hexToBytes(bytes)))).toBe(hash);
    }
  });

  it('are refused where they must be, with a pointer to the fault', () => {
    for (const { about, text, pointer } of vectors.refusedStatusStatements) {
      expect(
        pointers(() => parseStatusStatement(JSON.parse(text))),
        about,
      ).toContain(pointer);
    }
    for (const { about, text, pointer } of vectors.refusedRelianceStatements) {
      expect(
        pointers(() => parseRelianceStatement(JSON.parse(text))),
        about,
      ).toContain(pointer);
    }
    for (const { about, bytes } of vectors.refusedStatusEntries) {
      expect(() => parseStatusEntry(hexToBytes(bytes)), about).toThrow(refusedStatusEntry);
    }
    for (const { about, bytes } of vectors.refusedRelianceEntries) {
      expect(() => parseRelianceEntry(hexToBytes(bytes)), about).toThrow(refusedRelianceEntry);
    }
  });
});

const entries: fc.Arbitrary<StatusEntry> = fc
  .record({
    first: fc.nat({ max: 2 ** 53 - 2 ** 33 }),
    count: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: EVENT_MAX_COUNT })),
    state: fc.constantFrom(...Object.values(CHANGED_STATUSES)),
    effectiveAtMs: fc.integer({ min: 0, max: 253_402_300_799_999 }),
    later: fc.option(fc.integer({ min: 1, max: 2 ** 32 })),
    statementHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  })
  .map(({ later, ...entry }) => ({
    ...entry,
    statementHash: new Uint8Array(entry.statementHash),
    previous: later === null || entry.count > 1 ? null : entry.first + later,
  }));

describe('a status entry', () => {
  it('is read back as it was written, in 79 bytes', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const bytes = formatStatusEntry(entry);
        expect(bytes.length).toBe(STATUS_ENTRY_BYTES);
        expect(parseStatusEntry(bytes)).toEqual(entry);
      }),
    );
  });

  it('is another one, or refused, after any bit is flipped', () => {
    fc.assert(
      fc.property(entries, fc.nat({ max: STATUS_ENTRY_BYTES * 8 - 1 }), (entry, bit) => {
        const bytes = formatStatusEntry(entry);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        let read;
        try {
          read = parseStatusEntry(bytes);
        } catch (error) {
          expect(error).toEqual(refusedStatusEntry);
          return;
        }
        expect(formatStatusEntry(read)).toEqual(bytes);
      }),
    );
  });

  it('is an event that the status vector takes, once everything that it is about is sealed', () => {
    fc.assert(
      fc.property(entries, ({ first, count, state, previous }) => {
        expect(isEventState(state)).toBe(true);
        const sealed = Math.max(first + count, (previous ?? 0) + 1);
        expect(eventProblem({ ordinal: sealed, first, count, state, previous }, sealed)).toBeNull();
      }),
    );
  });

  it('is not the one of a statement that says something else', () => {
    const [{ statement, entry, hash }] = vectors.statusStatements as [(typeof vectors.statusStatements)[0]];
    const read = parseStatusStatement(statement);
    const good: StatusEntry = { ...entry, state: 1, statementHash: hexToBytes(hash) };
    expect(statusEntryProblem(read, good)).toBeNull();
    expect(statusEntryProblem(read, { ...good, state: 2 })).toContain('state');
    expect(statusEntryProblem(read, { ...good, effectiveAtMs: good.effectiveAtMs + 1 })).toContain('ms');
    expect(statusEntryProblem(read, { ...good, count: 2 })).toContain('records');
    const ranged = { ...read, record: undefined, range: { first: 11, count: 5 } };
    expect(statusEntryProblem(ranged, { ...good, count: 5 })).toBeNull();
    expect(statusEntryProblem(ranged, { ...good, count: 5, first: 12 })).toContain('records');
  });
});
