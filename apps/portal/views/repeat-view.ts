import type { SourceNeed } from '#proof/anchors/kinds.js';
import type { AnchorFinding } from '#proof/anchors/finding.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import type { Proof } from '#proof/proof.js';
import { sourceNeeds } from '#proof/source-needs.js';
import { anchorSteps } from '#words/anchors/anchor-words.js';
import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { Outcome } from '../stage.js';
import type { Words } from './words.js';

/** How the command line is given each source. */
const SOURCE_OPTIONS: Record<SourceNeed['source'], string> = {
  bitcoin: '--bitcoin-rpc URL',
  evm: '--evm-rpc URL',
  'time-stamp-roots': '--tsa-root ROOT.pem',
};

/** How to come to the same answer without this page and its service: what each kind of anchor that the proof has is looked at with. */
export function repeatView(
  words: Words,
  { documentName, proof, verification: { findings } }: Outcome & { proof: Proof },
): HTMLElement {
  const { details } = words.page;
  const { steps } = details;
  const file = (suffix: string) => quote(`${documentName}${suffix}`);
  const anchors = findings.filter(
    (finding): finding is AnchorFinding => finding.check === 'anchor' && finding.outcome !== 'failed',
  );
  const isShown = anchors.some(({ outcome }) => outcome !== 'pending');
  const needed = new Set<string>(sourceNeeds(proof).map(({ source }) => source));
  const options = Object.entries(SOURCE_OPTIONS).flatMap(([source, option]) => (needed.has(source) ? [option] : []));
  const verify = ['sealroot verify', file(''), '--proof', file(PROOF_SUFFIX), ...options].join(' ');
  const step = (text: string, line?: string) =>
    element('li', {}, text, line === undefined ? undefined : command(words, line));
  return element(
    'section',
    { class: 'detail-block repeat' },
    element('h4', {}, details.repeat),
    element('p', {}, details.repeatLead),
    element(
      'ol',
      { class: 'steps' },
      step(steps.hash, `sha256sum ${file('')}`),
      ...anchorSteps(anchors, words, file).map(({ text, command: line }) => step(text, line)),
      step(steps.cli, verify),
      isShown ? undefined : step(steps.noBlock),
    ),
  );
}

function command({ page: { details } }: Words, text: string): HTMLElement {
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
