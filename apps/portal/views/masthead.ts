import { button, element } from '../element.js';
import { brandMark } from '../icon.js';
import type { Language } from '#words/language.js';
import { SPOKEN, type SpokenLanguage } from '#words/spoken.js';
import { printStamp } from './print-stamp.js';
import type { Words } from './words.js';

/** Name of the service and the language switch. */
export function masthead(current: Language, onLanguage: (chosen: SpokenLanguage) => void): HTMLElement {
  const languages = SPOKEN.map((offered) => {
    const isCurrent = offered.tag === current.tag;
    const choice = button(
      {
        class: 'language',
        lang: offered.tag,
        'aria-pressed': isCurrent ? 'true' : 'false',
        'data-language': offered.tag,
      },
      () => onLanguage(offered),
      offered.ownName,
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

/** Who vouches for the page, and where programs look. */
export function footer(words: Words): HTMLElement {
  const { footer: text, footerLinks } = words.page.page;
  const { tag } = words.language;
  return element(
    'footer',
    { class: 'footer' },
    element(
      'div',
      { class: 'footer-inner' },
      element('p', {}, text),
      printStamp(words),
      element(
        'ul',
        { class: 'footer-links' },
        element('li', {}, element('a', { href: `./explorer/batches?lang=${tag}` }, footerLinks.explorer)),
        element('li', {}, element('a', { href: `./operator?lang=${tag}` }, footerLinks.operator)),
        element('li', {}, element('a', { href: './docs' }, footerLinks.api)),
        element('li', {}, element('a', { href: './v1/log/checkpoint' }, footerLinks.log)),
      ),
    ),
  );
}
