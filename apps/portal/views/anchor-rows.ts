import type { AnchorFinding } from '#proof/anchors/finding.js';
import type { Finding } from '#proof/finding.js';
import type { Words } from './words.js';

/** Name, value, and whether the value is code. */
export type Row = readonly [name: string, value: string, isCode?: boolean];

/** What can be compared elsewhere: of each anchor that was found, and of the block that the batch names. */
export function anchorRows(words: Words, findings: readonly Finding[]): Row[] {
  const { names } = words.page.details;
  // Several calendars may have used one block: it is shown once.
  const places = new Map<string, Row[]>();
  for (const finding of findings) {
    const place = finding.check === 'anchor' ? rowsOf(words, finding) : [];
    places.set(JSON.stringify(place), place);
  }
  const beacons = findings.flatMap((finding): Row[] =>
    finding.check === 'beacon' && 'hash' in finding
      ? [[names.beacon, `${finding.chain} ${finding.height} · ${finding.hash}`, true]]
      : [],
  );
  return [...[...places.values()].flat(), ...beacons];
}

function rowsOf({ page, format }: Words, finding: AnchorFinding): Row[] {
  const { names } = page.details;
  const suppliers = (sources: readonly string[]): Row[] =>
    sources.length === 0 ? [] : [[names.headerSource, sources.join(', ')]];
  switch (finding.kind) {
    case 'bitcoin':
      if (!('merkleRoot' in finding)) return [];
      return [
        'hash' in finding
          ? [names.block, `${format.number(finding.height)} · ${finding.hash}`, true]
          : [names.block, format.number(finding.height)],
        [names.merkleRoot, finding.merkleRoot, true],
        ...suppliers('sources' in finding ? finding.sources : []),
      ];
    case 'evm':
      if (!('hash' in finding)) return [];
      return [
        [names.block, `${finding.chainId} ${finding.height} · 0x${finding.hash}`, true],
        [names.genesis, `0x${finding.genesis}`, true],
        [names.transaction, `0x${finding.transaction}`, true],
        ...suppliers('sources' in finding ? finding.sources : []),
      ];
    case 'rfc3161':
      if (!('top' in finding)) return [];
      return [
        [names.timeStamp, `${format.date(finding.genTime)} · ${finding.authority} · ${finding.serial}`],
        ...(finding.accuracyMs === null
          ? []
          : ([[names.accuracy, `± ${format.number(finding.accuracyMs / 1000)} s`]] satisfies Row[])),
        [names.rootCertificate, `${finding.top.fingerprint} · ${finding.top.name}`, true],
      ];
    default:
      return [];
  }
}
