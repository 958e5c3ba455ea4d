import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { Outcome } from '../stage.js';
import { anchorKind, textOf } from '../i18n/anchor-data.js';
import type { CheckData } from '../i18n/catalogue.js';
import type { Words } from './words.js';

/** How to come to the same answer without this page and its service: a step for each kind of anchor that the proof has. */
export function repeatView(words: Words, { documentName, proof, verification: { checks } }: Outcome): HTMLElement {
  const { details } = words.catalogue;
  const { steps } = details;
  const file = quote(documentName);
  const anchors = checks.flatMap(({ code, data, status }) =>
    code === 'anchor' && data !== undefined && ['passed', 'unavailable'].includes(status) ? [data] : [],
  );
  const kinds = new Set(proof.log.checkpoints.flatMap(({ attestations }) => attestations.map(({ type }) => type)));
  const sources = [
    ...(kinds.has('opentimestamps') || kinds.size === 0 ? ['--bitcoin-rpc URL'] : []),
    ...(kinds.has('evm') ? ['--evm-rpc URL'] : []),
    ...(kinds.has('rfc3161') ? ['--tsa-root ROOT.pem'] : []),
  ];
  const verify = `sealroot verify ${file} --proof ${quote(`${documentName}.proof.json`)} ${sources.join(' ')}`;
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
      ...differing(anchors).flatMap((data) => anchorStep(words, documentName, data)),
      element('li', {}, steps.cli, command(words, verify)),
      anchors.length === 0 ? element('li', {}, steps.noBlock) : undefined,
    ),
  );
}

/** Each block once, however many calendars used it, and the earliest time-stamp, whose files are offered. */
function differing(anchors: readonly CheckData[]): CheckData[] {
  const key = (data: CheckData) => [anchorKind(data), data['chainId'], data['height'], data['merkleRoot']].join();
  const blocks = anchors.filter((data) => anchorKind(data) !== 'rfc3161');
  const stamps = anchors.filter((data) => anchorKind(data) === 'rfc3161');
  const earliest = stamps.toSorted((a, b) => (textOf(a, 'time') < textOf(b, 'time') ? -1 : 1)).slice(0, 1);
  return [...new Map(blocks.map((data) => [key(data), data])).values(), ...earliest];
}

/** How one anchor is looked at without us. */
function anchorStep(words: Words, documentName: string, data: CheckData): HTMLElement[] {
  const { steps } = words.catalogue.details;
  const height = Number(data['height']);
  switch (anchorKind(data)) {
    case 'bitcoin':
      return data['height'] === undefined ? [] : [element('li', {}, steps.block(words.format.number(height)))];
    case 'evm': {
      if (data['hash'] === undefined) return [];
      const text = steps.evm(words.format.number(height), textOf(data, 'network'));
      return [element('li', {}, text, command(words, `cast block ${height} --field hash --rpc-url URL`))];
    }
    case 'rfc3161': {
      const [text, reply, chain] = ['checkpoint.txt', 'tsr', 'chain.pem'].map((end) => quote(`${documentName}.${end}`));
      const expired = data['expired'] === 'yes';
      const time = expired ? ` -attime ${data['attime']}` : '';
      const line = `openssl ts -verify -data ${text} -in ${reply} -CAfile ROOT.pem -untrusted ${chain}${time}`;
      return [element('li', {}, expired ? steps.timeStampExpired : steps.timeStamp, command(words, line))];
    }
  }
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
