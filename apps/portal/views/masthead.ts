import { button, element } from '../element.js';
import { brandMark } from '../icon.js';
import type { Language } from '#words/language.js';
import type { SpokenLanguage } from '#words/spoken.js';

/** What the page is for. */
export function introduction({ page: { page } }: Language): HTMLElement {
  return element(
    'div',
    { class: 'introduction' },
    element('h1', {}, page.heading),
    element('p', { class: 'lead' }, page.lead),
  );
}

/** Name of the service and the language switch. */
export function masthead(
  current: Language,
  offered: readonly SpokenLanguage[],
  onLanguage: (chosen: SpokenLanguage) => void,
): HTMLElement {
  const languages = offered.map((one) => {
    const isCurrent = one.tag === current.tag;
    const choice = button(
      {
        class: 'language',
        lang: one.tag,
        'aria-pressed': isCurrent ? 'true' : 'false',
        'data-language': one.tag,
      },
      () => onLanguage(one),
      one.ownName,
    );
    return choice;
  });
  return element(
    'header',
    { class: 'masthead' },
    element(
      'div',
      { class: 'masthead-inner' },
      element(
        'div',
        { class: 'brand' },
        brandMark(),
        element(
          'div',
          { class: 'brand-words' },
          element(
            'span',
            { class: 'brand-name' },
            element('span', { lang: 'zh-CN', class: 'brand-chinese' }, '印证'),
            element('span', { lang: 'en' }, 'Sealroot'),
          ),
          element('span', { class: 'brand-role' }, current.page.page.brand),
        ),
      ),
      element('div', { class: 'languages', role: 'group', 'aria-label': current.page.page.languages }, ...languages),
    ),
  );
}
