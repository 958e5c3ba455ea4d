import { StatusError } from './error.js';
import { assertStatusState, UNTOUCHED } from './state.js';

/** Ordinals that one leaf speaks of. */
export const LEAF_ORDINALS = 64;

/** Bytes of the nibbles, two ordinals a byte: the whole leaf while none of them was touched. */
export const NIBBLE_BYTES = LEAF_ORDINALS / 2;

/** Bytes of the ordinal of an event, big-endian. */
export const EVENT_BYTES = 8;

/** A leaf in pieces: item k of both lists is about ordinal 64·index + k. */
export interface StatusLeaf {
  /** 64 nibbles, each a state. */
  states: Uint8Array;
  /** 64 ordinals of the latest event about each; 0 where the state is 0 (no event can have ordinal 0: what it is about comes before). */
  lastEvents: Float64Array;
}

/** A leaf of 64 untouched records, to be filled in. */
export function emptyLeaf(): StatusLeaf {
  return { states: new Uint8Array(LEAF_ORDINALS), lastEvents: new Float64Array(LEAF_ORDINALS) };
}

/**
 * The bytes of a leaf: 64 nibbles, the lower one of a byte first, then for each that is not 0, in order, the ordinal of the latest event
 * as 8 bytes, big-endian. 32 to 544 bytes.
 *
 * @throws StatusError `bad-state`, `bad-leaf`
 */
export function formatStatusLeaf({ states, lastEvents }: StatusLeaf): Uint8Array {
  if (states.length !== LEAF_ORDINALS || lastEvents.length !== LEAF_ORDINALS) {
    throw new StatusError('bad-leaf', `Writing a status leaf: expected 64 states and events, got ${states.length}`);
  }
  let touched = 0;
  for (const state of states) if (state !== UNTOUCHED) touched++;
  const bytes = new Uint8Array(NIBBLE_BYTES + EVENT_BYTES * touched);
  const view = new DataView(bytes.buffer);
  let at = NIBBLE_BYTES;
  for (let k = 0; k < LEAF_ORDINALS; k++) {
    const state = states[k]!;
    const event = lastEvents[k]!;
    assertStatusState(state);
    if (!Number.isSafeInteger(event) || event < 0 || (state === UNTOUCHED) !== (event === 0)) {
      throw new StatusError('bad-leaf', `Writing a status leaf: expected the event that led to ${state}, got ${event}`);
    }
    if (state === UNTOUCHED) continue;
    bytes[k >> 1]! |= state << ((k & 1) * 4);
    view.setUint32(at, Math.floor(event / 2 ** 32));
    view.setUint32(at + 4, event % 2 ** 32);
    at += EVENT_BYTES;
  }
  return bytes;
}

/**
 * Reads what {@link formatStatusLeaf} wrote, and nothing else: every accepted byte string is written back the same.
 *
 * @throws StatusError `bad-state` for a reserved nibble, `bad-leaf` for a length that the nibbles do not ask for and for an event of ordinal
 *   0 or of 2^53 and more
 */
export function parseStatusLeaf(bytes: Uint8Array): StatusLeaf {
  if (bytes.length < NIBBLE_BYTES) {
    throw new StatusError('bad-leaf', `Reading a status leaf: expected at least 32 bytes, got ${bytes.length}`);
  }
  const leaf = emptyLeaf();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = NIBBLE_BYTES;
  for (let k = 0; k < LEAF_ORDINALS; k++) {
    const state = (bytes[k >> 1]! >> ((k & 1) * 4)) & 0x0f;
    assertStatusState(state);
    if (state === UNTOUCHED) continue;
    if (at + EVENT_BYTES > bytes.length) {
      throw new StatusError('bad-leaf', `Reading a status leaf: expected an event for ordinal ${k} of it, got none`);
    }
    const event = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
    if (!Number.isSafeInteger(event) || event === 0) {
      throw new StatusError('bad-leaf', `Reading a status leaf: expected an event from 1 to 2^53 - 1, got ${event}`);
    }
    leaf.states[k] = state;
    leaf.lastEvents[k] = event;
    at += EVENT_BYTES;
  }
  if (at !== bytes.length) {
    throw new StatusError('bad-leaf', `Reading a status leaf: expected ${at} bytes, got ${bytes.length}`);
  }
  return leaf;
}
