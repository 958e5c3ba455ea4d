import type { ByteSource } from './byte-source.js';

/** Bytes read at a time. */
const WINDOW_BYTES = 1_048_576;

/** Every place in a source where `wanted` stands, from the front; reads the source once. `wanted` is short beside 1 MiB. */
export async function* placesOf(source: ByteSource, wanted: Uint8Array): AsyncGenerator<number> {
  // Windows overlap, so that what lies across the border of two is found in the later one.
  for (let start = 0; start < source.size; start += WINDOW_BYTES) {
    const window = await source.read(start, Math.min(start + WINDOW_BYTES + wanted.length - 1, source.size));
    for (let at = indexOf(window, wanted, 0); at >= 0; at = indexOf(window, wanted, at + 1)) yield start + at;
  }
}

/** Whether `wanted` stands anywhere in a source. */
export async function includes(source: ByteSource, wanted: Uint8Array): Promise<boolean> {
  for await (const place of placesOf(source, wanted)) if (place >= 0) return true;
  return false;
}

/** The first place of `wanted` in `bytes` at or after `from`; −1 when there is none. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0]!, from); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1))
    if (startsAt(bytes, wanted, at)) return at;
  return -1;
}

/** The last place of `wanted` in `bytes`; −1 when there is none. */
export function lastIndexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.length - wanted.length; at >= 0; at--) if (startsAt(bytes, wanted, at)) return at;
  return -1;
}

/** Whether `wanted` stands at a place in `bytes`. */
export function startsAt(bytes: Uint8Array, wanted: Uint8Array, at: number): boolean {
  return at + wanted.length <= bytes.length && wanted.every((byte, i) => bytes[at + i] === byte);
}
