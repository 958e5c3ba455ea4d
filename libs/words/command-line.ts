import type { AuditWords } from './audit-words.js';
import { commandLine as english } from './en/command-line.js';
import { en } from './en/index.js';
import type { EvidenceWords } from './evidence-words.js';
import type { Language } from './language.js';
import type { PackWords } from './pack-words.js';
import { commandLine as simplified } from './zh-cn/command-line.js';
import { zhCn } from './zh-cn/index.js';
import { commandLine as traditional } from './zh-tw/command-line.js';
import { zhTw } from './zh-tw/index.js';

/** What a language says on the command line alone: the page need not carry it. */
export interface CommandLineWords {
  /** What an audit of a log finds. */
  audit: AuditWords;
  packs: PackWords;
  evidence: EvidenceWords;
  /** Of what kind a failure is; what failed follows, in English. Null where that is this language. */
  failures: Record<FailureKind, string> | null;
}

/** The kinds of failure of a command. */
export type FailureKind =
  | 'usage'
  | 'bad-data'
  | 'no-input'
  | 'cannot-create'
  | 'unavailable'
  | 'protocol'
  | 'refused'
  | 'no-permission'
  | 'no-credential'
  | 'bad-setting'
  | 'not-found'
  | 'not-ready'
  /** A fault of the program. */
  | 'software';

const WORDS = new Map<Language, CommandLineWords>([
  [en, english],
  [zhCn, simplified],
  [zhTw, traditional],
]);

/** What a language says on the command line alone. */
export function commandLineWords(language: Language): CommandLineWords {
  return WORDS.get(language)!;
}
