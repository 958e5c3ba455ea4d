import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CheckStatus, Verdict } from '#proof/verdict.js';
import { PROFILES } from '#statement/profile.js';
import { CATALOGUES, formatFor, preferredCatalogue } from './language.js';

const STATUSES: CheckStatus[] = ['passed', 'failed', 'pending', 'unavailable', 'not-applicable'];
const VERDICTS: Verdict[] = ['authentic', 'authentic-not-current', 'pending', 'mismatch', 'unavailable'];

/** Every check code that the proof library's sources name, so that a new one cannot be forgotten here. */
function checkCodes(): string[] {
  const folder = new URL('../../../libs/proof/', import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const text = sources.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
  const union = /export type CheckCode =([^;]+);/.exec(text)?.[1] ?? '';
  const declared = [...union.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]!);
  const used = [...text.matchAll(/\bcode(?:: CheckCode)?(?: =|:) '([a-z-]+)'/g)].map((match) => match[1]!);
  return [...new Set([...declared, ...used])];
}

/** Reasons that anchor, document and validity checks give, as their sentences may depend on them. */
const REASONS = [
  '',
  'no-salt',
  'other-algorithm',
  'promised',
  'not-submitted',
  'other-root',
  'unsupported-type',
  'bad-root',
  'too-many',
  'other-block',
  'sources-disagree',
  'no-source',
  'no-answer',
  'no-crypto',
  'no-roots',
  'unknown-root',
  'roots-away',
  'unknown-chain',
];

/** Every path to a leaf of an object, so that two languages can be compared. */
function paths(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, member]) => paths(member, `${at}/${name}`));
}

describe.each(CATALOGUES)('the words in $tag', (catalogue) => {
  const format = formatFor(catalogue);

  it('has a sentence of its own for every status of every check', () => {
    const codes = checkCodes();
    expect(codes).toContain('batch-inclusion');
    expect(Object.keys(catalogue.checks.byCode).sort()).toEqual(codes.sort());
    const sentences = Object.entries(catalogue.checks.byCode).flatMap(([code, words]) =>
      STATUSES.map((status) => {
        const sentence = words.sentences[status];
        const text = typeof sentence === 'function' ? sentence({ height: 840_000, source: 'host' }, format) : sentence;
        expect(text, `${code} ${status}`).toMatch(/[.。]$/);
        return text;
      }),
    );
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('never shows a missing value, whatever data a check carries', () => {
    for (const words of Object.values(catalogue.checks.byCode)) {
      for (const sentence of Object.values(words.sentences)) {
        for (const reason of REASONS) {
          const data = { reason, source: 'host', calendar: 'https://calendar.example' };
          const text = typeof sentence === 'function' ? sentence(data, format) : sentence;
          expect(text).not.toMatch(/undefined|NaN|null/);
        }
      }
    }
  });

  it('has words for every verdict, status and profile', () => {
    for (const verdict of VERDICTS) {
      expect(catalogue.verdict.titles[verdict]).toBeTruthy();
      if (verdict !== 'unavailable') expect(catalogue.verdict.sentences[verdict]).toBeTruthy();
    }
    for (const status of STATUSES) expect(catalogue.checks.statuses[status]).toBeTruthy();
    for (const { id } of PROFILES) expect(catalogue.facts.profiles).toHaveProperty(id.split('@')[0]!);
  });

  it('leaves no word empty', () => {
    const empty = paths(catalogue).filter((path) => {
      const value = path
        .split('/')
        .slice(1)
        .reduce<unknown>((member, name) => (member as Record<string, unknown>)[name], catalogue);
      return value === '';
    });
    expect(empty).toEqual([]);
  });

  it('writes dates with their time zone, numbers and sizes', () => {
    expect(format.date('2026-03-01T09:00:00Z')).toMatch(/2026.*\(.+\)$/);
    expect(format.date('not a time')).toBe('not a time');
    expect(format.number(840_000)).toBe('840,000');
    expect(format.bytes(1_500_000)).toContain('1.5');
    expect(format.bytes(0)).toContain('0');
  });
});

describe('the languages', () => {
  it('have the same words', () => {
    const [first, ...others] = CATALOGUES;
    const sortedPaths = (catalogue: unknown) => paths(catalogue).sort();
    for (const other of others) expect(sortedPaths(other)).toEqual(sortedPaths(first));
  });

  it.each([
    [null, ['zh-CN', 'en'], 'zh-CN'],
    [null, ['zh-TW'], 'zh-CN'],
    [null, ['fr-FR', 'zh-Hans-CN'], 'zh-CN'],
    [null, ['de-DE', 'en-US'], 'en'],
    [null, ['fr'], 'en'],
    [null, [], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
    ['en', ['zh-CN'], 'en'],
    ['xx', ['zh-CN'], 'zh-CN'],
  ])('with %o stored and %o preferred, gives %s', (stored, preferred, tag) => {
    expect(preferredCatalogue(stored, preferred).tag).toBe(tag);
  });
});
