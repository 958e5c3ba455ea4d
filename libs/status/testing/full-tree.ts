import { EMPTY_ROOT, leafHash, nodeHash } from '#merkle/hash.js';
import type { StatusEvent } from '../event.js';
import type { NodeReader } from '../node-reader.js';
import { tileKey } from '../node.js';
import type { StatusUpdate } from '../update.js';

/** The whole status tree in memory, written from the definition: what the sparse one is held against. */
export class FullTree {
  readonly #states: number[] = [];
  readonly #events: number[] = [];
  records = 0;

  /** Appends a batch. */
  add(after: number, events: readonly StatusEvent[]): void {
    for (const { first, count, state, ordinal } of events) {
      for (let i = first; i < first + count; i++) {
        this.#states[i] = state;
        this.#events[i] = ordinal;
      }
    }
    this.records = after;
  }

  state(ordinal: number): number {
    return this.#states[ordinal] ?? 0;
  }

  lastEvent(ordinal: number): number | null {
    return this.#events[ordinal] ?? null;
  }

  leaf(index: number): Uint8Array {
    const nibbles = new Uint8Array(32);
    const events: number[] = [];
    for (let k = 0; k < 64; k++) {
      const state = this.state(64 * index + k);
      if (k % 2 === 0) nibbles[k / 2] = state;
      else nibbles[(k - 1) / 2]! += 16 * state;
      if (state !== 0) {
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64BE(BigInt(this.#events[64 * index + k]!));
        events.push(...bytes);
      }
    }
    return Uint8Array.from([...nibbles, ...events]);
  }

  root(): Uint8Array {
    return this.#range(0, Math.ceil(this.records / 64));
  }

  /** Inclusion path by the RFC's definition, the leaf's sibling first. */
  path(index: number, from = 0, to = Math.ceil(this.records / 64)): Uint8Array[] {
    if (to - from <= 1) return [];
    const middle = from + split(to - from);
    return index < middle
      ? [...this.path(index, from, middle), this.#range(middle, to)]
      : [...this.path(index, middle, to), this.#range(from, middle)];
  }

  #range(from: number, to: number): Uint8Array {
    if (to === from) return EMPTY_ROOT;
    if (to - from === 1) return leafHash(this.leaf(from));
    const middle = from + split(to - from);
    return nodeHash(this.#range(from, middle), this.#range(middle, to));
  }
}

function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

/** A sparse store in memory. */
export class MemoryNodes implements NodeReader {
  readonly leafBytes = new Map<number, Uint8Array>();
  readonly tileHashes = new Map<string, Uint8Array>();
  asked = 0;

  async leaves(indexes: readonly number[]) {
    this.asked += indexes.length;
    return new Map(
      indexes.flatMap((i) => (this.leafBytes.has(i) ? [[i, this.leafBytes.get(i)!] as [number, Uint8Array]] : [])),
    );
  }

  async tiles(names: readonly { level: number; index: number }[]) {
    this.asked += names.length;
    const keys = names.map(({ level, index }) => tileKey(level, index));
    return new Map(
      keys.flatMap((k) => (this.tileHashes.has(k) ? [[k, this.tileHashes.get(k)!] as [string, Uint8Array]] : [])),
    );
  }

  store({ leaves, tiles }: StatusUpdate): void {
    for (const { index, bytes } of leaves) this.leafBytes.set(index, bytes);
    for (const { level, index, hashes } of tiles) this.tileHashes.set(tileKey(level, index), hashes);
  }
}
