import { button, element } from '../element.js';
import type { WorkingStage } from '../stage.js';
import type { Words } from './words.js';

/** Steps of the progress bar: finer than a screen shows. */
const PROGRESS_MAX = 1000;

/** What is going on, how far it is, and a way to stop it. */
export function progressView(words: Words, stage: WorkingStage, onCancel: () => void): HTMLElement {
  const { progress } = words.page;
  const label = progress[stage.name];
  const card = element(
    'div',
    { class: 'card progress-card' },
    element('p', { class: 'progress-label' }, label),
    element('progress', { 'aria-label': label, max: PROGRESS_MAX }),
    element(
      'div',
      { class: 'progress-foot' },
      element('span', { class: 'progress-detail' }),
      button({ class: 'button quiet' }, onCancel, progress.cancel),
    ),
  );
  updateProgress(words, card, stage);
  return card;
}

/** Moves the bar of a card that is already shown: its button must stay the same while somebody presses it. */
export function updateProgress({ page: { progress }, format }: Words, card: Element, stage: WorkingStage): void {
  const [done, total, said] = progressOf(stage);
  if (total === 0) return;
  const bar = card.querySelector('progress');
  const detail = card.querySelector('.progress-detail');
  if (bar) bar.value = Math.round((done / total) * PROGRESS_MAX);
  if (detail) detail.textContent = said;

  /** How much of how much is done, and in words; of nothing, where that is not known. */
  function progressOf(working: WorkingStage): [number, number, string] {
    if (working.name === 'hashing') {
      const { doneBytes, totalBytes } = working;
      return [doneBytes, totalBytes, progress.hashed(format.bytes(doneBytes), format.bytes(totalBytes))];
    }
    if (working.name !== 'looking') return [0, 0, ''];
    const { donePages, totalPages } = working;
    return [donePages, totalPages, progress.hashed(format.number(donePages), format.number(totalPages))];
  }
}
