import type { Proof } from '#proof/proof.js';
import { element } from '../element.js';
import { lookupLink } from '../pasted.js';
import type { Words } from './words.js';

/** For paper alone: a code that leads back to this page and looks the record up there by its digest. A whole proof makes no code that a print could carry. */
export function printedCode({ page }: Words, proof: Proof): HTMLElement {
  const { printedCode: words } = page.result;
  const link = lookupLink(proof, new URL('.', location.href).href);
  const place = element('div', { class: 'printed-code-picture' });
  import('../qr-picture.js').then(
    ({ qrPicture }) => place.replaceChildren(qrPicture(link, words)),
    (error: unknown) => console.info('what draws codes could not be fetched:', error),
  );
  return element('figure', { class: 'printed-code' }, place, element('figcaption', {}, `${words}: ${link}`));
}
