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

/** Official Mandarin in simplified characters. */
export const zhCn: Language = {
  tag: 'zh-CN',
  locale: 'zh-CN',
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
