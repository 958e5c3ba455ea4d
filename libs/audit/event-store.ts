import { STATUS_ENTRY_BYTES } from '#statement/status-entry.js';

/** Bytes that the store has room for at first. */
const FIRST_BYTES = 64 * STATUS_ENTRY_BYTES;

/** The entries of events by their ordinals, which only grow: 87 bytes for each. */
export class EventStore {
  #ordinals: number[] = [];
  #entries = new Uint8Array(FIRST_BYTES);

  /** Ordinals of the events, ascending. */
  get ordinals(): readonly number[] {
    return this.#ordinals;
  }

  /** Adds an event, 79 bytes, after all others. */
  add(ordinal: number, entry: Uint8Array): void {
    const at = this.#ordinals.length * STATUS_ENTRY_BYTES;
    if (at === this.#entries.length) {
      const wider = new Uint8Array(2 * at);
      wider.set(this.#entries);
      this.#entries = wider;
    }
    this.#entries.set(entry, at);
    this.#ordinals.push(ordinal);
  }

  /** Entry number `i` of {@link EventStore.ordinals}, 79 bytes. */
  entryAt(i: number): Uint8Array {
    return this.#entries.slice(i * STATUS_ENTRY_BYTES, (i + 1) * STATUS_ENTRY_BYTES);
  }

  /** The entry of the event with this ordinal; null when there is none. */
  find(ordinal: number): Uint8Array | null {
    let [low, high] = [0, this.#ordinals.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ordinals[middle]! < ordinal) low = middle + 1;
      else high = middle;
    }
    return this.#ordinals[low] === ordinal ? this.entryAt(low) : null;
  }
}
