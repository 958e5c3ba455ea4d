import { describe, expect, it } from 'vitest';
import { undecidedCause } from './undecided.js';
import type { Check, CheckCode } from './verdict.js';

const open = (code: CheckCode, reason: string): Check => ({
  code,
  status: 'unavailable',
  message: '',
  data: { reason },
});
const passed: Check = { code: 'anchor', status: 'passed', message: '' };

describe('the cause of an undecided verdict', () => {
  it('is that nothing was given, as long as nobody was asked in vain', () => {
    const reasons = ['no-source', 'other-chain', 'no-roots', 'unknown-root', 'test-place'];
    expect(undecidedCause(reasons.map((reason) => open('anchor', reason)))).toBe('nothing-given');
  });

  it('is an outage when one of those asked did not answer', () => {
    expect(undecidedCause([open('anchor', 'no-source'), open('anchor', 'no-answer')])).toBe('outage');
  });

  it('is a contradiction before an outage, and the document before either', () => {
    const torn = [open('anchor', 'no-answer'), open('anchor', 'sources-disagree')];
    expect(undecidedCause(torn)).toBe('contradiction');
    expect(undecidedCause([...torn, open('document', 'no-salt')])).toBe('document');
  });

  it('does not depend on the beacon', () => {
    expect(undecidedCause([passed, open('beacon', 'no-answer'), open('anchor', 'no-source')])).toBe('nothing-given');
  });
});
