import { describe, expect, it } from 'vitest';
import { readDelays, tellDelays } from './delays.js';
import { en } from './en/index.js';
import { formatFor } from './format.js';

const format = formatFor({ locale: 'en', timeZone: 'UTC' });
const DELAY = { samples: 24, halfSeconds: 5400, mostSeconds: 9100 };

describe('how long things take', () => {
  it('is told as it was measured, of what is waited for', () => {
    const delays = readDelays({
      sealing: { ...DELAY, halfSeconds: 0.4, mostSeconds: 1.2 },
      anchors: [{ anchor: 'opentimestamps', ...DELAY }],
    });
    expect(tellDelays(delays, 'sealed', en, format)).toEqual([
      'From receipt to the log: half within 1 second, nine in ten within 2 seconds (latest 24 cases).',
    ]);
    expect(tellDelays(delays, 'anchored', en, format)).toEqual([
      'Confirmation by opentimestamps: half within 2 hours, nine in ten within 3 hours (latest 24 cases).',
    ]);
  });

  it.each([
    undefined,
    null,
    'x',
    {},
    { sealing: {}, anchors: {} },
    { sealing: { ...DELAY, samples: '24' }, anchors: [DELAY, { anchor: 'a', ...DELAY, mostSeconds: -1 }] },
  ])('is not told where nothing was measured: %j', (answer) => {
    for (const until of ['sealed', 'anchored'] as const)
      expect(tellDelays(readDelays(answer), until, en, format)).toEqual([]);
  });
});
