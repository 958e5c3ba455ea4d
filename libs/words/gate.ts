import { type GateAnswer, maxStatusAgeMs } from '#gate/decide.js';
import { gate as en } from './en/gate.js';
import type { Format } from './format.js';
import type { GateWords } from './gate-words.js';
import { gate as zhCn } from './zh-cn/gate.js';
import { gate as zhTw } from './zh-tw/gate.js';

/** A language that is spoken at gates, by the tag of `SPOKEN`: all of them, since a gate fetches nothing. */
export const GATE_LANGUAGES: Readonly<Record<string, { locale: string; words: GateWords }>> = {
  'zh-CN': { locale: 'zh-CN', words: zhCn },
  'zh-TW': { locale: 'zh-TW', words: zhTw },
  en: { locale: 'en-GB', words: en },
};

/** What a gate says of a code: its headline, and the sentence below. */
export function sayGateAnswer(
  said: GateAnswer,
  words: GateWords,
  { format, nowMs, packAsOfMs }: { format: Format; nowMs: number; packAsOfMs: number | null },
): { headline: string; sentence: string } {
  return { headline: words.headlines[said.answer], sentence: sentence() };

  function sentence(): string {
    switch (said.answer) {
      case 'valid':
      case 'revoked':
      case 'suspended':
      case 'superseded':
      case 'consumed':
        return words[said.answer];
      case 'expired':
        return words.expired(format.date(said.code.statement.validUntil!));
      case 'not-yet-valid':
        return words.notYet(format.date(said.code.statement.validFrom!));
      case 'genuine':
        return said.why === 'stale' && packAsOfMs !== null
          ? words.stale(format.span(nowMs - packAsOfMs), format.span(maxStatusAgeMs(said.code.statement.profile)))
          : words.genuine[said.why];
      case 'unknown':
        return words.unknown[said.why];
      case 'mismatch':
        return words.mismatch[said.why];
      case 'unreadable':
        return words.unreadable[said.why];
    }
  }
}
