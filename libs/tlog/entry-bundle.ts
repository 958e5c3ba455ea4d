import { TlogError } from './error.js';

/** Longest entry that a bundle can hold, in bytes: its length is written in two. */
export const MAX_ENTRY_BYTES = 0xffff;

const LENGTH_BYTES = 2;

/** An entry bundle (C2SP tlog-tiles): each entry after its length as two bytes, big-endian. Throws `bad-tile` when one is too long. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + LENGTH_BYTES + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new TlogError('bad-tile', `entry: expected at most ${MAX_ENTRY_BYTES} bytes, got ${entry.length}`);
    }
    view.setUint16(at, entry.length);
    bundle.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bundle;
}

/** The entries of a bundle. Throws `bad-tile` when it ends within an entry. */
export function parseEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const start = at + LENGTH_BYTES;
    const end = start <= bundle.length ? start + view.getUint16(at) : Infinity;
    if (end > bundle.length)
      throw new TlogError('bad-tile', `entry bundle: expected a whole entry at byte ${at}, got its beginning`);
    entries.push(bundle.slice(start, end));
    at = end;
  }
  return entries;
}
