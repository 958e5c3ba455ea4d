import { expect, it } from 'vitest';
import { answerVectors, sampleLog } from '#gate/testing/gate-cases.js';
import { decide, maxStatusAgeMs } from '#gate/decide.js';
import { openGatePack } from '#gate/open.js';
import { formatFor } from './format.js';
import { GATE_LANGUAGES, sayGateAnswer } from './gate.js';
import { SPOKEN } from './spoken.js';
import { expectWellSaid, textsOf } from './testing/well-said.js';

it('a gate speaks every language that is offered', () => {
  expect(Object.keys(GATE_LANGUAGES)).toEqual(SPOKEN.map(({ tag }) => tag));
});

it.each(Object.entries(GATE_LANGUAGES))(
  '%s says every answer, with none of the words that must not be said',
  (tag, { locale, words }) => {
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
    expectWellSaid(texts, tag);
    expect(words.stale(format.span(7_200_000), format.span(maxStatusAgeMs('permit@1')))).toMatch(/2.*1/);
  },
);
