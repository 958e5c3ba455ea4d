import { button, element } from '../element.js';
import { brandMark } from '../icon.js';
import type { Language } from '#words/language.js';
import { SPOKEN, type SpokenLanguage } from '#words/spoken.js';

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
export function footer(current: Language): HTMLElement {
  const { footer: text, footerLinks } = current.page.page;
  return element(
    'footer',
    { class: 'footer' },
    element(
      'div',
      { class: 'footer-inner' },
      element('p', {}, text),
      element(
        'ul',
        { class: 'footer-links' },
        element('li', {}, element('a', { href: `./explorer/batches?lang=${current.tag}` }, footerLinks.explorer)),
        element('li', {}, element('a', { href: `./operator?lang=${current.tag}` }, footerLinks.operator)),
        element('li', {}, element('a', { href: './docs' }, footerLinks.api)),
        element('li', {}, element('a', { href: './v1/log/checkpoint' }, footerLinks.log)),
      ),
    ),
  );
}
