import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { Outcome } from '../stage.js';
import type { Words } from './words.js';

/** How to come to the same answer without this page and its service. */
export function repeatView(words: Words, { documentName, verification }: Outcome): HTMLElement {
  const { details } = words.catalogue;
  const file = quote(documentName);
  const height = verification.existedBefore?.height;
  return element(
    'section',
    { class: 'detail-block repeat' },
    element('h4', {}, details.repeat),
    element('p', {}, details.repeatLead),
    element(
      'ol',
      { class: 'steps' },
      element('li', {}, details.steps.hash, command(words, `sha256sum ${file}`)),
      element('li', {}, details.steps.ots, command(words, `ots verify ${quote(`${documentName}.ots`)}`)),
      element(
        'li',
        {},
        details.steps.cli,
        command(words, `sealroot verify ${file} --proof ${quote(`${documentName}.proof.json`)} --bitcoin-rpc URL`),
      ),
      element(
        'li',
        {},
        height === undefined ? details.steps.noBlock : details.steps.block(words.format.number(height)),
      ),
    ),
  );
}

function command({ catalogue: { details } }: Words, text: string): HTMLElement {
  const label = element('span', { 'aria-live': 'polite' }, details.copy);
  const copy = button({ class: 'button quiet copy' }, () => void copyText(), icon('copy'), label);
  async function copyText(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      label.textContent = details.copied;
    } catch (error) {
      // Without permission (or without HTTPS) the text can still be selected by hand.
      console.info('copying was refused:', error);
    }
  }
  return element('div', { class: 'command' }, element('code', { tabindex: 0 }, text), copy);
}

/** A file name as one word of a POSIX shell. A name that starts with a dash would be read as an option. */
function quote(name: string): string {
  const path = name.startsWith('-') ? `./${name}` : name;
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
