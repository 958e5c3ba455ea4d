import { element } from '../element.js';
import { printStamp } from './print-stamp.js';
import type { Words } from './words.js';

/** Who vouches for the page, and where programs look. */
export function serviceFooter(words: Words): HTMLElement {
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
        element('li', {}, element('a', { href: `./operator?lang=${tag}#pages` }, footerLinks.offline)),
        element('li', {}, element('a', { href: './docs' }, footerLinks.api)),
        element('li', {}, element('a', { href: './v1/log/checkpoint' }, footerLinks.log)),
      ),
    ),
  );
}
