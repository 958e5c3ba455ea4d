import { hash } from 'node:crypto';
import { HASH_BYTES, type Sha256Into } from '#merkle/hash.js';

/** SHA-256 in Node's own code, for trees of some thousand leaves. */
export const nativeSha256Into: Sha256Into = (data, into, at) => {
  // As a Latin-1 string: three times as fast as asking for a buffer.
  Buffer.from(into.buffer, into.byteOffset, into.length).write(hash('sha256', data, 'binary'), at, 'latin1');
  return at + HASH_BYTES;
};
