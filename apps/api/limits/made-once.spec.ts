import { describe, expect, it } from 'vitest';
import { MadeOnce } from './made-once.js';
import { Room } from './room.js';

describe('an answer that costs much', () => {
  it('is made once for all who ask, and again after it failed', async () => {
    const answers = new MadeOnce<string, number>({ most: 2, ttlMs: 60_000 });
    let made = 0;
    const make = async () => (made += 1);
    expect(await Promise.all([answers.get('a', make), answers.get('a', make)])).toEqual([1, 1]);
    expect(await answers.get('a', make)).toBe(1);
    await expect(answers.get('b', () => Promise.reject(new Error('the disk')))).rejects.toThrow('the disk');
    expect(await answers.get('b', make)).toBe(2);
  });

  it('is refused while there is no room for it, and not when it is there already', async () => {
    const room = new Room({ policy: 'packs', places: 2, waiting: 0 });
    const answers = new MadeOnce<number, number>({ most: 9, ttlMs: 60_000, room });
    const ends: (() => void)[] = [];
    const make = () => new Promise<number>((resolve) => ends.push(() => resolve(7)));
    const being = [answers.get(1, make), answers.get(2, make)];
    await expect(answers.get(3, make)).rejects.toMatchObject({ code: 'busy' });
    expect(answers.get(2, make)).toBe(being[1]);
    for (const end of ends) end();
    expect(await Promise.all(being)).toEqual([7, 7]);
    // What was refused was not kept.
    await expect.poll(() => answers.get(3, async () => 8).catch(() => null)).toBe(8);
  });
});
