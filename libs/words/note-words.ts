import { sayChain } from './chain-words.js';
import { sayContradiction } from './finding-words.js';
import type { Format } from './format.js';
import type { Language, Telling } from './language.js';
import type { InnocentCause, Note } from './note.js';

/** What is said beside an answer, in one language. */
export interface NoteWords {
  innocentCauses: Record<InnocentCause, string>;
  'sealed-part': (bytes: string) => string;
  'no-document': string;
  'test-chain': (chain: string) => string;
  'foreign-chain': (chain: string) => string;
  'unnamed-chain': string;
  'not-final': string;
  'finality-unknown': string;
  'not-anchored': string;
  'bad-anchors': (count: number, format: Format) => string;
  'open-anchors': (count: number, format: Format) => string;
  'log-word': (receivedAt: string, sealedAt: string) => string;
  'agency-claimed': (agency: string) => string;
  'not-the-content': string;
}

/** A note, in a language. */
export function sayNote(told: Note, language: Language, { format }: Telling): string {
  const { notes } = language;
  switch (told.note) {
    case 'innocent-cause':
      return notes.innocentCauses[told.cause];
    case 'sealed-part':
      return notes['sealed-part'](format.number(told.bytes));
    case 'test-chain':
    case 'foreign-chain':
      return notes[told.note](sayChain(told.chain, language));
    case 'times-contradict':
      return sayContradiction(told.contradiction, language, format);
    case 'bad-anchors':
    case 'open-anchors':
      return notes[told.note](told.count, format);
    case 'log-word':
      return notes['log-word'](format.date(told.receivedAt), format.date(told.sealedAt));
    case 'agency-claimed':
      return notes['agency-claimed'](told.agency);
    case 'no-document':
    case 'unnamed-chain':
    case 'not-final':
    case 'finality-unknown':
    case 'not-anchored':
    case 'not-the-content':
      return notes[told.note];
    default:
      return told satisfies never;
  }
}
