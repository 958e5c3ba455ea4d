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
    for (let i = 0; i < 1500; i += 1) if (!refusals.enter(() => (answered += 1))) cut += 1;
    expect(answered).toBe(100);
    expect(cut).toBe(400);
    vi.advanceTimersByTime(1000);
    expect(answered).toBeGreaterThan(145);
    expect(answered).toBeLessThan(155);
    vi.advanceTimersByTime(20_000);
    expect(answered).toBe(1100);
  });
});
