import { expect, it } from 'vitest';
import { answerVectors, sampleLog } from '#gate/testing/gate-cases.js';
import { decide, maxStatusAgeMs } from '#gate/decide.js';
import { openGatePack } from '#gate/open.js';
import { FORBIDDEN as FORBIDDEN_EN } from './en/testing/forbidden-words.js';
import { formatFor } from './format.js';
import { GATE_LANGUAGES, sayGateAnswer } from './gate.js';
import { SPOKEN } from './spoken.js';
import { SIMPLIFIED_ONLY, TRADITIONAL_ONLY } from './testing/han-characters.js';
import { FORBIDDEN as FORBIDDEN_CN } from './zh-cn/testing/forbidden-words.js';
import { FORBIDDEN as FORBIDDEN_TW } from './zh-tw/testing/forbidden-words.js';

const RULES: Record<string, { forbidden: readonly RegExp[]; characters?: ReadonlySet<string> }> = {
  en: { forbidden: FORBIDDEN_EN },
  'zh-CN': { forbidden: FORBIDDEN_CN, characters: TRADITIONAL_ONLY },
  'zh-TW': { forbidden: FORBIDDEN_TW, characters: SIMPLIFIED_ONLY },
};

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String((value as (...args: string[]) => string)('X', 'Y'))];
  return Object.values(value as object).flatMap(textsOf);
}

it('a gate speaks every language that is offered', () => {
  expect(Object.keys(GATE_LANGUAGES)).toEqual(SPOKEN.map(({ tag }) => tag));
});

it.each(Object.entries(GATE_LANGUAGES))(
  '%s says every answer, with none of the words that must not be said',
  (tag, { locale, words }) => {
    const { forbidden, characters } = RULES[tag]!;
    const format = formatFor({ locale, timeZone: 'Asia/Taipei' });
    const { log, pack } = sampleLog();
    const open = openGatePack(pack, log.key);
    const said = answerVectors().map(({ code, nowMs, withPack }) => {
      const answer = decide(code, { key: log.key, pack: withPack ? open : null, nowMs });
      return sayGateAnswer(answer, words, { format, nowMs, packAsOfMs: open.asOfMs });
    });
    // Every answer and every reason has a sentence of its own.
    expect(new Set(said.map(({ headline }) => headline)).size).toBe(Object.keys(words.headlines).length);
    const texts = [...textsOf(words), ...said.flatMap(({ headline, sentence }) => [headline, sentence])];
    for (const text of texts) {
      expect(text).not.toBe('');
      expect(text).not.toMatch(/undefined|\[object/);
      for (const pattern of forbidden) expect(text).not.toMatch(pattern);
      expect([...text].filter((character) => characters?.has(character))).toEqual([]);
    }
    expect(words.stale(format.span(7_200_000), format.span(maxStatusAgeMs('permit@1')))).toMatch(/2.*1/);
  },
);
