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

/** What has times. */
export interface TimedEvents {
  /** The record's, by the log operator's word; absent for a bare time-stamp. */
  record?: { receivedAt: string; sealedAt: string } | undefined;
  anchors: readonly AnchorFinding[];
  beacon?: BeaconFinding | undefined;
  /** Up to when the record's status is stated. */
  statusAsOf?: string | undefined;
  now: Date;
}

/**
 * Whether the times around a record, or of a bare time-stamp, can all be right: each event after those that it needs, nothing in the future, and no
 * receipt long before the sealing. Clocks may be off by minutes, Bitcoin's by two hours.
 */
export function checkTimes({ anchors, beacon, now, record, statusAsOf }: TimedEvents): TimesFinding {
  const by = (role: TimeRole, time: string | undefined): Clock[] =>
    time === undefined ? [] : [{ role, time, offMs: CLOCK_MS }];
  const received = by('received', record?.receivedAt);
  const sealed = by('sealed', record?.sealedAt);
  const status = by('status', statusAsOf);
  const present: Clock = { role: 'now', time: now.toISOString(), offMs: CLOCK_MS };
  const notBefore: Clock[] =
    beacon?.outcome === 'passed'
      ? [{ role: 'beacon', time: beacon.time, offMs: chainClockMs(parseChainLabel(beacon.chain)?.kind) }]
      : [];
  const notAfter = anchors.flatMap((anchor): Clock[] =>
    anchor.outcome === 'passed' ? [{ role: 'anchor', time: anchor.time, offMs: clockOf(anchor) }] : [],
  );
  const earliest = notAfter.toSorted((a, b) => parseTime(a.time) - parseTime(b.time)).slice(0, 1);
  const each = (earlier: Clock[], later: Clock[], allowedMs = 0) =>
    earlier.flatMap((one) => later.map((other): [Clock, Clock, number] => [one, other, allowedMs]));
  const orders = [
    ...each(received, sealed),
    ...each([...received, ...sealed, ...notBefore], earliest),
    ...each(notBefore, sealed),
    // The sealing follows the receipt soon: a batch that was closed long after it speaks against the receipt's time.
    ...each([...sealed, ...notBefore], received, SEALING_DELAY_MS),
    ...each(sealed, status),
    ...each([...received, ...sealed, ...notBefore, ...notAfter, ...status], [present]),
  ];
  const contradictions = orders.flatMap(([earlier, later, allowedMs]): TimeContradiction[] => {
    const toleranceMs = earlier.offMs + later.offMs + allowedMs;
    if (parseTime(earlier.time) - parseTime(later.time) <= toleranceMs) return [];
    const told = ({ role, time }: Clock) => ({ role, time });
    return [{ earlier: told(earlier), later: told(later), toleranceMs }];
  });
  return contradictions.length === 0
    ? { check: 'times', outcome: 'passed' }
    : { check: 'times', outcome: 'failed', contradictions };
}
