import { describe, expect, it } from 'vitest';
import { isReference } from '#statement/reference.js';
import { computedReference } from '#sdk/record.js';
import { checkPrefix } from './reference.js';

const content = { digests: { sha256: 'ab'.repeat(32) }, profile: 'generic@1' };

describe('computed references', () => {
  it('stay the same for the same content, in whatever order its members stand', () => {
    // The value is part of what users rely on when they repeat a submission with a later version.
    expect(computedReference(content)).toBe('rkEWUELZd9xWBqWDjOVc265BByqtzg-f');
    expect(computedReference({ profile: content.profile, digests: content.digests })).toBe(computedReference(content));
  });

  it('differ with everything that the record says', () => {
    const others = [
      { ...content, digests: { sha256: 'ac'.repeat(32) } },
      { ...content, profile: 'evidence@1' },
      { ...content, claims: { class: 'B' } },
      { ...content, validUntil: '2030-01-01T00:00:00.000Z' },
      { ...content, blinded: true as const },
    ];
    const references = [content, ...others].map((other) => computedReference(other));
    expect(new Set(references).size).toBe(references.length);
  });

  it('have room for a prefix of 32 characters and no more', () => {
    const prefix = checkPrefix('印'.repeat(32));
    expect(isReference(computedReference(content, prefix))).toBe(true);
    expect(() => checkPrefix('x'.repeat(33))).toThrow(/at most 32/);
    expect(() => checkPrefix('a\nb')).toThrow(/printable/);
  });
});
