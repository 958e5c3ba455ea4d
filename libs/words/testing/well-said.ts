import { expect } from 'vitest';
import { FORBIDDEN as FORBIDDEN_EN } from '../en/testing/forbidden-words.js';
import { FORBIDDEN as FORBIDDEN_CN } from '../zh-cn/testing/forbidden-words.js';
import { FORBIDDEN as FORBIDDEN_TW } from '../zh-tw/testing/forbidden-words.js';
import { SIMPLIFIED_ONLY, TRADITIONAL_ONLY } from './han-characters.js';

const RULES: Record<string, { forbidden: readonly RegExp[]; characters?: ReadonlySet<string> }> = {
  en: { forbidden: FORBIDDEN_EN },
  'zh-CN': { forbidden: FORBIDDEN_CN, characters: TRADITIONAL_ONLY },
  'zh-TW': { forbidden: FORBIDDEN_TW, characters: SIMPLIFIED_ONLY },
};

/** Every text of a value; what is made of facts is made of letters. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String((value as (...args: string[]) => string)('X', 'Y', 'Z'))];
  return Object.values(value as object).flatMap(textsOf);
}

/** That texts of a language are whole, and hold none of the words and characters that must not be in it. */
export function expectWellSaid(texts: readonly string[], tag: string): void {
  const { characters, forbidden } = RULES[tag]!;
  for (const text of texts) {
    expect(text).not.toBe('');
    expect(text).not.toMatch(/undefined|\[object/);
    for (const pattern of forbidden) expect(text).not.toMatch(pattern);
    expect([...text].filter((character) => characters?.has(character))).toEqual([]);
  }
}
