import { element } from '../element.js';
import type { Words } from './words.js';

/** Says on paper where and when it was printed; what is folded opens for that, since nobody can unfold paper. There is one on the page. */
export function printStamp({ format, page }: Words): HTMLElement {
  const stamp = element('p', { class: 'print-stamp' });
  let opened: HTMLDetailsElement[] = [];
  // Set, not added: of a page that was drawn again, the newest stamp holds.
  window.onbeforeprint = () => {
    // The fragment may hold a whole proof.
    const [place = ''] = location.href.split('#');
    stamp.textContent = page.page.printed(place, format.date(Date.now()));
    opened = [...document.querySelectorAll<HTMLDetailsElement>('.result details:not([open])')];
    for (const each of opened) each.open = true;
  };
  window.onafterprint = () => {
    for (const each of opened) each.open = false;
    opened = [];
  };
  return stamp;
}
