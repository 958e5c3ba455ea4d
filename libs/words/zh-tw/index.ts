import type { Language } from '../language.js';
import { anchors } from './anchors.js';
import { answers } from './answers.js';
import { chains } from './chains.js';
import { files, unreadable } from './files.js';
import { sentences, titles } from './findings.js';
import { joints } from './grammar.js';
import { headlines } from './headlines.js';
import { badges, labels, outcomes, profiles } from './labels.js';
import { notes } from './notes.js';
import { page } from './page.js';
import { comparisons, remedies } from './remedies.js';
import { status } from './status.js';

/** Chinese as official texts in Taiwan have it, in traditional characters. */
export const zhTw: Language = {
  tag: 'zh-TW',
  locale: 'zh-TW',
  labels,
  outcomes,
  badges,
  profiles,
  joints,
  unreadable,
  headlines,
  notes,
  answers,
  titles,
  sentences,
  status,
  anchors,
  chains,
  remedies,
  comparisons,
  files,
  page,
};
