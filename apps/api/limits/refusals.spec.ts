import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusals } from './refusals.js';

describe('Refusals', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
  afterEach(() => vi.useRealTimers());

  it('answers a few at once, a flood slowly, and no more than that', () => {
    const refusals = new Refusals();
    let answered = 0;
    let cut = 0;
    vi.advanceTimersByTime(10_000);
    for (let i = 0; i < 3000; i += 1) if (!refusals.enter(() => (answered += 1))) cut += 1;
    expect(answered).toBe(400);
    expect(cut).toBe(1600);
    vi.advanceTimersByTime(1000);
    expect(answered).toBeGreaterThan(590);
    expect(answered).toBeLessThan(610);
    vi.advanceTimersByTime(5000);
    expect(answered).toBe(1400);
  });
});
