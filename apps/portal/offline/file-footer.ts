import { OFFLINE_WORDS } from '#words/offline.js';
import { element } from '../element.js';
import { printStamp } from '../views/print-stamp.js';
import type { Words } from '../views/words.js';

/** How to see that this file is the one that a service published. */
export function fileFooter(words: Words): HTMLElement {
  const { self } = OFFLINE_WORDS[words.language.tag]!;
  return element(
    'footer',
    { class: 'footer' },
    element(
      'div',
      { class: 'footer-inner' },
      element('h2', { class: 'footer-title' }, self.heading),
      element('p', {}, self.text),
      printStamp(words),
      element('p', {}, element('code', { tabindex: 0 }, `sha256sum ${fileName()}`)),
    ),
  );
}

/** What this file is called on the reader's device. */
function fileName(): string {
  const name = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
  return /^[\w.-]+\.html$/.test(name) ? name : 'offline.html';
}
