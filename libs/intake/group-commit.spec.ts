import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.js';

describe('room for records', () => {
  const commits = () => new GroupCommit(() => Promise.resolve(new Set()), { intervalMs: 0, maxRecords: 1000 });

  /** Requests of 1,000 that are let in. */
  function fill(room: GroupCommit, agencyId: number): number {
    for (let taken = 0; ; taken += 1) {
      try {
        room.admit(agencyId, 1000);
      } catch (error) {
        expect(error).toMatchObject({ code: 'overloaded' });
        return taken;
      }
    }
  }

  it('is left for the next agency, as much as each of those has that came before', () => {
    const room = commits();
    expect([1, 2, 3].map((agencyId) => fill(room, agencyId))).toEqual([25, 13, 6]);
    expect(() => room.admit(4, 1)).not.toThrow();
  });

  it("is an agency's again once it is given back, and given back once", () => {
    const room = commits();
    const giveBack = room.admit(1, 25_000);
    expect(() => room.admit(1, 1000)).toThrow(/of one agency/);
    giveBack();
    giveBack();
    expect(fill(room, 1)).toBe(25);
  });
});
