import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeError, describeRootCause, logSparsely } from './sparse-log.js';

describe('logSparsely', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('says the same once, after a minute how many more there were, and then from the beginning', () => {
    const warn = vi.fn();
    const logger = { warn, error: vi.fn() };
    for (let i = 0; i < 143; i += 1) logSparsely(logger, 'warn', 'the store is away');
    logSparsely(logger, 'warn', 'the disk is full, 1', 'disk');
    logSparsely(logger, 'warn', 'the disk is full, 2', 'disk');
    vi.advanceTimersByTime(60_000);
    logSparsely(logger, 'warn', 'the store is away');
    vi.advanceTimersByTime(120_000);
    expect(warn.mock.calls.flat()).toEqual([
      'the store is away',
      'the disk is full, 1',
      'the store is away (142 more in the last minute)',
      'the disk is full, 2 (1 more in the last minute)',
      'the store is away',
    ]);
  });

  it('forgets the oldest of very many, and says what it kept quiet', () => {
    const warn = vi.fn();
    const logger = { warn, error: vi.fn() };
    logSparsely(logger, 'warn', 'first');
    logSparsely(logger, 'warn', 'first');
    for (let i = 0; i < 200; i += 1) logSparsely(logger, 'warn', `other ${i}`);
    expect(warn).toHaveBeenLastCalledWith('first (1 more in the last minute)');
  });
});

describe('describeRootCause', () => {
  const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);

  it.each([
    ['an error alone', error('no'), 'no'],
    [
      'an SQLSTATE below two wrappers',
      error('a', { cause: error('b', { cause: error('disk full', { code: '53100' }) }) }),
      'disk full (53100)',
    ],
    [
      'an errno that the message has already',
      error('a', { cause: error('connect ECONNREFUSED ::1', { code: 'ECONNREFUSED' }) }),
      'connect ECONNREFUSED ::1',
    ],
    [
      "PostgreSQL's own words behind Prisma",
      error('wrapped', {
        code: 'P2039',
        meta: {
          driverAdapterError: error('x', {
            cause: { kind: 'postgres', originalCode: '53100', originalMessage: '磁盘满' },
          }),
        },
      }),
      '磁盘满 (53100)',
    ],
    [
      'the first of several',
      new AggregateError([error('one\n two', { code: 'E1' }), error('other')], 'all failed'),
      'one two (E1)',
    ],
    ['what is no error', 'a text', 'a text'],
  ])('finds %s', (_name, given, expected) => {
    expect(describeRootCause(given)).toBe(expected);
  });
});

describe('describeError', () => {
  const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);
  const full = error('could not extend file', { code: '53100' });

  it.each([
    ['its code', full, 'could not extend file (53100)'],
    ['the root cause', error('Storing records', { cause: full }), 'Storing records: could not extend file (53100)'],
    [
      'the code alone of a cause that it repeats',
      error('Sealing a batch: could not extend file', { cause: full }),
      'Sealing a batch: could not extend file (53100)',
    ],
    [
      'nothing twice',
      error('Reading: ENOENT, no', { cause: error('ENOENT, no', { code: 'ENOENT' }) }),
      'Reading: ENOENT, no',
    ],
    ['what is no error', 'a text', 'a text'],
  ])('says of an error %s', (_name, given, expected) => {
    expect(describeError(given)).toBe(expected);
  });
});
