import { expect, it } from 'vitest';
import { MAX_WAIT_SECONDS, preferredWait } from './prefer-wait.js';

it('a preference to wait is read as RFC 7240 writes it, and what cannot be read is passed over', () => {
  const read: [string | string[] | undefined, number | null][] = [
    [undefined, null],
    ['wait=10', 10],
    ['Wait = "5"', 5],
    ['respond-async, wait=7', 7],
    [['return=minimal', 'wait=3'], 3],
    ['wait=2, wait=9', 2],
    ['wait=4; x=1', 4],
    [`wait=${MAX_WAIT_SECONDS + 1}`, MAX_WAIT_SECONDS],
    ['wait=0', 0],
    ['wait', null],
    ['wait=soon', null],
    ['wait=-1', null],
    ['await=5', null],
  ];
  for (const [header, seconds] of read) expect(preferredWait(header), String(header)).toBe(seconds);
});
