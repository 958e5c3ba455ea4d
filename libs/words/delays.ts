import { isObject } from '#source/json-rpc.js';
import type { Format } from './format.js';
import type { Language } from './language.js';

/** How long something took of late: half of the cases, nine in ten of them, and how many there were. */
interface Delay {
  halfSeconds: number;
  mostSeconds: number;
  samples: number;
}

/** What the service has measured of how long things take there. */
export interface Delays {
  sealing?: Delay | undefined;
  anchors: ({ anchor: string } & Delay)[];
}

/** What a service answered; what is no measure in it is left out. */
export function readDelays(answer: unknown): Delays {
  const { anchors, sealing } = isObject(answer) ? answer : {};
  return {
    sealing: isDelay(sealing) ? sealing : undefined,
    anchors: Array.isArray(anchors) ? anchors.filter(isAnchorDelay) : [],
  };
}

/** Sentences that say how long a record still waits as a rule; none where nothing was measured. */
export function tellDelays(
  { anchors, sealing }: Delays,
  until: 'sealed' | 'anchored',
  { page: { usual } }: Language,
  format: Format,
): string[] {
  const values = ({ halfSeconds, mostSeconds, samples }: Delay) =>
    [format.span(halfSeconds * 1000), format.span(mostSeconds * 1000), format.number(samples)] as const;
  if (until === 'sealed') return sealing === undefined ? [] : [usual.sealing(...values(sealing))];
  return anchors.map((delay) => usual.anchor(delay.anchor, ...values(delay)));
}

function isDelay(value: unknown): value is Delay {
  if (!isObject(value)) return false;
  const { halfSeconds, mostSeconds, samples } = value;
  return [halfSeconds, mostSeconds, samples].every((each) => typeof each === 'number' && each >= 0 && isFinite(each));
}

function isAnchorDelay(value: unknown): value is { anchor: string } & Delay {
  return isDelay(value) && typeof (value as { anchor?: unknown }).anchor === 'string';
}
