import { describe, expect, it } from 'vitest';
import { Room } from './room.js';

describe('room for costly work', () => {
  it('is for so many at a time, in the order in which they came; who finds too many waiting is told so', async () => {
    const room = new Room({ policy: 'codes', places: 2, waiting: 2 });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (number: number) => {
      begun.push(number);
      return new Promise<number>((resolve) => ends.push(() => resolve(number)));
    };
    const all = [1, 2, 3, 4].map((number) => room.use(() => work(number)));
    await expect(room.use(() => work(5))).rejects.toMatchObject({ code: 'busy' });
    expect(begun).toEqual([1, 2]);
    ends[0]!();
    await expect.poll(() => begun).toEqual([1, 2, 3]);
    ends[2]!();
    await expect.poll(() => begun).toEqual([1, 2, 3, 4]);
    ends[1]!();
    ends[3]!();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  it('rests after work in which the process was busy, for longer than that took, and is free again after work that failed', async () => {
    const room = new Room({ policy: 'codes', places: 1, waiting: 1 });
    const times: number[] = [];
    const work = async (ms: number) => {
      times.push(performance.now());
      while (performance.now() < times.at(-1)! + ms);
      times.push(performance.now());
      throw new Error('the disk');
    };
    await expect(room.use(() => work(30))).rejects.toThrow('the disk');
    await expect(room.use(() => work(0))).rejects.toThrow('the disk');
    const [began, ended, next] = times as [number, number, number];
    expect(next - ended).toBeGreaterThan(2 * (ended - began));
  });
});
