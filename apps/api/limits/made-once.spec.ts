import { describe, expect, it } from 'vitest';
import { Problem } from '../problems/problem.js';
import { MadeOnce } from './made-once.js';

/** What it returns; undefined where it throws. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

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

  it('is refused while too many others are being made, and not when one is there already', async () => {
    const answers = new MadeOnce<number, number>({ most: 9, ttlMs: 60_000, room: { policy: 'packs', making: 2 } });
    const ends: (() => void)[] = [];
    const make = () => new Promise<number>((resolve) => ends.push(() => resolve(7)));
    const waiting = [answers.get(1, make), answers.get(2, make)];
    expect(() => answers.get(3, make)).toThrow(Problem);
    expect(answers.get(2, make)).toBe(waiting[1]);
    for (const end of ends) end();
    await Promise.all(waiting);
    // Their places rest for a while.
    expect(() => answers.get(3, make)).toThrow(Problem);
    const begin = () => {
      void answers.get(3, make);
      return true;
    };
    await expect.poll(() => attempt(begin)).toBe(true);
    ends.at(-1)!();
    expect(await answers.get(3, make)).toBe(7);
  });
});
