import { base64 } from '@scure/base';
import fc from 'fast-check';
import { nudged, place } from './text-mutation.js';

/** Any value inside a proof. */
type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
type Holder = Record<string, Value>;

/** One change inside parts of a proof; another proof may lend some of the same. */
export const partMutation = fc.record({ at: place, to: place, bit: fc.nat({ max: 7 }), how: fc.nat({ max: 5 }) });

/** What {@link partMutation} draws. */
export type PartMutation = typeof partMutation extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** The text of a proof with something inside these of its members changed, so that it mostly can still be read. `other` is the text of one that may lend something. */
export function withMutatedPart(
  text: string,
  other: string,
  members: readonly string[],
  { at, to, bit, how }: PartMutation,
): string {
  const proof = JSON.parse(text) as Holder;
  const inside = (whole: Holder) => members.flatMap((name) => placesIn(whole[name] ?? null));
  const places = inside(proof);
  const [holder, name] = places[pick(at, places.length)]!;
  const value = holder[name]!;
  if (how === 0) {
    const lent = inside(JSON.parse(other) as Holder).filter(([, each]) => each === name);
    if (lent.length > 0) {
      const [from, key] = lent[pick(to, lent.length)]!;
      holder[name] = from[key]!;
    }
  } else if (typeof value === 'string') holder[name] = changedText(value, to, bit);
  else if (typeof value === 'number') holder[name] = [value + 1, value - 1, 0, 2 ** 53, -value, value + 0.5][how]!;
  else if (Array.isArray(value)) holder[name] = changedList(value, to, how);
  else if (how === 1) delete holder[name];
  return JSON.stringify(proof);
}

/** Everything inside a value that stands under a name. */
function placesIn(value: Value): [holder: Holder, name: string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((name) => [[holder, name] as [Holder, string], ...placesIn(holder[name]!)]);
}

/** Base64 with one bit of its bytes flipped, and any other text with one letter or digit nudged. */
function changedText(text: string, to: number, bit: number): string {
  const i = pick(to, text.length);
  if (/^[A-Za-z0-9+/]{43,}={0,2}$/.test(text) && text.length % 4 === 0 && !/^[0-9a-f]*$/.test(text)) {
    const bytes = base64.decode(text);
    bytes[pick(to, bytes.length)]! ^= 1 << bit;
    return base64.encode(bytes);
  }
  return text.slice(0, i) + text.slice(i).replace(/[0-9a-zA-Z]/, nudged);
}

function changedList(list: Value[], to: number, how: number): Value[] {
  const i = pick(to, list.length);
  if (how === 1) return list.filter((_, k) => k !== i);
  if (how === 2) return list.flatMap((item, k) => (k === i ? [item, item] : [item]));
  return how === 3 ? list.toReversed() : [...list.slice(i), ...list.slice(0, i)];
}

function pick(millionths: number, count: number): number {
  return Math.floor((millionths * count) / 1_000_000);
}
