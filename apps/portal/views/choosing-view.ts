import { tellProfile } from '#words/tell.js';
import { button, element } from '../element.js';
import type { Stage } from '../stage.js';
import { noticeView } from './notice-view.js';
import type { Words } from './words.js';

/** Several records carry the document's digest: the reader chooses one. */
export function choosingView(
  { language, page, format }: Words,
  stage: Extract<Stage, { name: 'choosing' }>,
): HTMLElement {
  const choices = stage.records.map((record) =>
    element(
      'li',
      {},
      button(
        { class: 'choice', 'data-record': record.id },
        () => stage.choose(record),
        element('bdi', { class: 'choice-agency' }, record.agency),
        element(
          'span',
          { class: 'choice-words' },
          `${tellProfile(record.profile, language)} · ${page.choosing.since(format.date(record.receivedAt))}`,
        ),
      ),
    ),
  );
  const more = stage.hasMore ? element('p', {}, page.choosing.more(format.number(stage.records.length))) : undefined;
  return noticeView('question', page.choosing, element('ol', { class: 'choices' }, ...choices), more);
}
