import { parseChainLabel } from '#source/chain-label.js';
import { parseTime } from '#statement/time.js';
import { clockOf } from './anchors/bounds.js';
import { chainClockMs, CLOCK_MS } from './anchors/clock.js';
import type { AnchorFinding } from './anchors/finding.js';
import type { BeaconFinding, TimeContradiction, TimeRole, TimesFinding } from './finding.js';

/** Longest time from a record's receipt to the sealing of its batch that is taken without a word, in milliseconds: it usually takes a second, and an
 * outage may take days. */
const SEALING_DELAY_MS = 7 * 24 * 60 * 60 * 1000;

interface Clock {
  role: TimeRole;
  time: string;
  /** How far it may be off, in milliseconds. */
  offMs: number;
}

/**
 * Whether the times around a record can all be right: each event after those that it needs, nothing in the future, and no receipt long before
 * the sealing. Clocks may be off by minutes, Bitcoin's by two hours.
 */
export function checkTimes(
  {
    receivedAt,
    sealedAt,
    statusAsOf,
    now,
  }: { receivedAt: string; sealedAt: string; statusAsOf?: string | undefined; now: Date },
  anchors: readonly AnchorFinding[],
  beacon: BeaconFinding,
): TimesFinding {
  const received: Clock = { role: 'received', time: receivedAt, offMs: CLOCK_MS };
  const sealed: Clock = { role: 'sealed', time: sealedAt, offMs: CLOCK_MS };
  const status: Clock[] = statusAsOf === undefined ? [] : [{ role: 'status', time: statusAsOf, offMs: CLOCK_MS }];
  const present: Clock = { role: 'now', time: now.toISOString(), offMs: CLOCK_MS };
  const notBefore: Clock[] =
    beacon.outcome === 'passed'
      ? [{ role: 'beacon', time: beacon.time, offMs: chainClockMs(parseChainLabel(beacon.chain)?.kind) }]
      : [];
  const notAfter = anchors.flatMap((anchor): Clock[] =>
    anchor.outcome === 'passed' ? [{ role: 'anchor', time: anchor.time, offMs: clockOf(anchor) }] : [],
  );
  const [first] = notAfter.toSorted((a, b) => parseTime(a.time) - parseTime(b.time));
  const earliest = first === undefined ? [] : [first];
  const orders: [Clock, Clock, number?][] = [
    [received, sealed],
    ...earliest.flatMap((anchor): [Clock, Clock][] => [received, sealed, ...notBefore].map((one) => [one, anchor])),
    ...notBefore.map((one): [Clock, Clock] => [one, sealed]),
    // The sealing follows the receipt soon: a batch that was closed long after it speaks against the receipt's time.
    ...[sealed, ...notBefore].map((one): [Clock, Clock, number] => [one, received, SEALING_DELAY_MS]),
    ...status.map((one): [Clock, Clock] => [sealed, one]),
    ...[received, sealed, ...notBefore, ...notAfter, ...status].map((one): [Clock, Clock] => [one, present]),
  ];
  const contradictions = orders.flatMap(([earlier, later, allowedMs = 0]): TimeContradiction[] => {
    const toleranceMs = earlier.offMs + later.offMs + allowedMs;
    if (parseTime(earlier.time) - parseTime(later.time) <= toleranceMs) return [];
    const told = ({ role, time }: Clock) => ({ role, time });
    return [{ earlier: told(earlier), later: told(later), toleranceMs }];
  });
  return contradictions.length === 0
    ? { check: 'times', outcome: 'passed' }
    : { check: 'times', outcome: 'failed', contradictions };
}
