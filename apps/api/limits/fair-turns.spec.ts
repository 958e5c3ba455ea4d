import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FairTurns, REQUEST_COST } from './fair-turns.js';

describe('FairTurns', () => {
  it('runs at once what comes alone', () => {
    const turns = new FairTurns();
    const ran: string[] = [];
    expect(turns.enterAgency(1, REQUEST_COST, () => ran.push('agency'))).toBe(true);
    expect(turns.enterPublic('192.0.2.1', () => ran.push('public'))).toBe(true);
    expect(ran).toEqual(['agency', 'public']);
  });

  it('lets an agency whose large bodies wait go on in turns, and nobody else wait for them', async () => {
    const turns = new FairTurns();
    const ran: string[] = [];
    const large = 100 * REQUEST_COST;
    for (let i = 0; i < 3; i += 1) turns.enterAgency(1, large, () => ran.push('large'));
    expect(ran).toEqual(['large']);
    for (let i = 0; i < 5; i += 1) {
      turns.enterAgency(2, REQUEST_COST, () => ran.push('small'));
      await setImmediate();
    }
    // What was spent on the first is paid off before the second runs.
    expect(ran).toEqual(['large', 'small', 'small', 'small', 'small', 'small']);
    await expect.poll(() => ran.filter((name) => name === 'large')).toHaveLength(3);
  });

  it('lets large work rest for four times its time while another agency has small work', async () => {
    let nowMs = 1000;
    const turns = new FairTurns(() => nowMs);
    const large = 100 * REQUEST_COST;
    let ran = 0;
    const work = () => {
      ran += 1;
      nowMs += 30;
    };
    const others = async (count: number) => {
      for (let i = 0; i < count; i += 1) {
        turns.enterAgency(9, REQUEST_COST, () => undefined);
        await setImmediate();
      }
    };
    await others(1);
    // Of two agencies: neither that has its own turn may take the other's rest.
    for (let i = 0; i < 2; i += 1) {
      turns.enterAgency(1, large, work);
      turns.enterAgency(2, large, work);
    }
    expect(ran).toBe(1);
    await others(50);
    nowMs += 119;
    await others(50);
    expect(ran).toBe(1);
    nowMs += 1;
    await others(1);
    expect(ran).toBe(2);
    // No small work of others comes any more, and what an agency sends beside its own large work is none: nobody would gain by a rest.
    nowMs += 51;
    await expect.poll(() => ran).toBe(4);
  });

  it('counts the reading of a large body too, whatever is done with it then', async () => {
    let nowMs = 1000;
    const turns = new FairTurns(() => nowMs);
    let ran = 0;
    turns.enterAgency(9, REQUEST_COST, () => undefined);
    for (let i = 0; i < 2; i += 1) turns.enterAgency(1, 1000 * REQUEST_COST, () => (ran += 1));
    for (const [passesMs, expected] of [
      [39, 1],
      [1, 2],
    ] as const) {
      nowMs += passesMs;
      turns.enterAgency(9, REQUEST_COST, () => undefined);
      for (let i = 0; i < 100; i += 1) await setImmediate();
      expect(ran).toBe(expected);
    }
  });

  it('does not let large work rest for small work of the same agency', async () => {
    const turns = new FairTurns(() => 1000);
    let ran = 0;
    for (let i = 0; i < 5; i += 1) {
      turns.enterAgency(1, REQUEST_COST, () => undefined);
      turns.enterAgain(1, 15, () => (ran += 1));
    }
    await expect.poll(() => ran).toBe(5);
  });

  it('counts what an agency goes on with after a pause as large work', async () => {
    let nowMs = 1000;
    const turns = new FairTurns(() => nowMs);
    let ran = false;
    turns.enterAgency(9, REQUEST_COST, () => undefined);
    turns.enterAgain(1, 15, () => (ran = true));
    for (let i = 0; i < 50; i += 1) await setImmediate();
    expect(ran).toBe(false);
    nowMs += 60;
    turns.enterAgency(9, REQUEST_COST, () => undefined);
    await expect.poll(() => ran).toBe(true);
  });

  it('takes up no more requests without a key in a turn than take a moment', async () => {
    let nowMs = 1000;
    const turns = new FairTurns(() => nowMs);
    let ran = 0;
    for (let i = 0; i < 200; i += 1) turns.enterPublic('192.0.2.1', () => (ran += 1));
    await setImmediate();
    const before = ran;
    for (let i = 0; i < 50; i += 1)
      turns.enterPublic('192.0.2.2', () => {
        ran += 1;
        nowMs += 2;
      });
    await expect.poll(() => ran).toBe(250);
    expect(before).toBeLessThan(200);
  });

  it('lets addresses take turns in the part of all who have no key, and many addresses get no more than one', async () => {
    const turns = new FairTurns();
    const ran: string[] = [];
    for (let i = 0; i < 200; i += 1) turns.enterPublic('192.0.2.1', () => ran.push('flood'));
    turns.enterPublic('192.0.2.2', () => ran.push('probe'));
    const before = ran.length;
    await setImmediate();
    expect(ran.slice(before, before + 2)).toContain('probe');
    const many: string[] = [];
    const busy = new FairTurns();
    busy.enterAgency(1, 1000 * REQUEST_COST, () => undefined);
    await setImmediate();
    for (let i = 0; i < 200; i += 1) busy.enterPublic(`192.0.2.${i}`, () => many.push('one'));
    expect(many.length).toBeLessThanOrEqual(4);
    await setImmediate();
    expect(many.length).toBeLessThanOrEqual(12);
  });

  it('turns away what would wait too long, and runs everything else', async () => {
    const turns = new FairTurns();
    let ran = 0;
    let refused = 0;
    for (let i = 0; i < 5000; i += 1) if (!turns.enterPublic('192.0.2.1', () => (ran += 1))) refused += 1;
    expect(refused).toBeGreaterThan(0);
    await expect.poll(() => ran).toBe(5000 - refused);
  });
});
