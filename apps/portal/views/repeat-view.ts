import { chainName } from '#evm/chain.js';
import type { AnchorFinding } from '#proof/anchors/finding.js';
import type { Proof } from '#proof/proof.js';
import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { Outcome } from '../stage.js';
import type { Words } from './words.js';

/** How to come to the same answer without this page and its service: a step for each kind of anchor that the proof has. */
export function repeatView(
  words: Words,
  { documentName, proof, verification: { findings } }: Outcome & { proof: Proof },
): HTMLElement {
  const { details } = words.page;
  const { steps } = details;
  const file = quote(documentName);
  const anchors = findings.filter(
    (finding): finding is AnchorFinding =>
      finding.check === 'anchor' && (finding.outcome === 'passed' || finding.outcome === 'unavailable'),
  );
  const kinds = new Set(proof.log.checkpoints.flatMap(({ attestations }) => attestations.map(({ type }) => type)));
  const sources = [
    ...(kinds.has('opentimestamps') || kinds.size === 0 ? ['--bitcoin-rpc URL'] : []),
    ...(kinds.has('evm') ? ['--evm-rpc URL'] : []),
    ...(kinds.has('rfc3161') ? ['--tsa-root ROOT.pem'] : []),
  ];
  const verify = `sealroot verify ${file} --proof ${quote(`${documentName}.sealroot.json`)} ${sources.join(' ')}`;
  return element(
    'section',
    { class: 'detail-block repeat' },
    element('h4', {}, details.repeat),
    element('p', {}, details.repeatLead),
    element(
      'ol',
      { class: 'steps' },
      element('li', {}, steps.hash, command(words, `sha256sum ${file}`)),
      kinds.has('opentimestamps')
        ? element('li', {}, steps.ots, command(words, `ots verify ${quote(`${documentName}.ots`)}`))
        : undefined,
      ...differing(anchors).flatMap((anchor) => anchorStep(words, documentName, anchor)),
      element('li', {}, steps.cli, command(words, verify)),
      anchors.length === 0 ? element('li', {}, steps.noBlock) : undefined,
    ),
  );
}

/** Each block once, however many calendars used it, and the earliest time-stamp, whose files are offered. */
function differing(anchors: readonly AnchorFinding[]): AnchorFinding[] {
  const stamps = anchors.filter((anchor) => anchor.kind === 'rfc3161' && 'genTime' in anchor);
  const time = (anchor: AnchorFinding) => ('genTime' in anchor ? anchor.genTime : '');
  const [earliest] = stamps.toSorted((a, b) => (time(a) < time(b) ? -1 : 1));
  const key = (anchor: AnchorFinding) =>
    [anchor.kind, 'height' in anchor && anchor.height, 'hash' in anchor && anchor.hash].join();
  const blocks = anchors.filter((anchor) => 'height' in anchor);
  return [...new Map(blocks.map((anchor) => [key(anchor), anchor])).values(), ...(earliest ? [earliest] : [])];
}

/** How one anchor is looked at without us. */
function anchorStep(words: Words, documentName: string, anchor: AnchorFinding): HTMLElement[] {
  const { steps } = words.page.details;
  switch (anchor.kind) {
    case 'bitcoin':
      return 'height' in anchor ? [element('li', {}, steps.block(words.format.number(anchor.height)))] : [];
    case 'evm': {
      if (!('height' in anchor)) return [];
      const text = steps.evm(words.format.number(anchor.height), chainName(anchor.chainId, anchor.genesis));
      return [element('li', {}, text, command(words, `cast block ${anchor.height} --field hash --rpc-url URL`))];
    }
    case 'rfc3161': {
      if (!('genTime' in anchor)) return [];
      const [text, reply, chain] = ['checkpoint.txt', 'tsr', 'chain.pem'].map((end) => quote(`${documentName}.${end}`));
      const expired = anchor.outcome === 'passed' && anchor.expired;
      const time = expired ? ` -attime ${Math.floor(Date.parse(anchor.genTime) / 1000)}` : '';
      const line = `openssl ts -verify -data ${text} -in ${reply} -CAfile ROOT.pem -untrusted ${chain}${time}`;
      return [element('li', {}, expired ? steps.timeStampExpired : steps.timeStamp, command(words, line))];
    }
    default:
      return [];
  }
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
