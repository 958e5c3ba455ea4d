import type { Check } from '#proof/verdict.js';
import type { Outcome } from '../stage.js';
import { anchorKind, beaconChainName, textOf } from '../i18n/anchor-data.js';
import type { Words } from './words.js';

/** Name, value, and whether the value is code. */
export type Row = readonly [name: string, value: string, isCode?: boolean];

/** What can be compared elsewhere: of each anchor that was found, and of the block that the batch names. */
export function anchorRows(words: Words, { verification: { checks, existedAfter } }: Outcome): Row[] {
  const { names } = words.catalogue.details;
  // Several calendars may have used one block: it is shown once.
  const places = new Map<string, Row[]>();
  for (const check of checks) {
    const place = check.code === 'anchor' ? rowsOf(words, check) : [];
    places.set(JSON.stringify(place), place);
  }
  const rows = [...places.values()].flat();
  if (existedAfter !== undefined) {
    const { chain, hash, height } = existedAfter;
    rows.push([names.beacon, `${beaconChainName({ chain }) || 'Bitcoin'} ${height} · ${hash}`, true]);
  }
  return rows;
}

function rowsOf({ catalogue, format }: Words, { data = {}, status }: Check): Row[] {
  const { names } = catalogue.details;
  if (status !== 'passed' && status !== 'unavailable') return [];
  const text = (name: string) => textOf(data, name);
  const optional = (name: string, value: string, isCode = false): Row[] =>
    value === '' ? [] : [[name, value, isCode]];
  switch (anchorKind(data)) {
    case 'bitcoin':
      if (data['merkleRoot'] === undefined) return [];
      return [
        data['hash'] === undefined
          ? [names.block, format.number(Number(data['height']))]
          : [names.block, `${format.number(Number(data['height']))} · ${text('hash')}`, true],
        [names.merkleRoot, text('merkleRoot'), true],
        ...optional(names.headerSource, text('source')),
      ];
    case 'evm':
      if (data['hash'] === undefined) return [];
      return [
        [names.block, `${text('network')} ${text('height')} · 0x${text('hash')}`, true],
        [names.genesis, `0x${text('genesis')}`, true],
        [names.transaction, `0x${text('transaction')}`, true],
        ...optional(names.headerSource, text('source')),
      ];
    case 'rfc3161':
      if (data['root'] === undefined) return [];
      return [
        [names.timeStamp, `${format.date(text('time'))} · ${text('authority')} · ${text('serial')}`],
        ...(data['accuracyMs'] === undefined
          ? []
          : ([[names.accuracy, `± ${format.number(Number(data['accuracyMs']) / 1000)} s`]] satisfies Row[])),
        [names.rootCertificate, `${text('root')} · ${text('rootName')}`, true],
      ];
  }
}
