import { button, element } from '../element.js';
import type { Stage } from '../stage.js';
import type { Words } from './words.js';

/** A stage in which the page is at work. */
export type WorkingStage = Extract<Stage, { name: 'hashing' | 'searching' | 'verifying' }>;

/** What is going on, how far it is, and a way to stop it. */
export function progressView({ catalogue, format }: Words, stage: WorkingStage, onCancel: () => void): HTMLElement {
  const { progress } = catalogue;
  const label = progress[stage.name];
  const bar = element('progress', { 'aria-label': label, max: 1000 });
  let detail = '';
  if (stage.name === 'hashing' && stage.totalBytes > 0) {
    bar.value = Math.round((stage.doneBytes / stage.totalBytes) * 1000);
    detail = progress.hashed(format.bytes(stage.doneBytes), format.bytes(stage.totalBytes));
  }
  return element(
    'div',
    { class: 'card progress-card' },
    element('p', { class: 'progress-label' }, label),
    bar,
    element(
      'div',
      { class: 'progress-foot' },
      element('span', { class: 'progress-detail' }, detail),
      button({ class: 'button quiet' }, onCancel, progress.cancel),
    ),
  );
}
