import type { Finding } from '#proof/finding.js';
import { anchorRows } from '#words/anchors/anchor-words.js';
import { beaconRows } from '#words/anchors/beacon.js';
import type { FactRow } from '#words/anchors/anchor-telling.js';
import type { Words } from './words.js';

/** What can be compared elsewhere: of each anchor that was found, and of the block that the batch names. */
export function outsideRows(saying: Words, findings: readonly Finding[]): FactRow[] {
  // Several calendars may have used one block: it is shown once.
  const places = new Map<string, FactRow[]>();
  for (const finding of findings) {
    const place = finding.check === 'anchor' ? anchorRows(finding, saying) : [];
    places.set(JSON.stringify(place), place);
  }
  const beacons = findings.flatMap((finding) => (finding.check === 'beacon' ? beaconRows(finding, saying) : []));
  return [...[...places.values()].flat(), ...beacons];
}
